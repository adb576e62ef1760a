#include <gmock/gmock.h>

#include "seedbed/factories/insight/insight.hpp"
#include "tests/factories/shop_project.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed::testing {
namespace {

Record row(const std::string& factories, const CallArguments& arguments) {
  const auto library = FactoryLibrary::parse(factories, "own.yaml");
  FactoryInsight insight{shop_schema(), library, shop_options()};
  return insight.rows({"user", arguments}, {1, 1}).front().record;
}

TEST(When, LeavesAColumnThatNothingElseStatesAsItWouldBeWithoutIt) {
  const std::string factories =
      "factories:\n"
      "  user:\n"
      "    params: { vip: false }\n"
      "    when: [ { if: =vip, set: { last_seen_at: =now, name: Very Important } } ]\n";

  EXPECT_EQ(row(factories, {.set = {{"vip", true}}})["name"], Value{"Very Important"});
  EXPECT_EQ(row(factories, {})["last_seen_at"], Value{});
  EXPECT_EQ(row(factories, {})["name"], row("factories: { user: {} }", {})["name"]);
}

TEST(When, RefusesAColumnThatItWouldLeaveToTheDatabase) {
  const std::string factories =
      "factories: { user: { params: { vip: false }, when: [ { if: =vip, set: { role: admin } } ] } "
      "}";

  EXPECT_THAT([&] { row(factories, {}); },
              ThrowsError(ErrorCode::invalid_input, "state one under 'set'"));
}

TEST(When, IsWhereTheValueOfItsRowComesFrom) {
  const auto library = FactoryLibrary::parse(
      "factories: { user: { set: { name: x }, when: [ { if: =n == 2, set: { name: two } } ] } }",
      "own.yaml");
  FactoryInsight insight{shop_schema(), library, shop_options()};
  std::vector<std::string> conditions;
  for (const auto& row : insight.rows({"user", {}}, {1, 3})) {
    for (const auto& [column, origin] : row.origins) {
      if (column == "name") conditions.push_back(origin.condition);
    }
  }

  EXPECT_THAT(conditions, ::testing::ElementsAre("", "=n == 2", ""));
}

}  // namespace
}  // namespace seedbed::testing
