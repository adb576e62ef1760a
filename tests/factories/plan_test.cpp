#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/factories/factory_fixture.hpp"

namespace seedbed::testing {
namespace {

/// Which rows a graph is made of: shares, picks, unique keys, circles.
class Graph : public FactoryTest {
 protected:
  std::vector<LoadedTable> load_with(const std::string& factories, std::vector<LoadEntry> entries) {
    const auto library = FactoryLibrary::parse(factories);
    Progress progress;
    return load({connection(), schema(), library, options()}, {.entries = std::move(entries)},
                progress);
  }
};
SEEDBED_ON_ALL_ENGINES(Graph);

TEST_P(Graph, SharesAParentAsItIsTold) {
  const auto order = [](const std::string& share) {
    return "factories:\n  user: {}\n  order: { refs: { customer: { share: " + share + " } } }\n";
  };

  load_with(order("scenario"), {{"order", 5, {}}});
  EXPECT_EQ(count("users"), 1);
  load_with(order("graph"), {{"user", 1, {}}, {"order", 5, {}}});
  EXPECT_EQ(count("users"), 1 + 1 + 5);
  load_with(order("none"), {{"user", 1, {}}, {"order", 5, {}}});
  EXPECT_EQ(count("users"), 7 + 1 + 5);
}

TEST_P(Graph, MakesOneParentForEachGraphWhenNoneIsCounted) {
  load_with("factories: { user: {}, order: {} }", {{"order", 5, {}}});

  EXPECT_EQ(number("SELECT COUNT(DISTINCT customer_id) FROM orders"), 5);
}

TEST_P(Graph, PicksOnlyRowsOfTheFactoryOrOfThoseThatExtendIt) {
  load_with(
      "factories:\n"
      "  user: {}\n"
      "  admin: { extends: user, set: { role: admin } }\n"
      "  order: { refs: { customer: { factory: admin } } }\n",
      {{"user", 50, {}}, {"admin", 2, {}}, {"order", 20, {}}});

  EXPECT_EQ(number("SELECT COUNT(*) FROM orders o JOIN users u ON u.id = o.customer_id "
                   "WHERE u.role <> 'admin'"),
            0);
  EXPECT_EQ(count("users"), 52);
}

TEST_P(Graph, PicksDistinctParentsWhereAUniqueKeyAsksForIt) {
  load_with("factories: { user: {}, order: {}, payment: {} }",
            {{"order", 30, {}}, {"payment", 20, {}}, {"payment", 10, {}}});

  EXPECT_EQ(number("SELECT COUNT(DISTINCT order_id) FROM payments"), 30);
  EXPECT_EQ(count("orders"), 30);
}

TEST_P(Graph, MakesParentsWhenTooFewAreCountedForAUniqueKey) {
  load_with("factories: { order: {}, payment: {} }", {{"order", 5, {}}, {"payment", 8, {}}});

  EXPECT_EQ(count("payments"), 8);
  EXPECT_EQ(count("orders"), 5 + 8);
}

TEST_P(Graph, WalksThroughTheValuesOfAUniqueColumn) {
  const std::string products =
      "factories: { product: { set: { sku: \"=one_of('a', 'b', 'c')\" } } }";

  load_with(products, {{"product", 3, {}}});

  EXPECT_EQ(number("SELECT COUNT(DISTINCT sku) FROM products"), 3);
  EXPECT_THAT(
      [&] {
        load_with(products, {{"product", 1, {}}});
      },
      ThrowsError(ErrorCode::invalid_input, "'sku' is unique and has 3 values"));
}

TEST_P(Graph, RollsUpTheChildrenThatMadeTheRow) {
  const auto item = db().create("order_item", {.set = {{"quantity", 3}}});

  const auto order = item.relation("order");
  EXPECT_EQ(order.children("items").size(), 1U);
  EXPECT_EQ(number("SELECT COUNT(*) FROM orders o JOIN order_items i ON i.order_id = o.id "
                   "WHERE ABS(o.total - 3 * i.unit_price) < 0.001"),
            1);
}

TEST_P(Graph, GivesChildrenConsecutiveNumbersAndIndexes) {
  const auto users = db().create_list("user", 2, {.traits = {"buyer"}});

  std::vector<std::uint64_t> rows;
  for (const auto& user : users) {
    for (const auto& order : user.children("orders")) rows.push_back(order.row());
  }
  EXPECT_EQ(rows, (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_EQ(count("order_items", "line = 1"), 4);
}

TEST_P(Graph, ShowsRelationsThatLeadRound) {
  const std::string factories = "factories:\n  user: { refs: { referrer: { factory: user } } }\n";

  EXPECT_THAT(
      [&] {
        load_with(factories, {{"user", 1, {}}});
      },
      ThrowsError(ErrorCode::invalid_input, "user.referrer -> user.referrer"));
}

TEST_P(Graph, ShowsColumnsThatNeedEachOtherThroughRows) {
  const std::string factories =
      "factories:\n"
      "  order: { set: { total: \"=sum(items, unit_price)\" }, has: { items: { factory: "
      "order_item, count: 1 } } }\n"
      "  order_item: { set: { unit_price: =order.total } }\n";

  EXPECT_THAT(
      [&] {
        load_with(factories, {{"order", 1, {}}});
      },
      ThrowsError(ErrorCode::invalid_input, "depends on itself through other rows"));
}

TEST_P(Graph, RefusesCountsBelowZero) {
  const std::string factories =
      "factories:\n  order_item: {}\n"
      "  order: { has: { items: { factory: order_item, count: =0 - n } } }\n";

  EXPECT_THAT(
      [&] {
        load_with(factories, {{"order", 1, {}}});
      },
      ThrowsError(ErrorCode::invalid_input, "below zero"));
}

TEST_P(Graph, CountsKeysThatTheDatabaseDoesNot) {
  connection().execute_script(
      "CREATE TABLE notes (id integer NOT NULL, text varchar(20) NOT NULL, "
      "PRIMARY KEY (text)); CREATE TABLE plain (id bigint NOT NULL PRIMARY "
      "KEY, tenant_id bigint NOT NULL);"
      "INSERT INTO plain VALUES (7, 1)");
  introspect();
  const FactoryLibrary nothing;
  auto session = this->session(nothing);

  const auto first = session.create("plain");
  Progress progress;
  load({connection(), schema(), nothing, options()},
       {.entries = {{"plain", 3, {}}, {"notes", 3, {}}}}, progress);

  EXPECT_EQ(first.id(), Value{8});
  EXPECT_EQ(number("SELECT MAX(id) FROM plain"), 11);
  EXPECT_EQ(count("notes"), 3);
}

TEST_P(Graph, ServesNamesThatNeedQuotes) {
  const auto table = engine().quote("we\"ird na'me");
  const auto select = engine().quote("select");
  connection().execute(
      fmt::format("CREATE TABLE {} ({} integer NOT NULL PRIMARY KEY, {} "
                  "varchar(60) NOT NULL)",
                  table, select, engine().quote("größe ß")));
  introspect();
  const auto library = FactoryLibrary::parse(
      "factories:\n  odd: { table: \"we\\\"ird na'me\", set: { größe ß: \"{n} {{x}}\" } }\n");
  auto session = this->session(library);

  const auto record = session.create("odd", {.set = {{"select", 5}}});
  Progress progress;
  load({connection(), schema(), library, options()}, {.entries = {{"odd", 2, {}}}}, progress);

  EXPECT_EQ(record["größe ß"], Value{"1 {x}"});
  EXPECT_EQ(number(fmt::format("SELECT MAX({}) FROM {}", select, table)), 7);
}

}  // namespace
}  // namespace seedbed::testing
