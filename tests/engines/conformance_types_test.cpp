#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/text.hpp"
#include "tests/engines/conformance.hpp"

namespace seedbed {

namespace {

using enum TypeClass;

// "class", then the facts that are set: "decimal(10,2)", "text[20] fixed", "integer unsigned".
std::string summary(const ColumnType& type) {
  std::string text{to_string(type.type_class)};
  if (type.precision) text += fmt::format("({},{})", *type.precision, type.scale.value_or(-1));
  if (!type.precision && type.scale) text += fmt::format("({})", *type.scale);
  if (type.length) text += fmt::format("[{}]", *type.length);
  if (type.is_unsigned) text += " unsigned";
  if (type.fixed) text += " fixed";
  if (type.json_binary) text += " binary";
  if (!type.labels.empty()) text += " " + join(type.labels, "|");
  return text;
}

struct Case {
  std::string declared{};
  std::string expected{};
};

class Types : public testing::ConformanceTest {
 protected:
  void expect_types(const std::vector<Case>& cases) {
    std::string columns;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      columns += fmt::format("{}c{} {}", i == 0 ? "" : ", ", i, cases[i].declared);
    }
    connection().execute("CREATE TABLE typed (" + columns + ")");
    const Schema schema = engine().introspect(connection());
    const Table& table = schema.at("typed");
    ASSERT_EQ(table.columns.size(), cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
      EXPECT_EQ(summary(table.columns[i].type), cases[i].expected) << cases[i].declared;
    }
  }
};
SEEDBED_ON_ALL_ENGINES(Types);

TEST_P(Types, AreReadFromTheirDeclarations) {
  if (is("sqlite")) {
    expect_types({{"INTEGER", "integer"},
                  {"BIGINT UNSIGNED", "integer unsigned"},
                  {"BOOL", "boolean"},
                  {"NUMERIC(38, 10)", "decimal(38,10)"},
                  {"DECIMAL(6)", "decimal(6,0)"},
                  {"NUMERIC", "decimal"},
                  {"DOUBLE PRECISION", "real[8]"},
                  {"FLOAT", "real[8]"},
                  {"VARCHAR(20)", "text[20]"},
                  {"CHARACTER VARYING (20)", "text[20]"},
                  {"char(3)", "text[3] fixed"},
                  {"CLOB", "text"},
                  {"BLOB", "bytes"},
                  {"DATE", "date"},
                  {"TIME", "time"},
                  {"DATETIME", "timestamp"},
                  {"DATETIME(6)", "timestamp(6)"},
                  {"TIMESTAMP WITHOUT TIME ZONE", "timestamp"},
                  {"TIMESTAMP WITH TIME ZONE", "timestamptz"},
                  {"UUID", "uuid"},
                  {"JSONB", "json"},
                  {"POINT", "other"},
                  {"", "other"}});
  } else if (is("postgres")) {
    connection().execute("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')");
    connection().execute("CREATE DOMAIN code AS varchar(7) CHECK (length(VALUE) > 2)");
    expect_types({{"smallint", "integer"},
                  {"bigint", "integer"},
                  {"boolean", "boolean"},
                  {"numeric(38,10)", "decimal(38,10)"},
                  {"numeric", "decimal"},
                  {"real", "real[4]"},
                  {"double precision", "real[8]"},
                  {"varchar(20)", "text[20]"},
                  {"char(3)", "text[3] fixed"},
                  {"text", "text"},
                  {"bytea", "bytes"},
                  {"date", "date"},
                  {"uuid", "uuid"},
                  {"json", "json"},
                  {"jsonb", "json binary"},
                  {"mood", "enum sad|ok|happy"},
                  {"int[]", "array"},
                  {"bit(8)", "bit[8]"},
                  {"interval", "interval"},
                  {"code", "text[7]"},
                  {"inet", "other"},
                  {"point", "other"}});
  } else {
    expect_types({{"SMALLINT", "integer"},
                  {"BIGINT UNSIGNED", "integer unsigned"},
                  {"BOOLEAN", "boolean"},
                  {"DECIMAL(38,10)", "decimal(38,10)"},
                  {"FLOAT", "real[4]"},
                  {"DOUBLE", "real[8]"},
                  {"VARCHAR(20)", "text[20]"},
                  {"CHAR(3)", "text[3] fixed"},
                  {"DATE", "date"},
                  {"ENUM('sad', 'it''s ok', 'a,b')", "enum sad|it's ok|a,b"},
                  {"SET('x', 'y')", "set x|y"},
                  {"BIT(8)", "bit[8]"},
                  {"YEAR", "year"},
                  {"VARBINARY(10)", "bytes[10]"}});
  }
}

TEST_P(Types, TellTimestampsWithAZoneFromThoseWithout) {
  connection().execute(pick("CREATE TABLE w (a TIMESTAMP, b TIMESTAMPTZ, c TIME)",
                            "CREATE TABLE w (a timestamp(3), b timestamptz, c time)",
                            "CREATE TABLE w (a DATETIME(3), b TIMESTAMP(6) NULL, c TIME)"));
  const Schema schema = engine().introspect(connection());
  const Table& table = schema.at("w");

  EXPECT_EQ(table.column("a").type.type_class, timestamp);
  EXPECT_EQ(table.column("b").type.type_class, timestamptz);
  EXPECT_EQ(table.column("c").type.type_class, time);
  if (is("sqlite")) return;
  EXPECT_EQ(table.column("a").type.scale, 3);
}

TEST_P(Types, AreFoundInOtherSchemasAndPartitions) {
  if (!is("postgres")) GTEST_SKIP() << "other engines have neither";
  connection().execute_script(
      "CREATE SCHEMA archive; CREATE TABLE archive.log (id int PRIMARY KEY);"
      "CREATE TABLE ref (log_id int REFERENCES archive.log);"
      "CREATE SEQUENCE loose START 5 INCREMENT 5;"
      "CREATE TABLE part (id int, at date) PARTITION BY RANGE (at);"
      "CREATE TABLE part_old PARTITION OF part FOR VALUES FROM ('2000-01-01') TO ('2020-01-01');"
      "CREATE TABLE part_new PARTITION OF part FOR VALUES FROM ('2020-01-01') TO ('2040-01-01');");

  const Schema schema = engine().introspect(connection());

  EXPECT_THAT(schema.table_names(), ::testing::ElementsAre("part", "ref", "archive.log"));
  EXPECT_THAT(schema.at("part").partitions,
              ::testing::ElementsAre(TableName{"", "part_new"}, TableName{"", "part_old"}));
  EXPECT_EQ(schema.at("ref").foreign_keys.front().parent, (TableName{"archive", "log"}));
  ASSERT_EQ(schema.sequences().size(), 1U);
  EXPECT_EQ(schema.sequences().front().name, (TableName{"", "loose"}));
  EXPECT_EQ(schema.sequences().front().start, 5);
  EXPECT_EQ(schema.sequences().front().increment, 5);
  EXPECT_FALSE(schema.sequences().front().owner.has_value());
}

}  // namespace

}  // namespace seedbed
