#include "seedbed/factories/insight/diff.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/factories/shop_project.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed::testing {
namespace {

FactoriesDiff diff(const std::string& before, const std::string& after, std::uint64_t rows = 200) {
  return diff_factories(shop_schema(), FactoryLibrary::parse(before, "old.yaml"),
                        FactoryLibrary::parse(after, "new.yaml"), shop_options(), rows);
}

/// "user.name changed 1: a -> b", one line for each column that is not unchanged.
std::string text_of(const FactoriesDiff& diff) {
  std::string text;
  for (const auto& column : diff.columns) {
    if (column.change == CellChange::unchanged) continue;
    text += column.factory;
    if (!column.trait.empty()) text += "+" + column.trait;
    if (!column.column.empty()) text += "." + column.column;
    text += fmt::format(" {}", to_string(column.change));
    if (column.row > 0) text += fmt::format(" {}", column.row);
    if (column.change == CellChange::changed) text += ": " + column.before + " -> " + column.after;
    text += "\n";
  }
  return text;
}

std::string edited(const std::string& from, const std::string& to) {
  auto text = shop_factories();
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(FactoriesDiff, IsEmptyForEqualFiles) {
  const auto same = diff(shop_factories(), shop_factories());

  EXPECT_EQ(text_of(same), "");
  EXPECT_FALSE(same.differs());
  EXPECT_GT(same.columns.size(), 40U);
  EXPECT_EQ(same.rows, 200U);
}

TEST(FactoriesDiff, ShowsTheFirstRowThatDiffersWithWhatFollowsFromIt) {
  const auto text = text_of(
      diff(shop_factories(), edited("stock: =5 .. 400", "stock: =if(n == 7, 0, 5 .. 400)")));

  EXPECT_THAT(text, ::testing::StartsWith("product.stock changed 7: "));
  EXPECT_THAT(text, ::testing::HasSubstr(" -> 0\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;

  EXPECT_EQ(text_of(diff("factories: { user: { set: { name: \"a{n}\", email: \"{name}@x\" } } }",
                         "factories: { user: { set: { name: \"b{n}\", email: \"{name}@x\" } } }")),
            "user.email changed 1: a1@x -> b1@x\nuser.name changed 1: a1 -> b1\n");
}

TEST(FactoriesDiff, TellsStatedColumnsFromThoseThatAreNot) {
  EXPECT_EQ(text_of(diff("factories: { user: { set: { name: x } } }",
                         "factories: { user: { set: { name: x, last_seen_at: =now } } }")),
            "user.last_seen_at added\n");
  EXPECT_EQ(
      text_of(diff("factories: { user: { set: { role: staff } } }", "factories: { user: {} }")),
      "user.role removed\n");
}

TEST(FactoriesDiff, LooksAtTraitsFactoriesAndRowsBelow) {
  EXPECT_EQ(text_of(diff("factories: { user: {}, tag: { table: categories } }",
                         "factories: { user: { traits: { t: {} } }, cat: { table: categories } }")),
            "cat added\ntag removed\nuser+t added\n");
  EXPECT_EQ(text_of(diff(shop_factories(), edited("stock: 0 }", "stock: 1 }"))),
            "product+sold_out.stock changed 1: 0 -> 1\n");
  const auto text =
      text_of(diff(shop_factories(), edited("order_item, count: 1..4", "order_item, count: 5")));
  EXPECT_THAT(text, ::testing::HasSubstr("order.has items changed 1: "));
  EXPECT_THAT(text, ::testing::HasSubstr("order.total changed 1: "));
}

TEST(FactoriesDiff, ComparesWhereReferencesComeFrom) {
  EXPECT_EQ(text_of(diff("factories: { user: {}, order: {} }",
                         "factories: { user: {}, vip: { table: users, set: { name: V } },"
                         " order: { refs: { customer: { factory: vip } } } }")),
            "order.customer_id changed: a row of 'user' -> a row of 'vip'\nvip added\n");
}

TEST(FactoriesDiff, StopsWhereAUniqueColumnHasNoMoreValues) {
  const std::string few = "factories: { product: { set: { sku: \"=one_of('a', 'b')\" } } }";

  EXPECT_EQ(text_of(diff(few, few)), "");
  EXPECT_THAT([&] { diff(few, few, 0); },
              ThrowsError(ErrorCode::invalid_input, "between 1 and 100000"));
}

}  // namespace
}  // namespace seedbed::testing
