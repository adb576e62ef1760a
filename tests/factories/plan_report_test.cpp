#include "seedbed/factories/insight/plan_report.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/factories/factory_fixture.hpp"

namespace seedbed::testing {
namespace {

/// "customer above 1 users: reason @place", one line for each node, indented.
std::string tree_of(const PlannedRows& rows, const std::string& indent = "") {
  auto text =
      fmt::format("{}{}{}{} {} {}: {}", indent, rows.relation, rows.relation.empty() ? "" : " ",
                  to_string(rows.use), rows.rows, rows.table.name, rows.reason);
  if (rows.where.known()) text += " @" + rows.where.to_string();
  text += "\n";
  for (const auto& node : rows.nodes) text += tree_of(node, indent + "  ");
  return text;
}

class PlanReport : public FactoryTest {};
SEEDBED_ON_ALL_ENGINES(PlanReport);

TEST_P(PlanReport, ShowsEachRowWithItsReason) {
  const auto plan = db().plan_graph("order", 1, {.traits = {"paid"}, .has = {{"items", 2}}});

  EXPECT_EQ(
      tree_of(plan.root),
      "asked for 1 orders: the call asks for them\n"
      "  customer above 1 users: orders.customer_id may not be NULL; a new row of 'user', one "
      "for each graph @shop.yaml:38:7\n"
      "  items below 2 order_items: the call asks for them\n"
      "    product above 2 products: order_items.product_id may not be NULL; a new row of "
      "'product', one for each row\n"
      "  payment below 1 payments: 'has' of 'order': 1 for each row @shop.yaml:48:59\n");
  std::string tables;
  for (const auto& table : plan.tables) {
    tables += fmt::format("{} {} {}..{}\n", table.table.name, table.rows, table.first_row,
                          table.last_row);
  }
  EXPECT_THAT(tables, ::testing::HasSubstr("orders 1 1..1\n"));
  EXPECT_THAT(tables, ::testing::HasSubstr("products 2 1..2\n"));
  EXPECT_EQ(count("orders"), 0);
  EXPECT_EQ(db().create("order").row(), 1U);
}

TEST_P(PlanReport, TellsRowsThatAreSharedOrThereAlready) {
  const auto john = db().record("john");
  const auto given =
      db().plan_graph("order", 1, {.set = {{"customer", john}}, .has = {{"items", 0}}});
  EXPECT_EQ(tree_of(given.root),
            "asked for 1 orders: the call asks for them\n"
            "  customer existing 0 users: the call gives the row for orders.customer_id "
            "@shop.yaml:38:7\n");

  const auto task = db().plan_graph("task", 1);
  EXPECT_THAT(tree_of(task.root),
              ::testing::HasSubstr("tenant shared 0 tenants: tasks.tenant_id "
                                   "follows the wider key of relation 'member'"));
}

TEST_P(PlanReport, MakesTheRowsThatItShows) {
  const auto plan = db().plan_graph("order", 3, {.traits = {"paid"}});
  db().create_list("order", 3, {.traits = {"paid"}});

  for (const auto& table : plan.tables) {
    EXPECT_EQ(count(table.table.name), static_cast<std::int64_t>(table.rows)) << table.table.name;
  }
}

}  // namespace
}  // namespace seedbed::testing
