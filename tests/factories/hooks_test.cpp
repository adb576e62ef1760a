// What runs after rows are created.
#include <string>

#include <gmock/gmock.h>

#include "seedbed/engines/transaction.hpp"
#include "seedbed/factories/builder.hpp"
#include "tests/factories/relation_fixture.hpp"

namespace seedbed::testing {
namespace {

constexpr const char* kOrderTables = R"(
CREATE TABLE users (id {id}, name varchar(80) NOT NULL, orders integer NOT NULL DEFAULT 0,
  referrer_id bigint, FOREIGN KEY (referrer_id) REFERENCES users (id));
CREATE TABLE products (id {id}, name varchar(80) NOT NULL, stock integer NOT NULL);
CREATE TABLE orders (id {id}, customer_id bigint NOT NULL, total integer NOT NULL,
  FOREIGN KEY (customer_id) REFERENCES users (id));
CREATE TABLE items (id {id}, order_id bigint NOT NULL, product_id bigint NOT NULL,
  FOREIGN KEY (order_id) REFERENCES orders (id), FOREIGN KEY (product_id) REFERENCES products (id));
CREATE TABLE log (id {id}, entry varchar(200));
)";

/// An entry of the log that says `text`, and what it binds.
std::string logs(const std::string& text, const std::string& bulk = "") {
  return "{ sql: \"INSERT INTO log (entry) VALUES (" + text + ")\"" + bulk + " }";
}

class Hooks : public RelationTest {
 protected:
  void SetUp() override {
    RelationTest::SetUp();
    if (!IsSkipped()) make_tables(kOrderTables);
  }
  std::string log() { return values("SELECT entry FROM log ORDER BY id"); }
  [[nodiscard]] std::string finding(const std::string& hook) {
    const auto library = FactoryLibrary::parse(
        "factories:\n"
        "  item: {}\n"
        "  order:\n"
        "    has: { items: 1 }\n"
        "    after_create:\n"
        "      - sql: \"" +
            hook + "\"\n",
        "f.yaml");
    std::string text;
    for (const auto& found : library.check(schema())) text += found.to_string();
    return text;
  }
};
SEEDBED_ON_ALL_ENGINES(Hooks);

TEST_P(Hooks, BindColumnsOfTheRowItsParentAndItsChildren) {
  define(
      "factories:\n"
      "  user: { set: { name: Ada } }\n"
      "  product: { set: { stock: 5 } }\n"
      "  item: {}\n"
      "  order:\n"
      "    set: { total: 12 }\n"
      "    has: { items: 2 }\n"
      "    after_create:\n"
      "      - sql: \"UPDATE products SET stock = stock - {total} WHERE id = "
      "{items.1.product_id}\"\n"
      "      - sql: \"UPDATE users SET orders = orders + 1 WHERE name = {customer.name}\"\n");

  const auto order = db().create("order");

  const auto second = order.children("items")[1];
  EXPECT_EQ(count("products", "stock = -7 AND id = " + second["product_id"].display()), 1);
  EXPECT_EQ(values("SELECT orders FROM users"), "1");
}

TEST_P(Hooks, BindTextsThatLookLikeSql) {
  define("factories:\n  user: { after_create: [ " + logs("{name}") + " ] }\n");

  db().create("user", {.set = {{"name", "'); DROP TABLE log; --"}}});

  EXPECT_EQ(log(), "'); DROP TABLE log; --");
}

TEST_P(Hooks, BindParamsAndNullWhereThereIsNoRow) {
  define(
      "factories:\n"
      "  user:\n"
      "    params: { plan: free }\n"
      "    after_create: [ " +
      logs("{plan}") + ", " + logs("{referrer.name}") + " ]\n");

  const auto user = db().create("user", {.set = {{"plan", "pro"}}});

  EXPECT_EQ(log(), "pro -");
  EXPECT_FALSE(user.has("plan"));
}

TEST_P(Hooks, RunInTheOrderOfTheLayersAndEachOnce) {
  define(
      "factories:\n"
      "  user:\n"
      "    after_create: [ " +
      logs("'parent'") +
      " ]\n"
      "    traits:\n"
      "      one: { after_create: [ " +
      logs("'one'") +
      " ] }\n"
      "      two: { traits: [one], after_create: [ " +
      logs("'two'") +
      " ] }\n"
      "  child: { extends: user, after_create: [ " +
      logs("'child'") + " ] }\n");

  db().create("child", {.traits = {"two", "one", "two"}});

  EXPECT_EQ(log(), "parent child one two");
}

TEST_P(Hooks, RunForParentsFirstWhenTheWholeGraphIsWritten) {
  define(
      "factories:\n"
      "  user: { after_create: [ { sql: \"INSERT INTO log (entry) SELECT name FROM products\" }, " +
      logs("'user'") +
      " ] }\n"
      "  product: { set: { name: product } }\n"
      "  item: { after_create: [ " +
      logs("'item'") +
      " ] }\n"
      "  order: { has: { items: 2 }, after_create: [ " +
      logs("'order'") + " ] }\n");

  db().create("order");

  EXPECT_EQ(log(), "product user order item item");
}

TEST_P(Hooks, OfTheDatabasesOwnColumnsShowInTheRecord) {
  define(
      "factories:\n"
      "  user:\n"
      "    set: { name: Ada }\n"
      "    after_create:\n"
      "      - sql: \"UPDATE users SET orders = 7, name = 'Eve' WHERE id = {id}\"\n");

  const auto user = db().create("user");

  EXPECT_EQ(user["orders"], Value{7});
  EXPECT_EQ(user["name"], Value{"Ada"});
  EXPECT_EQ(values("SELECT name FROM users"), "Eve");
}

TEST_P(Hooks, ThatFailUndoTheCreateAndLeaveTheTransactionUsable) {
  define(
      "factories:\n"
      "  user:\n"
      "    after_create: [ { sql: \"INSERT INTO users (id) VALUES ({id})\" } ]\n"
      "  product: {}\n");
  db().prepare();
  Transaction transaction{connection()};
  db().create("product");

  EXPECT_THAT([&] { db().create("user"); },
              ThrowsError(ErrorCode::constraint_violation,
                          "after_create of factory 'user' at f.yaml:3:29"));
  db().create("product");
  transaction.commit();

  EXPECT_EQ(count("users"), 0);
  EXPECT_EQ(count("products"), 2);
}

TEST_P(Hooks, DoNotRunWhereNothingIsWritten) {
  define("factories:\n  user: { after_create: [ " + logs("{name}") + " ] }\n");

  static_cast<void>(db().build("user"));
  static_cast<void>(db().attributes("user"));
  const auto plan = db().plan("user", 3);

  EXPECT_EQ(log(), "");
  ASSERT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan[1].rows, 3U);
  EXPECT_EQ(plan[1].sql, "INSERT INTO log (entry) VALUES (" + engine().placeholder(1) + ")");
}

