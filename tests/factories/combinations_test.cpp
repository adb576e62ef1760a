#include <string>

#include <gtest/gtest.h>

#include "tests/factories/relation_fixture.hpp"

namespace seedbed::testing {
namespace {

constexpr const char* kWarehouseTables = R"(
CREATE TABLE posts (id {id}, title varchar(80) NOT NULL);
CREATE TABLE tags (id {id}, name varchar(80) NOT NULL);
CREATE TABLE post_tags (post_id bigint NOT NULL, tag_id bigint NOT NULL,
  PRIMARY KEY (post_id, tag_id),
  FOREIGN KEY (post_id) REFERENCES posts (id), FOREIGN KEY (tag_id) REFERENCES tags (id));
CREATE TABLE orders (id {id});
CREATE TABLE products (id {id});
CREATE TABLE warehouses (id {id});
CREATE TABLE picks (id {id}, order_id bigint NOT NULL, product_id bigint NOT NULL,
  warehouse_id bigint NOT NULL, UNIQUE (order_id, product_id, warehouse_id),
  FOREIGN KEY (order_id) REFERENCES orders (id), FOREIGN KEY (product_id) REFERENCES products (id),
  FOREIGN KEY (warehouse_id) REFERENCES warehouses (id));
)";

constexpr const char* kWarehouseFactories = R"(
factories:
  post: { has: { post_tags: { factory: post_tag, count: 0 } } }
  tag: {}
  post_tag: {}
  product: {}
  warehouse: {}
  pick: {}
  order:
    has:
      picks: { factory: pick, count: 0 }
      gifts: { factory: pick, count: 0 }
scenarios:
)";

/// Picks that a unique key takes together.
class Combinations : public RelationTest {
 protected:
  void SetUp() override {
    RelationTest::SetUp();
    if (!IsSkipped()) make_tables(kWarehouseTables);
  }
  void load_entries(const std::string& entries) {
    define(std::string{kWarehouseFactories} + "  s: [ " + entries + " ]\n");
    load_scenario("s");
  }
  void refuses(const std::string& entries, const std::string& text) {
    define(std::string{kWarehouseFactories} + "  s: [ " + entries + " ]\n");
    refuses_scenario("s", text);
    EXPECT_EQ(count("posts"), 0);
  }
};
class CombinationRules : public Combinations {};
SEEDBED_ON_ALL_ENGINES(Combinations);
SEEDBED_ON_SQLITE(CombinationRules);

TEST_P(Combinations, ReachEveryPairOfTwoReferences) {
  load_entries("{ post: 60 }, { tag: 70 }, { post_tag: 4.2k }");

  EXPECT_EQ(count("post_tags"), 4200);
}

TEST_P(Combinations, SpreadOverTheRowsThatTheyPickFrom) {
  load_entries("{ post: 1000 }, { tag: 1000 }, { post_tag: 5000 }");

  EXPECT_GT(number("SELECT COUNT(DISTINCT post_id) FROM post_tags"), 970);
  EXPECT_LT(number("SELECT MAX(c) FROM (SELECT COUNT(*) AS c FROM post_tags GROUP BY tag_id) t"),
            20);
}

TEST_P(Combinations, AreTheSameOnEveryEngine) {
  load_entries("{ post: 3 }, { tag: 2 }, { post_tag: 4 }");

  EXPECT_EQ(values("SELECT 10 * post_id + tag_id FROM post_tags ORDER BY 1"), "12 21 22 32");
}

TEST_P(CombinationRules, AreRefusedBeforeTheFirstRowWhenThereAreTooFew) {
  refuses("{ post: 60 }, { tag: 70 }, { post_tag: 5000 }",
          "f.yaml:14:35: factory 'post_tag': the unique key (post_id, tag_id) needs 5,000 pairs, "
          "has 4,200 = 60 posts x 70 tags");
}

TEST_P(CombinationRules, GoOnInTheNextEntry) {
  load_entries("{ post: 6 }, { tag: 7 }, { post_tag: 20 }, { post_tag: 22 }");
  EXPECT_EQ(count("post_tags"), 42);
  connection().execute("DELETE FROM post_tags");
  connection().execute("DELETE FROM posts");

  refuses("{ post: 6 }, { tag: 7 }, { post_tag: 20 }, { post_tag: 23 }",
          "needs 43 pairs, has 42 = 6 posts x 7 tags");
}

TEST_P(CombinationRules, AreRefusedWhereEarlierRowsPickedInAnotherWay) {
  refuses("{ post: 6 }, { tag: 7 }, { post_tag: 20 }, { tag: 3 }, { post_tag: 1 }",
          "rows of table 'post_tags' that are planned before are picked in another way");
  refuses("{ post: 6 }, { tag: 7 }, { post_tag: { per: post, count: 2 } }, { post_tag: 1 }",
          "make all of them in one entry");
}

TEST_P(CombinationRules, AreKeptApartBelowEachRowOfAnEntry) {
  load_entries("{ post: 50 }, { tag: 5 }, { post_tag: { per: post, count: 0..5 } }");

  EXPECT_GT(count("post_tags"), 80);
  EXPECT_EQ(count("tags"), 5);
}

