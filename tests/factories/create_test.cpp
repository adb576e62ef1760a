#include <gtest/gtest.h>

#include "seedbed/engines/transaction.hpp"
#include "tests/factories/factory_fixture.hpp"

namespace seedbed::testing {
namespace {

class Create : public FactoryTest {};
SEEDBED_ON_ALL_ENGINES(Create);

TEST_P(Create, WritesTheRowItReturns) {
  const auto john = db().create("user", {.set = {{"name", "John"}}});

  EXPECT_EQ(john["name"], Value{"John"});
  EXPECT_EQ(john["email"], Value{"john.1@example.com"});
  EXPECT_EQ(john.row(), 1U);
  EXPECT_EQ(count("users", "name = 'John' AND id = " + john.id().as<std::string>()), 1);
}

TEST_P(Create, MakesAGraphFromNestedArguments) {
  const auto john = db().create("user", {.set = {{"name", "John"}}});
  const auto order = db().create(
      "order",
      {.traits = {"paid"},
       .set = {{"customer", john}, {"number", "ORD-1"}},
       .has = {{"items", {{.set = {{"quantity", 2}}}, {.set = {{"product.name", "Widget"}}}}}}});

  EXPECT_EQ(order["customer_id"], john.id());
  EXPECT_EQ(order["number"], Value{"ORD-1"});
  EXPECT_EQ(order["status"], Value{"confirmed"});
  const auto items = order.children("items");
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0]["quantity"], Value{2});
  EXPECT_EQ(items[1].relation("product")["name"], Value{"Widget"});
  EXPECT_NE(items[0]["product_id"], items[1]["product_id"]) << "a unique key forbids one product";
  EXPECT_EQ(order.children("payment").size(), 1U);
  EXPECT_EQ(order.children("payment")[0]["amount"], order["total"]);
  EXPECT_EQ(count("users"), 1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM orders o WHERE ABS(total - (SELECT SUM(quantity * "
                   "unit_price) FROM order_items i WHERE i.order_id = o.id)) < 0.001"),
            1);
}

TEST_P(Create, ReadsBackWhatTheDatabaseMade) {
  const auto order = db().create("order");

  EXPECT_EQ(order["source"], Value{"web"});
  EXPECT_GT(order.id().as<std::int64_t>(), 0);
}

TEST_P(Create, TakesOverridesAsLiterals) {
  const auto user = db().create(
      "user",
      {.set = {{"name", "={1 + 1}"}, {"nickname", "01234"}, {"balance", "1.10"}, {"email", "NO"}}});

  EXPECT_EQ(user["name"], Value{"={1 + 1}"});
  EXPECT_EQ(user["nickname"], Value{"01234"});
  EXPECT_EQ(user["balance"], Value{"1.10"});
  EXPECT_EQ(user["email"], Value{"NO"});
  EXPECT_EQ(db().create("user", {.set = {{"balance", expr("1 + 1.5")}}})["balance"], Value{"2.50"});
}

TEST_P(Create, DependentColumnsSeeOverrides) {
  const auto user = db().create("user", {.set = {{"name", "Ada Lovelace"}}});

  EXPECT_EQ(user["email"], Value{"ada-lovelace.1@example.com"});
}

TEST_P(Create, OverridesRowsAboveByPath) {
  const auto order = db().create("order", {.set = {{"customer.name", "Ada"}}});

  EXPECT_EQ(order.relation("customer")["name"], Value{"Ada"});
  EXPECT_EQ(count("users"), 1);
}

TEST_P(Create, GivesEachOfAListAGraphOfItsOwn) {
  const auto orders = db().create_list("order", 3, {.set = {{"customer.name", "Ada"}}});

  ASSERT_EQ(orders.size(), 3U);
  EXPECT_EQ(count("users"), 3);
  EXPECT_EQ(orders[2]["number"], Value{"ORD-000003"});
  EXPECT_TRUE(db().create_list("order", 0).empty());
}

TEST_P(Create, UnifiesTheTenantOfACompositeKey) {
  const auto task = db().create("task");

  EXPECT_EQ(count("tenants"), 1);
  EXPECT_EQ(task.relation("member")["tenant_id"], task["tenant_id"]);
  const auto tenant = db().create("tenant");
  EXPECT_EQ(db().create("task", {.set = {{"tenant", tenant}}})["tenant_id"], tenant.id());
}

TEST_P(Create, LeavesTheUsersTransactionUsableAfterARefusedRow) {
  db().create("user", {.set = {{"email", "taken@example.com"}}});
  Transaction transaction{connection()};
  db().create("user", {.set = {{"email", "one@example.com"}}});

  EXPECT_THAT(
      [&] {
        db().create("order", {.set = {{"customer.email", "taken@example.com"}}});
      },
      ThrowsError(ErrorCode::constraint_violation, ""));
  const auto next = db().create("user", {.set = {{"email", "two@example.com"}}});

  transaction.commit();
  EXPECT_EQ(count("users"), 3);
  EXPECT_EQ(count("orders"), 0);
  EXPECT_EQ(next.row(), 3U) << "a refused row's number is free again";
}

TEST_P(Create, SetsAReferenceToNullOnRequest) {
  const auto first = db().create("user");
  const auto second = db().create("user", {.set = {{"referrer", first}}});

  EXPECT_TRUE(first["referrer_id"].is_null());
  EXPECT_EQ(second["referrer_id"], first.id());
  EXPECT_THAT(
      [&] {
        db().create("order", {.set = {{"customer", Null{}}}});
      },
      ThrowsError(ErrorCode::invalid_input, "NOT NULL"));
}

TEST_P(Create, FindsARecordAgain) {
  const auto john = db().record("john");
  const auto order = db().create("order", {.set = {{"customer", RecordName{"john"}}}});

  EXPECT_EQ(john["nickname"], Value{"={no}"});
  EXPECT_EQ(order["customer_id"], john.id());
  EXPECT_EQ(db().record("first_order").relation("customer")["name"], Value{"John Doe"});
  EXPECT_EQ(count("users"), 1);
}

TEST_P(Create, CountsInMemoryInsideASandbox) {
  db().create("user");
  std::uint64_t seen = 0;
  for (int test = 0; test < 2; ++test) {
    Transaction sandbox{connection()};
    db().enter_sandbox();
    seen += db().create("user").row();
    seen += db().create("user").row();
    db().leave_sandbox();
  }

  EXPECT_EQ(seen, 2U * (2 + 3)) << "a test's row numbers do not depend on the test before it";
  EXPECT_EQ(db().create("user").row(), 2U);
  db().enter_sandbox(3);
  EXPECT_EQ(db().create("user").row(), 3U + 3 * kWorkerRows);
}

TEST_P(Create, BuildsWithoutWriting) {
  const auto order = db().build("order");

  EXPECT_FALSE(order.has("id"));
  EXPECT_EQ(order["number"], Value{"ORD-000001"});
  EXPECT_FALSE(order.relation("customer")["name"].text().empty());
  EXPECT_GE(order.children("items").size(), 1U);
  EXPECT_EQ(count("orders"), 0);
  EXPECT_EQ(db().create("order")["total"], order["total"]) << "the same row, built and created";
}

TEST_P(Create, AttributesLeaveRelationsOut) {
  const auto attributes = db().attributes("order", {.set = {{"number", "X"}}});

  EXPECT_EQ(attributes["number"], Value{"X"});
  EXPECT_FALSE(attributes.has("customer_id"));
  EXPECT_TRUE(attributes.relations().empty());
}

TEST_P(Create, PlansWithoutWriting) {
  const auto statements = db().plan("order", 2);

  ASSERT_FALSE(statements.empty());
  EXPECT_EQ(statements.back().sql.substr(0, 11), "INSERT INTO");
  EXPECT_EQ(count("orders"), 0);
}

TEST_P(Create, FillsATableWithoutAnyFactory) {
  const FactoryLibrary nothing;
  auto session = this->session(nothing);

  const auto items = session.create_list("order_items", 3);

  EXPECT_EQ(items.size(), 3U);
  EXPECT_EQ(count("orders"), 3);
  EXPECT_EQ(count("users", "email LIKE '%@example.com'"), 3);
}

TEST_P(Create, SaysWhatACallGetsWrong) {
  const auto refuses = [&](const CallArguments& arguments, ErrorCode code,
                           const std::string& text) {
    EXPECT_THAT([&] { db().create("order", arguments); }, ThrowsError(code, text));
  };
  EXPECT_THAT([&] { db().create("ordre"); },
              ThrowsError(ErrorCode::not_found, "did you mean 'order'"));
  refuses({.traits = {"payd"}}, ErrorCode::not_found, "did you mean 'paid'");
  refuses({.traits = {"status:payd"}}, ErrorCode::invalid_input, "no label 'payd'");
  refuses({.set = {{"totl", 1}}}, ErrorCode::invalid_input, "did you mean 'total'");
  refuses({.set = {{"custmer.name", "x"}}}, ErrorCode::invalid_input, "did you mean 'customer'");
  refuses({.set = {{"customer.nam", "x"}}}, ErrorCode::invalid_input, "did you mean 'name'");
  refuses({.set = {{"customer", 5}}}, ErrorCode::invalid_input, "takes a record");
  refuses({.has = {{"itms", 2}}}, ErrorCode::invalid_input, "did you mean 'items'");
  refuses({.set = {{"number", std::string(30, 'x')}}}, ErrorCode::invalid_input, "30 characters");
  refuses({.set = {{"total", "abc"}}}, ErrorCode::invalid_input, "column 'total'");
  refuses({.set = {{"total", 1}, {"total", 2}}}, ErrorCode::invalid_input, "set twice");
  EXPECT_EQ(count("users"), 0);
}

}  // namespace
}  // namespace seedbed::testing