TEST_P(Hooks, ThatSayNothingOfLoadsAreRefusedThere) {
  define(
      "factories:\n"
      "  user: { after_create: [ " +
      logs("{name}") +
      " ] }\n"
      "  order: {}\n"
      "scenarios: { some: [ { order: 3 } ] }\n");

  refuses_scenario("some", "f.yaml:2:35: factory 'user' has an 'after_create'");
  refuses_scenario("some", "'bulk: each' runs it for every row, 'bulk: skip' for none");
  EXPECT_EQ(count("orders"), 0);
}

TEST_P(Hooks, AreSkippedOrRunForEachRowOfALoad) {
  define(
      "factories:\n"
      "  user: { set: { name: \"u{n}\" }, after_create: [ " +
      logs("'no'", ", bulk: skip") +
      " ] }\n"
      "  order:\n"
      "    set: { total: =n }\n"
      "    has: { items: 2 }\n"
      "    after_create:\n"
      "      - { sql: \"UPDATE users SET orders = {total} WHERE name = {customer.name}\", bulk: "
      "each }\n"
      "      - { sql: \"UPDATE products SET stock = -1 WHERE id = {items.1.product_id}\", bulk: "
      "each }\n"
      "  item: {}\n"
      "  product: { set: { stock: 1 } }\n"
      "scenarios: { some: [ { user: 3 }, { order: 40 } ] }\n");

  const auto planned = plan_scenario("some").statements;
  load_scenario("some");

  EXPECT_EQ(log(), "");
  ASSERT_GE(planned.size(), 2U);
  EXPECT_THAT(planned.rbegin()[1].sql, ::testing::StartsWith("UPDATE users"));
  EXPECT_EQ(planned.back().rows, 40U);
  EXPECT_EQ(count("products", "stock = -1"), 40);
  EXPECT_EQ(count("users", "orders = (SELECT MAX(total) FROM orders WHERE customer_id = users.id)"),
            3);
}

