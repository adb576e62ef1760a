#include "seedbed/schema/schema.hpp"

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "tests/schema/schema_builders.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using testing::table_with;
using testing::ThrowsError;

Table in_schema(std::string schema, std::string name) {
  Table table = table_with(std::move(name));
  table.name.schema = std::move(schema);
  return table;
}

TEST(Schema, SortsItsTablesByName) {
  const Schema schema{{table_with("b"), in_schema("z", "a"), table_with("a")}};

  EXPECT_THAT(schema.table_names(), ElementsAre("a", "b", "z.a"));
}

TEST(Schema, LeavesOutWhatIsSeedbedsOwn) {
  const Schema schema{
      {table_with("seedbed_mark"), in_schema("seedbed", "rows"), table_with("seedbeds")},
      {{"", "seedbed_view"}, {"", "view"}},
      {{.name = {"", "seq"}, .owner = TableName{"", "seedbed_rows"}},
       {.name = {"", "kept"}, .owner = TableName{"", "seedbeds"}}}};

  EXPECT_THAT(schema.table_names(), ElementsAre("seedbeds"));
  EXPECT_THAT(schema.views(), ElementsAre(TableName{"", "view"}));
  ASSERT_EQ(schema.sequences().size(), 1U);
  EXPECT_EQ(schema.sequences().front().name.name, "kept");
}

TEST(Schema, FindsTablesByShortAndLongNames) {
  const Schema schema{{table_with("users"), in_schema("audit", "users"), in_schema("audit", "log"),
                       in_schema("one", "twin"), in_schema("two", "twin"), in_schema("a", "b.c"),
                       in_schema("a.b", "d")}};

  EXPECT_EQ(schema.at("users").name, (TableName{"", "users"}));
  EXPECT_EQ(schema.at("audit.users").name, (TableName{"audit", "users"}));
  EXPECT_EQ(schema.at("log").name, (TableName{"audit", "log"}));
  EXPECT_EQ(schema.at("a.b.c").name, (TableName{"a", "b.c"}));
  EXPECT_EQ(schema.find("twin"), nullptr);
  EXPECT_EQ(schema.find("Users"), nullptr);
  EXPECT_EQ(schema.find(TableName{"", "log"}), nullptr);
  EXPECT_EQ(schema.find(""), nullptr);
}

TEST(Schema, OffersTheNearestTable) {
  const Schema schema{{table_with("users"), table_with("orders")}};

  EXPECT_THAT([&] { static_cast<void>(schema.at("usres")); },
              ThrowsError(ErrorCode::not_found, "did you mean 'users'?"));
}

TEST(Table, OffersTheNearestColumn) {
  const Table table = table_with("orders", {{"user_id", "users"}});

  EXPECT_EQ(table.column("user_id").name, "user_id");
  EXPECT_EQ(table.column_index("user_id"), 1U);
  EXPECT_EQ(table.find_column("USER_ID"), nullptr);
  EXPECT_THAT([&] { static_cast<void>(table.column("userid")); },
              ThrowsError(ErrorCode::not_found,
                          "table 'orders' has no column 'userid'; did you mean 'user_id'?"));
}

TEST(Table, LeavesGeneratedColumnsOutOfTheStoredOnes) {
  Table table = table_with("t");
  table.columns.push_back({.name = "twice", .generated = Generated::virtual_});
  table.columns.push_back({.name = "kept", .generated = Generated::stored});
  table.columns.push_back({.name = "plain"});

  EXPECT_THAT(table.stored_columns(), ElementsAre("id", "plain"));
  EXPECT_THAT(table.column_names(), ElementsAre("id", "twice", "kept", "plain"));
}

TEST(Column, IsMadeByTheDatabaseWhenItHasAWay) {
  EXPECT_FALSE(Column{}.made_by_database());
  EXPECT_TRUE((Column{.default_sql = "0"}.made_by_database()));
  EXPECT_TRUE((Column{.identity = Identity::by_default}.made_by_database()));
  EXPECT_TRUE((Column{.generated = Generated::stored}.made_by_database()));
}

TEST(TableName, IsOwnByPrefix) {
  EXPECT_TRUE(is_own_name({"", "seedbed_rows"}));
  EXPECT_TRUE(is_own_name({"seedbed", "anything"}));
  EXPECT_TRUE(is_own_name({"seedbed_server", "anything"}));
  EXPECT_FALSE(is_own_name({"", "seedbed"}));
  EXPECT_FALSE(is_own_name({"", "my_seedbed_rows"}));
}

TEST(TypeClass, HasANameForEach) {
  EXPECT_EQ(to_string(TypeClass::boolean), "boolean");
  EXPECT_EQ(to_string(TypeClass::timestamptz), "timestamptz");
  EXPECT_EQ(to_string(TypeClass::other), "other");
  EXPECT_EQ(to_string(ReferentialAction::set_default), "SET DEFAULT");
}

}  // namespace

}  // namespace seedbed