TEST_P(CombinationRules, GoOnBelowTheSameRowInTheNextEntry) {
  load_entries(
      "{ post: 50 }, { tag: 5 }, { post_tag: { per: post, count: 0..3 } }, "
      "{ post_tag: { per: post, count: 2 } }");

  EXPECT_GT(count("post_tags"), 120);
  EXPECT_EQ(count("tags"), 5);
}

TEST_P(CombinationRules, TakeThreeReferencesTogether) {
  load_entries("{ order: 5 }, { product: 4 }, { warehouse: 3 }, { pick: 60 }");

  EXPECT_EQ(count("picks"), 60);
}

TEST_P(CombinationRules, TakeTwoReferencesTogetherBelowOneRow) {
  load_entries(
      "{ product: 2 }, { warehouse: 3 }, { order: 10 }, { pick: { per: order, count: 6 } }");

  EXPECT_EQ(count("picks"), 60);
  define(std::string{kWarehouseFactories} +
         "  s: [ { product: 2 }, { warehouse: 3 }, { order: 10 }, "
         "{ pick: { per: order, count: 7 } } ]\n");
  refuses_scenario("s",
                   "the unique key (order_id, product_id, warehouse_id) needs 7 pairs below one "
                   "row, has 6 = 2 products x 3 warehouses");
}

TEST_P(CombinationRules, AreKeptApartBetweenTwoRelationsToOneTable) {
  define(std::string{kWarehouseFactories} +
         "  s: [ { product: 2 }, { warehouse: 3 }, { order: 20 } ]\n");
  Progress progress;
  load_rows({{"product", 2, {}},
             {"warehouse", 3, {}},
             {"order", 20, {.has = {{"picks", 4}, {"gifts", 2}}}}});

  EXPECT_EQ(count("picks"), 120);
}

TEST_P(CombinationRules, LeaveAReferenceThatIsGivenAsItIs) {
  define(std::string{kWarehouseFactories} + "  s: []\n");
  const auto post = db().create("post");

  load_rows({{"tag", 20, {}}, {"post_tag", 20, {.set = {{"post", post}}}}});

  EXPECT_EQ(number("SELECT COUNT(DISTINCT tag_id) FROM post_tags"), 20);
  EXPECT_THAT(
      [&] {
        load_rows({{"tag", 20, {}}, {"post_tag", 21, {.set = {{"post", post}}}}});
      },
      ThrowsError(ErrorCode::invalid_input, "needs 21 rows, has 20 = 20 tags"));
}

TEST_P(CombinationRules, KeepWhatTheGraphSharesWhereNothingIsCounted) {
  make_tables(R"(
CREATE TABLE tenants (id {id}, name varchar(80) NOT NULL);
CREATE TABLE bills (id {id}, tenant_id bigint NOT NULL,
  FOREIGN KEY (tenant_id) REFERENCES tenants (id));
CREATE TABLE bill_lines (id {id}, bill_id bigint NOT NULL, product_id bigint NOT NULL,
  tenant_id bigint NOT NULL, UNIQUE (bill_id, product_id, tenant_id),
  FOREIGN KEY (bill_id) REFERENCES bills (id), FOREIGN KEY (product_id) REFERENCES products (id),
  FOREIGN KEY (tenant_id) REFERENCES tenants (id));
)");
  define(
      "factories: { product: {}, tenant: {}, bill_line: {}, "
      "bill: { has: { lines: { factory: bill_line, count: 3 } } } }");

  db().create("bill");

  EXPECT_EQ(count("tenants"), 1);
  EXPECT_EQ(count("products"), 3);
}

TEST_P(CombinationRules, DoNotCountRowsThatAGivenValueKeepsApart) {
  define(std::string{kWarehouseFactories} + "  s: []\n");
  const auto posts = db().create_list("post", 2);

  load_rows({{"tag", 20, {}},
             {"post_tag", 20, {.set = {{"post", posts[0]}}}},
             {"post_tag", 20, {.set = {{"post", posts[1]}}}}});

  EXPECT_EQ(count("post_tags"), 40);
}

TEST_P(CombinationRules, AreMadeAnewWhereNothingIsCounted) {
  define(std::string{kWarehouseFactories} + "  s: []\n");

  db().create_list("post_tag", 3);
  db().create("post", {.has = {{"post_tags", 3}}});
  db().create("order", {.has = {{"picks", 3}}});
  db().create("order", {.has = {{"picks", {{}, {}}}}});

  EXPECT_EQ(count("post_tags"), 6);
  EXPECT_EQ(count("tags"), 6);
  EXPECT_EQ(count("posts"), 4);
  EXPECT_EQ(count("picks"), 5);
  EXPECT_EQ(number("SELECT COUNT(DISTINCT warehouse_id) FROM picks"), 5);
  EXPECT_EQ(number("SELECT COUNT(DISTINCT product_id) FROM picks"), 2) << "shared as before";
}

}  // namespace
}  // namespace seedbed::testing