TEST_P(Hooks, ThatFailUndoTheLoad) {
  define(
      "factories:\n"
      "  user: { after_create: [ { sql: \"INSERT INTO users (id) VALUES ({id})\", bulk: each } ] "
      "}\n"
      "scenarios: { some: [ { user: 3 } ] }\n");

  EXPECT_THAT([&] { load_scenario("some"); },
              ThrowsError(ErrorCode::constraint_violation, "after_create of factory 'user'"));
  EXPECT_EQ(count("users"), 0);
}

TEST_P(Hooks, MayBeFunctionsThatSeeTheRecordItsParamsAndItsRelations) {
  const auto library = FactoryLibrary::of(
      {factory("user")
           .param("plan", "free")
           .after_create(
               [](Connection& connection, const Record& user) {
                 connection.execute("INSERT INTO log (entry) VALUES ('" +
                                    user.param("plan").text() + "')");
               },
               HookBulk::skip),
       factory("order").after_create(
           [](Connection& connection, const Record& order) {
             const auto customer = order.relation("customer").id().display();
             connection.execute("UPDATE users SET orders = 9 WHERE id = " + customer);
           },
           HookBulk::each)});
  FactorySession session{connection(), schema(), library, {.seed = 42}};
  Progress progress;

  const auto order = session.create("order");
  EXPECT_EQ(log(), "free");
  EXPECT_EQ(order.relation("customer")["orders"], Value{9});

  load({connection(), schema(), library, {.seed = 42}}, {.entries = {{"order", 3, {}}}}, progress);
  EXPECT_EQ(log(), "free");
  EXPECT_EQ(count("users", "orders = 9"), 4);
}

TEST_P(Hooks, AreCheckedAgainstTheSchema) {
  EXPECT_THAT(finding("SELECT {totl}"),
              ::testing::HasSubstr("f.yaml:6:22: factory 'order': after_create: 'totl' is no "
                                   "column, param or relation; did you mean 'total'?"));
  EXPECT_THAT(finding("SELECT {customer}"), ::testing::HasSubstr("such as customer.id"));
  EXPECT_THAT(finding("SELECT {customer.nam}"),
              ::testing::HasSubstr("column 'nam' is not in table 'users'; did you mean 'name'?"));
  EXPECT_THAT(finding("SELECT {items.product_id}"), ::testing::HasSubstr("such as items.0.id"));
  EXPECT_THAT(finding("SELECT {items.0.product}"),
              ::testing::HasSubstr("column 'product' is not in table 'items'"));
  EXPECT_THAT(finding("SELECT '{total}'"), ::testing::HasSubstr("stands in quotes"));
  EXPECT_THAT(finding("SELECT {total"), ::testing::HasSubstr("'{' is not closed"));
  EXPECT_EQ(finding("SELECT '{{}}', {total}, {customer.name}, {items.3.order_id}"), "");
}

TEST_P(Hooks, AreCheckedInTheirFile) {
  const auto parse = [](const std::string& hook) {
    static_cast<void>(
        FactoryLibrary::parse("factories: { user: { after_create: " + hook + " } }", "f.yaml"));
  };
  EXPECT_THAT([&] { parse("[ { bulk: each } ]"); },
              ThrowsError(ErrorCode::invalid_input, "an 'after_create' needs 'sql'"));
  EXPECT_THAT([&] { parse("[ { sql: SELECT 1, bulk: eech } ]"); },
              ThrowsError(ErrorCode::invalid_input, "did you mean 'each'?"));
  EXPECT_THAT([&] { parse("{ sql: SELECT 1 }"); },
              ThrowsError(ErrorCode::invalid_input, "'after_create' must be a list"));
}

}  // namespace
}  // namespace seedbed::testing
