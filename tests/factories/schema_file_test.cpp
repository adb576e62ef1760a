#include "seedbed/factories/files/schema_file.hpp"

#include <gmock/gmock.h>

#include "seedbed/schema/fingerprint.hpp"
#include "tests/factories/factory_fixture.hpp"
#include "tests/factories/shop_project.hpp"

namespace seedbed::testing {
namespace {

void expect_equal(const Schema& left, const Schema& right) {
  ASSERT_EQ(left.tables().size(), right.tables().size());
  for (std::size_t i = 0; i < left.tables().size(); ++i) {
    EXPECT_EQ(left.tables()[i], right.tables()[i]) << left.tables()[i].name.to_string();
  }
  EXPECT_TRUE(std::equal(left.views().begin(), left.views().end(), right.views().begin(),
                         right.views().end()));
  EXPECT_TRUE(std::equal(left.sequences().begin(), left.sequences().end(),
                         right.sequences().begin(), right.sequences().end()));
}

class SchemaFile : public FactoryTest {};
SEEDBED_ON_ALL_ENGINES(SchemaFile);

TEST_P(SchemaFile, KeepsEverythingThatAnEngineSays) {
  connection().execute_script(pick(
      "CREATE TABLE odd (\"we\"\"ird [na'me]\" text DEFAULT 'a\nb', n integer AS (1 + 1),"
      " UNIQUE (n)); CREATE VIEW seen AS SELECT 1; CREATE UNIQUE INDEX part ON odd (n) WHERE n > "
      "1;",
      "CREATE TYPE mood AS ENUM ('=so', '{so}', 'ja: nein # x'); CREATE SCHEMA app;"
      "CREATE TABLE app.odd (\"we\"\"ird [na'me]\" mood DEFAULT '=so', id bigint GENERATED ALWAYS "
      "AS IDENTITY PRIMARY KEY, part integer UNIQUE DEFERRABLE); CREATE VIEW seen AS SELECT 1;"
      "CREATE UNIQUE INDEX lower_odd ON app.odd ((part + 1)) WHERE part > 1;",
      "CREATE TABLE odd (`we\"ird [na'me]` enum('=so', '{so}', 'ja: nein # x') DEFAULT '=so', "
      "big bigint unsigned, flags set('a', 'b'), n integer AS (1 + 1) STORED);"
      "CREATE VIEW seen AS SELECT 1;"));
  introspect();

  const auto text = write_schema(schema());
  const auto read = read_schema(text, "schema.json");

  expect_equal(read, schema());
  EXPECT_EQ(fingerprint(read).hex(), fingerprint(schema()).hex());
  EXPECT_EQ(write_schema(read), text);
}

TEST(SchemaText, HoldsAColumnOnEachLine) {
  const auto text = write_schema(shop_schema());

  EXPECT_THAT(text,
              ::testing::HasSubstr("\n    {\"name\": \"email\", \"type\": \"varchar(120)\", "
                                   "\"class\": \"text\", \"length\": 120, \"nullable\": false}"));
  EXPECT_EQ(write_schema(Schema{}), "{\n \"version\": 1,\n \"tables\": []\n}\n");
  expect_equal(read_schema(write_schema(Schema{}), "x"), Schema{});
}

TEST(SchemaText, ReportsEveryMistakeAtItsPlace) {
  const auto reading = [](const std::string& text) {
    return [text] { static_cast<void>(read_schema(text, "schema.json")); };
  };

  EXPECT_THAT(reading("{}"), ThrowsError(ErrorCode::invalid_input, "'version: 1' is missing"));
  EXPECT_THAT(reading("{\"version\": 2, \"tables\": []}"),
              ThrowsError(ErrorCode::invalid_input, "schema.json:1:13: version '2' is not known"));
  const std::string two =
      "{\"version\": 1, \"tables\": [{\"name\": \"t\", \"columns\": [\n"
      "{\"name\": \"a\", \"clas\": \"text\"},\n"
      "{\"name\": \"b\", \"class\": \"txt\", \"length\": \"long\"}], \"primary_key\": [\"aa\"]}]}";
  EXPECT_THAT(reading(two), ThrowsError(ErrorCode::invalid_input, "did you mean 'class'?"));
  EXPECT_THAT(reading(two),
              ThrowsError(ErrorCode::invalid_input, "schema.json:3:24: 'txt' is none of"));
  EXPECT_THAT(reading(two), ThrowsError(ErrorCode::invalid_input, "'long' is no whole number"));
  EXPECT_THAT(reading(two), ThrowsError(ErrorCode::invalid_input, "names column 'aa'"));
}

}  // namespace
}  // namespace seedbed::testing
