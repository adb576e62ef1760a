#include "seedbed/factories/plan/self_shape.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/factories/relation_fixture.hpp"

namespace seedbed::testing {
namespace {

/// Rows of one table that refer to each other.
class SelfShapes : public RelationTest {
 protected:
  void SetUp() override {
    RelationTest::SetUp();
    if (IsSkipped()) return;
    make_tables(R"(
CREATE TABLE staff (id {id}, name varchar(60) NOT NULL, manager_id bigint,
  FOREIGN KEY (manager_id) REFERENCES staff (id));
CREATE TABLE nodes (id {id}, parent_id bigint NOT NULL,
  FOREIGN KEY (parent_id) REFERENCES nodes (id));
CREATE TABLE posts (id {id}, title varchar(60) NOT NULL);
CREATE TABLE comments (id {id}, post_id bigint NOT NULL, parent_id bigint,
  FOREIGN KEY (post_id) REFERENCES posts (id), FOREIGN KEY (parent_id) REFERENCES comments (id));
CREATE TABLE tenants (id {id}, name varchar(60) NOT NULL);
CREATE TABLE pages (tenant_id bigint NOT NULL, id integer NOT NULL, parent_id integer,
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES pages (tenant_id, id));
)");
  }

  void define_staff(const std::string& shape) {
    define("factories:\n  staff: { table: staff, refs: { manager: { " + shape + " } } }\n");
  }
  /// Managers by row, relative to the first key.
  std::string managers() {
    return values("SELECT manager_id - (SELECT MIN(id) FROM staff) + 1 FROM staff ORDER BY id");
  }
};
SEEDBED_ON_ALL_ENGINES(SelfShapes);

TEST_P(SelfShapes, MakesATreeOfTheFanoutThatIsAskedFor) {
  define_staff("shape: tree, fanout: 3");

  db().create_list("staff", 10);

  EXPECT_EQ(managers(), "- 1 1 1 2 2 2 3 3 3");
}

TEST_P(SelfShapes, MakesTwoBranchesUnlessToldOtherwise) {
  define_staff("shape: tree");

  load_rows({{"staff", 7, {}}});

  EXPECT_EQ(managers(), "- 1 1 2 2 3 3");
}

TEST_P(SelfShapes, SharesTheRowsOfATreeAmongItsRoots) {
  define_staff("shape: tree, fanout: 2, roots: 3");

  load_rows({{"staff", 11, {}}});

  EXPECT_EQ(managers(), "- - - 1 1 2 2 3 3 4 4");
}

TEST_P(SelfShapes, MakesAChain) {
  define_staff("shape: chain");

  db().create_list("staff", 4);

  EXPECT_EQ(managers(), "- 1 2 3");
}

TEST_P(SelfShapes, MakesTheSameRandomTreeByCreateAndByLoad) {
  define_staff("shape: random");

  const auto list = db().create_list("staff", 40);
  const auto created = managers();
  connection().execute("UPDATE staff SET manager_id = NULL");
  connection().execute("DELETE FROM staff");
  connection().execute(fmt::format("DELETE FROM {}", engine().own_table("rows")));
  load_rows({{"staff", 40, {}}});

  EXPECT_EQ(managers(), created);
  EXPECT_EQ(created.substr(0, 3), "- 1");
  EXPECT_GT(number("SELECT COUNT(DISTINCT manager_id) FROM staff"), 8);
  EXPECT_EQ(list[39].relation("manager")["id"], list[39]["manager_id"]);
}

TEST_P(SelfShapes, MakesEveryRowARootWithTheProbabilityOfPercentRoots) {
  define_staff("shape: chain, roots: 5%");

  load_rows({{"staff", 2000, {}}});

  EXPECT_EQ(count("staff", "manager_id IS NULL AND id = (SELECT MIN(id) FROM staff)"), 1);
  EXPECT_GT(count("staff", "manager_id IS NULL"), 60);
  EXPECT_LT(count("staff", "manager_id IS NULL"), 145);
  EXPECT_EQ(count("staff", "manager_id <> id - 1"), 0) << "no other row moves";
}

TEST_P(SelfShapes, ReachesAcrossTheBatchesOfALoad) {
  define_staff("shape: random");

  load_rows({{"staff", 40'000, {}}});

  EXPECT_EQ(count("staff", "manager_id IS NULL"), 1);
  EXPECT_EQ(count("staff", "manager_id >= id"), 0);
  EXPECT_GT(count("staff", "id > 30000 AND manager_id < 5000"), 500);
}

TEST_P(SelfShapes, LetsRootsReferToThemselvesWhereTheKeyIsNotNull) {
  define("factories: { node: { refs: { parent: { shape: tree } } } }");

  const auto root = db().create("node");
  db().create_list("node", 3);
  load_rows({{"node", 3, {}}});

  EXPECT_EQ(root["parent_id"], root.id());
  EXPECT_EQ(root.relation("parent").id(), root.id());
  EXPECT_EQ(count("nodes", "parent_id = id"), 3) << "each call and each entry has its own tree";
  EXPECT_EQ(count("nodes", "parent_id < id"), 4);
}

TEST_P(SelfShapes, KeepsAThreadBelowItsPost) {
  define(
      "factories:\n"
      "  post: { has: { comments: { factory: comment, count: 0 } } }\n"
      "  comment: { refs: { parent: { shape: tree } } }\n"
      "scenarios:\n"
      "  s: [ { post: 30 }, { comment: { per: post, count: \"=0 .. 6\" } } ]\n");

  load_scenario("s");
  const auto posts = db().create_list("post", 2, {.has = {{"comments", 4}}});

  EXPECT_EQ(number("SELECT COUNT(*) FROM comments c JOIN comments p ON p.id = c.parent_id "
                   "WHERE p.post_id <> c.post_id OR p.id >= c.id"),
            0);
  EXPECT_EQ(count("comments", "parent_id IS NULL"),
            number("SELECT COUNT(DISTINCT post_id) FROM comments"));
  EXPECT_EQ(posts[1].children("comments")[3].relation("parent").id(),
            posts[1].children("comments")[1].id());
}

TEST_P(SelfShapes, ReachesChildrenThatAreListedOneByOne) {
  define(
      "factories:\n"
      "  post: { has: { comments: { factory: comment, count: 0 } } }\n"
      "  comment: { refs: { parent: { shape: chain } } }\n");

  const auto post = db().create("post", {.has = {{"comments", {{}, {.set = {{"id", 700}}}, {}}}}});

  const auto comments = post.children("comments");
  EXPECT_TRUE(comments[0]["parent_id"].is_null());
  EXPECT_EQ(comments[1]["parent_id"], comments[0].id());
  EXPECT_EQ(comments[2]["parent_id"], Value{700});
}

TEST_P(SelfShapes, StaysInsideTheTenantOfACompositeKey) {
  define(
      "factories:\n"
      "  tenant: {}\n"
      "  page: { set: { id: =index + 1 }, refs: { parent: { shape: tree, via: parent_id } } }\n"
      "scenarios:\n"
      "  s: [ { tenant: 3 }, { page: { per: tenant, count: 5 } } ]\n"
      "  loose: [ { tenant: 3 }, { page: 5 } ]\n");

  load_scenario("s");

  EXPECT_EQ(count("pages", "parent_id IS NULL"), 3);
  EXPECT_EQ(count("pages", "id = 5 AND parent_id = 2"), 3);
  refuses_scenario("loose",
                   "f.yaml:3:44: factory 'page': relation 'parent': rows of a shape need "
                   "one 'tenant_id' for all");
}

TEST_P(SelfShapes, GivesWayToARowThatIsGiven) {
  define_staff("shape: chain");
  const auto boss = db().create("staff");

  const auto list = db().create_list("staff", 2, {.set = {{"manager", boss}}});
  const auto free = db().create_list("staff", 2, {.set = {{"manager", Null{}}}});

  EXPECT_EQ(list[1]["manager_id"], boss.id());
  EXPECT_TRUE(free[1]["manager_id"].is_null());
}

TEST_P(SelfShapes, ShowsColumnsTheRowAbove) {
  define(
      "factories:\n"
      "  staff:\n"
      "    table: staff\n"
      "    refs: { manager: { shape: tree } }\n"
      "    set: { name: \"=if(manager_id == null, 'root', concat('below ', manager.id))\" }\n");

  const auto list = db().create_list("staff", 3);

  EXPECT_EQ(list[0]["name"], Value{"root"});
  EXPECT_EQ(list[2]["name"], Value{"below " + list[0].id().as<std::string>()});
}

TEST_P(SelfShapes, IsBuiltWithoutKeys) {
  define_staff("shape: tree");

  const auto built = db().build_list("staff", 3);

  EXPECT_FALSE(built[2].has("manager_id")) << "keys are not known yet";
  EXPECT_EQ(built[2].relation("manager").row(), 1U);
}

TEST_P(SelfShapes, RefusesWhatMakesNoShape) {
  const auto refuses = [&](const std::string& entry, const std::string& text) {
    EXPECT_THAT(
        [&] {
          define_staff(entry);
          db().create("staff");
        },
        ThrowsError(ErrorCode::invalid_input, text));
  };
  refuses("shape: tre", "f.yaml:2:52: 'shape' must be tree, chain or random, not 'tre'; did you");
  refuses("shape: tree, fanout: 0", "f.yaml:2:66: 'fanout' must be a number from 1 on");
  refuses("shape: tree, roots: 0", "'roots' must be a number of first rows from 1 on");
  refuses("shape: tree, roots: 120%", "or a percentage such as 5%");
  refuses("shape: chain, fanout: 2",
          "f.yaml:2:34: factory 'staff': reference 'manager': 'fanout' "
          "is for 'shape: tree'");
  refuses("roots: 2", "'roots' needs a 'shape'");
  refuses("shape: tree, share: graph", "'share' has no use with 'shape'");
  EXPECT_THAT(
      [&] {
        define("factories: { comment: { refs: { post: { shape: tree } } } }");
        db().create("comment");
      },
      ThrowsError(ErrorCode::invalid_input,
                  "f.yaml:1:33: factory 'comment': 'post' leads to table 'posts'; a 'shape' is for "
                  "keys of table 'comments' to itself"));
}

}  // namespace

TEST(SelfShape, FindsOnlyRowsBefore) {
  for (const auto shape : {Shape::tree, Shape::chain, Shape::random}) {
    for (std::uint64_t place = 0; place < 1000; ++place) {
      const auto above = detail::place_above({shape, 3, {2, {}}}, {place, place + 1, 7});
      EXPECT_EQ(above.has_value(), place >= 2);
      EXPECT_LT(above.value_or(0), std::max<std::uint64_t>(place, 1));
    }
  }
}

TEST(SelfShape, PicksRowsOfARandomTreeUniformly) {
  std::uint64_t lower = 0;
  for (std::uint64_t row = 1; row <= 10'000; ++row) {
    lower += *detail::place_above({Shape::random, 2, {}}, {1000, row, 7}) < 500 ? 1U : 0U;
  }
  EXPECT_NEAR(static_cast<double>(lower), 5000, 200);
}

}  // namespace seedbed::testing
