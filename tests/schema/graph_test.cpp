#include "seedbed/schema/graph.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/schema/schema_builders.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::table_with;

std::vector<std::string> names(const std::vector<TableName>& tables) {
  std::vector<std::string> result;
  result.reserve(tables.size());
  for (const auto& table : tables) result.push_back(table.to_string());
  return result;
}

TEST(InsertOrder, PutsParentsFirst) {
  const Schema schema{{table_with("a", {{"b_id", "b"}}), table_with("b", {{"c_id", "c"}}),
                       table_with("c"), table_with("d")}};

  const InsertOrder order = insert_order(schema);

  EXPECT_THAT(names(order.tables), ElementsAre("c", "b", "a", "d"));
  EXPECT_THAT(order.late, IsEmpty());
  EXPECT_THAT(order.cycles, IsEmpty());
}

TEST(InsertOrder, IsEmptyForAnEmptySchema) {
  EXPECT_EQ(insert_order(Schema{}), InsertOrder{});
}

TEST(InsertOrder, IgnoresReferencesToTheRowsOwnTable) {
  const Schema schema{{table_with("employee", {{"manager_id", "employee", true}})}};

  const InsertOrder order = insert_order(schema);

  EXPECT_THAT(names(order.tables), ElementsAre("employee"));
  EXPECT_THAT(order.late, IsEmpty());
  EXPECT_THAT(order.cycles, IsEmpty());
}

TEST(InsertOrder, IgnoresParentsOutsideTheSchema) {
  const Schema schema{{table_with("a", {{"gone_id", "gone"}})}};

  EXPECT_THAT(names(insert_order(schema).tables), ElementsAre("a"));
}

TEST(InsertOrder, LeavesTheNullableKeyOfACycleForLater) {
  for (const auto& [first, second] : {std::pair{"author", "book"}, std::pair{"zebra", "book"}}) {
    const Schema schema{{table_with(first, {{"best_id", second, true}}),
                         table_with(second, {{"author_id", first, false}})}};

    const InsertOrder order = insert_order(schema);

    EXPECT_THAT(names(order.tables), ElementsAre(first, second));
    ASSERT_EQ(order.late.size(), 1U);
    EXPECT_EQ(order.late[0].table.name, first);
    EXPECT_THAT(order.late[0].key.columns, ElementsAre("best_id"));
    EXPECT_TRUE(order.late[0].nullable);
    ASSERT_EQ(order.cycles.size(), 1U);
    EXPECT_EQ(order.cycles[0].size(), 2U);
  }
}

TEST(InsertOrder, NamesACycleThatNoNullCanOpen) {
  const Schema schema{{table_with("a", {{"b_id", "b"}}), table_with("b", {{"a_id", "a"}})}};

  const InsertOrder order = insert_order(schema);

  EXPECT_EQ(order.tables.size(), 2U);
  ASSERT_EQ(order.late.size(), 1U);
  EXPECT_FALSE(order.late[0].nullable);
  EXPECT_THAT(names(order.cycles.at(0)), ElementsAre("a", "b"));
}

TEST(InsertOrder, BreaksACycleNotATableBehindIt) {
  // "after" waits for the cycle but is no part of it.
  const Schema schema{{table_with("after", {{"x_id", "x", true}}),
                       table_with("x", {{"y_id", "y", true}}), table_with("y", {{"x_id", "x"}})}};

  const InsertOrder order = insert_order(schema);

  EXPECT_THAT(names(order.tables), ElementsAre("x", "after", "y"));
  ASSERT_EQ(order.late.size(), 1U);
  EXPECT_EQ(order.late[0].table.name, "x");
  EXPECT_THAT(names(order.cycles.at(0)), ElementsAre("x", "y"));
}

TEST(InsertOrder, FindsEachCycleByItself) {
  const Schema schema{{table_with("a", {{"b_id", "b", true}}), table_with("b", {{"a_id", "a"}}),
                       table_with("c", {{"d_id", "d", true}, {"a_id", "a"}}),
                       table_with("d", {{"e_id", "e"}}), table_with("e", {{"c_id", "c"}})}};

  const InsertOrder order = insert_order(schema);

  ASSERT_EQ(order.cycles.size(), 2U);
  EXPECT_THAT(names(order.cycles[0]), ElementsAre("a", "b"));
  EXPECT_THAT(names(order.cycles[1]), ElementsAre("c", "d", "e"));
  EXPECT_EQ(order.late.size(), 2U);
  EXPECT_TRUE(std::all_of(order.late.begin(), order.late.end(),
                          [](const LateKey& key) { return key.nullable; }));
}

TEST(InsertOrder, CountsACompositeKeyAsNullableWhenOneColumnIs) {
  Table child = table_with("child", {{"a", "parent", true}, {"b", "parent"}});
  child.foreign_keys = {
      {.columns = {"a", "b"}, .parent = {"", "parent"}, .parent_columns = {"x", "y"}}};
  const Schema schema{{child, table_with("parent", {{"child_id", "child"}})}};

  const InsertOrder order = insert_order(schema);

  EXPECT_THAT(names(order.tables), ElementsAre("child", "parent"));
  ASSERT_EQ(order.late.size(), 1U);
  EXPECT_TRUE(order.late[0].nullable);
}

TEST(InsertOrder, HandlesManyTables) {
  std::vector<Table> tables;
  for (int i = 0; i < 500; ++i) {
    const std::string parent = fmt::format("t{:03}", i + 1);
    tables.push_back(i == 499 ? table_with(fmt::format("t{:03}", i))
                              : table_with(fmt::format("t{:03}", i), {{"p_id", parent}}));
  }

  const InsertOrder order = insert_order(Schema{std::move(tables)});

  EXPECT_EQ(order.tables.front().name, "t499");
  EXPECT_EQ(order.tables.back().name, "t000");
}

TEST(ChildrenOf, ListsDirectChildrenOnce) {
  const Schema schema{{table_with("p", {{"self_id", "p", true}}),
                       table_with("c2", {{"p1", "p"}, {"p2", "p"}}),
                       table_with("c1", {{"p_id", "p"}}), table_with("grand", {{"c_id", "c1"}})}};

  EXPECT_THAT(names(children_of(schema, {"", "p"})), ElementsAre("c1", "c2"));
  EXPECT_THAT(children_of(schema, {"", "grand"}), IsEmpty());
}

}  // namespace

}  // namespace seedbed
