// Headers of `seedbed schema cpp` beside everything else that a program may open: nothing clashes.
#include <algorithm>
#include <any>
#include <array>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "odd_names.hpp"
#include "seedbed/factories/builder.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "shop.hpp"
#include "tests/support/test_database.hpp"

using namespace std;      // NOLINT(google-build-using-namespace)
using namespace seedbed;  // NOLINT(google-build-using-namespace)

namespace {

/// The shop with its factories, in memory.
class ShopTags : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = make_unique<Database>(seedbed::testing::engines().of(url_), url_, project_);
    const auto set = MigrationSet::load(project_.migrations, "sqlite");
    Progress progress;
    Migrator{database_->connection(), set}.up({}, progress);
    mark_database(database_->connection());
  }

  Database& db() { return *database_; }

 private:
  DatabaseUrl url_ = DatabaseUrl::parse("sqlite::memory:");
  ProjectConfig project_ = load_project(SEEDBED_SOURCE_DIR);
  unique_ptr<Database> database_;
};

TEST_F(ShopTags, StandForNamesInCalls) {
  const auto order =
      db().create("order", {.set = {{shop::orders::number, "ORD-1"},
                                    {shop::orders::customer / shop::users::name, "Ada"}}});
  const auto customer = order.relation(shop::orders::customer).as<shop::users::Row>();

  EXPECT_EQ(order[shop::orders::number].text(), "ORD-1");
  EXPECT_EQ(order.get(shop::orders::number), "ORD-1");
  EXPECT_EQ(customer.name, "Ada");
  static_assert(is_same_v<decltype(customer.last_seen_at), optional<string>>);
}

TEST_F(ShopTags, MakeRows) {
  const auto item = db().create<shop::order_items::Row>(
      "order_item",
      {.set = {{shop::order_items::quantity, 3},
               {shop::order_items::order / shop::orders::customer / shop::users::name, "Bob"}}});
  const auto rows = db().create_list<shop::products::Row>("product", 2);

  EXPECT_EQ(item.quantity, 3);
  EXPECT_GT(item.id, 0);
  EXPECT_EQ(rows.size(), 2U);
  EXPECT_FALSE(rows[0].sku.empty());
}

TEST_F(ShopTags, StandForNamesInBuilders) {
  const auto buyer = factory("buyer")
                         .extends("user")
                         .set(shop::users::name, expr("full_name()"))
                         .set(shop::users::role, "staff")
                         .trait("new", trait().set(shop::users::created_at, expr("now")));
  const auto first = factory("first_order")
                         .table("orders")
                         .ref(shop::orders::customer, parent("buyer").share(Share::graph))
                         .has("lines", children("order_item").count(2));
  db().define({buyer, first, record("ada", "buyer").set(shop::users::name, "Ada"),
               scenario("few").rows("buyer", 3).rows("first_order", per("buyer", "0..2"))});

  const auto order = db().create("first_order");

  EXPECT_EQ(order.relation(shop::orders::customer)[shop::users::role].text(), "staff");
  EXPECT_EQ(order.children("lines").size(), 2U);
}

/// Whether the two make a path.
template <typename Left, typename Right>
constexpr bool kJoins = requires(Left left, Right right) {
  left / right;
};

TEST(OddNames, AreTagsAllTheSame) {
  namespace codes = acme::odd::n2fa_codes;
  codes::Row row;
  row.a_b_2 = 1;
  row.a_b = 2;
  row.gru00f6u00dfe = "10";

  EXPECT_EQ(string{codes::a_b}, "a_b");
  EXPECT_EQ(string{codes::a_b_2}, "a b");
  EXPECT_EQ(string{codes::a_b_3}, "a-b");
  EXPECT_EQ(string{codes::say_hi_}, "say \"hi\"");
  EXPECT_EQ(string{codes::back_slash}, "back\\slash");
  EXPECT_EQ(string{codes::gru00f6u00dfe}, "größe");
  EXPECT_EQ(string{codes::why_},
            "why?"
            "?/");
  EXPECT_EQ(string{codes::class_ / acme::odd::class_::operator_}, "class.operator");
  EXPECT_EQ(string{codes::namespace_}, "namespace");
  EXPECT_EQ(string{acme::odd::class_::Row_}, "Row");
  EXPECT_EQ(string{acme::odd::std_::seedbed_}, "seedbed");
}

TEST(OddNames, JoinOnlyWhereTheRelationLeads) {
  static_assert(kJoins<decltype(shop::orders::customer), decltype(shop::users::name)>);
  static_assert(!kJoins<decltype(shop::orders::customer), decltype(shop::products::name)>);
  static_assert(!kJoins<decltype(shop::orders::number), decltype(shop::users::name)>);
}

}  // namespace
