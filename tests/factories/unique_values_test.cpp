#include <string>

#include <gtest/gtest.h>

#include "seedbed/engines/transaction.hpp"
#include "tests/factories/relation_fixture.hpp"

namespace seedbed::testing {
namespace {

/// Columns that walk through a permutation of their values.
class UniqueValues : public RelationTest {
 protected:
  void SetUp() override {
    RelationTest::SetUp();
    if (IsSkipped()) return;
    make_tables(R"(
CREATE TABLE users (id {id}, name varchar(80) NOT NULL);
CREATE TABLE products (id {id}, sku varchar(20) NOT NULL UNIQUE, place integer NOT NULL);
CREATE TABLE orders (id {id}, product_id bigint NOT NULL,
  FOREIGN KEY (product_id) REFERENCES products (id));
)");
    define(R"yaml(
factories:
  user: {}
  product: { set: { sku: "=one_of('a', 'b', 'c', 'd', 'e')", place: 1 } }
  order: {}
  place: { table: products, set: { sku: "P{n}", place: 1 } }
scenarios:
  many: [ { user: 10 }, { product: 6 } ]
)yaml");
  }

  /// The sku of a row, as nothing else would change it.
  std::string sku_of(std::size_t row) {
    return db().build_list("product", 5)[row - 1]["sku"].text();
  }
};
SEEDBED_ON_ALL_ENGINES(UniqueValues);

TEST_P(UniqueValues, AreCountedBeforeAnythingIsWritten) {
  const std::string text =
      "f.yaml:4:21: factory 'product': column 'sku' is unique and has 5 values; rows 1 to 6 need 6";

  refuses_scenario("many", text);
  EXPECT_THAT([&] { db().create_list("product", 6); }, ThrowsError(ErrorCode::invalid_input, text));
  EXPECT_THAT([&] { static_cast<void>(db().plan("product", 6)); },
              ThrowsError(ErrorCode::invalid_input, text));
  EXPECT_EQ(count("users"), 0);
}

TEST_P(UniqueValues, LeaveOutWhatACallStated) {
  const auto third = sku_of(3);
  db().create("product", {.set = {{"sku", third}}});

  const auto list = db().create_list("product", 3);

  EXPECT_EQ(list[0].row(), 2U);
  EXPECT_EQ(list[1].row(), 4U) << "row 3 would have repeated it";
  EXPECT_EQ(list[2].row(), 5U);
  EXPECT_THAT([&] { db().create("product"); },
              ThrowsError(ErrorCode::invalid_input, "has 5 values; row 6 needs 6"));
}

TEST_P(UniqueValues, LeaveOutWhatTheTableHoldsForALoadToo) {
  const auto second = sku_of(2);
  connection().execute("INSERT INTO products (sku, place) VALUES ('" + second + "', 7)");

  const auto tables = load_rows({{"product", 4, {}}});

  EXPECT_EQ(count("products"), 5);
  EXPECT_EQ(tables.front().last_row, 5U);
}

TEST_P(UniqueValues, LeaveOutWhatTheTableHoldsInASandbox) {
  const auto first = sku_of(1);
  connection().execute("INSERT INTO products (sku, place) VALUES ('" + first + "', 7)");
  db().prepare();
  const Transaction test{connection()};
  db().enter_sandbox();

  const auto order = db().create("order");

  EXPECT_EQ(order.relation("product").row(), 2U);
  EXPECT_EQ(order.row(), 1U) << "what the first try took is given back";
  EXPECT_EQ(db().create("product").row(), 3U);
  EXPECT_EQ(count("products"), 3);
  EXPECT_EQ(count("orders"), 1);
}

TEST_P(UniqueValues, LeaveOutWhatTheSamePlanStates) {
  const auto second = sku_of(2);
  const auto third = sku_of(3);

  db().create("order", {.set = {{"product.sku", second}}});
  load_rows({{"product", 1, {.set = {{"sku", third}}}}, {"product", 2, {}}});

  EXPECT_EQ(count("products"), 4);
}

TEST_P(UniqueValues, AreFreeAgainAfterASandbox) {
  const auto second = sku_of(2);
  db().prepare();
  {
    Transaction sandbox{connection()};
    db().enter_sandbox();
    db().create("product", {.set = {{"sku", second}}});
    EXPECT_EQ(db().create("product").row(), 3U);
    db().leave_sandbox();
  }

  EXPECT_EQ(db().create_list("product", 2)[1]["sku"], Value{second});
}

TEST_P(UniqueValues, TakeANumberOfAnotherSpellingForTheSame) {
  make_tables("CREATE TABLE seats (id {id}, place integer NOT NULL UNIQUE);");
  define("factories: { seat: { set: { place: =1 .. 4 } } }");
  const auto second = db().build_list("seat", 2)[1]["place"];

  db().create("seat", {.set = {{"place", second.as<std::string>()}}});

  EXPECT_EQ(db().create("seat").row(), 3U);
}

}  // namespace
}  // namespace seedbed::testing
