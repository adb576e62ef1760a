// What the best factory libraries promise of params, sequences, lists, hooks and seeds.
#include <string>

#include <gtest/gtest.h>

#include "seedbed/factories/test_seed.hpp"
#include "tests/factories/relation_fixture.hpp"

namespace seedbed::testing {
namespace {

constexpr const char* kObjectTables = R"(
CREATE TABLE users (id {id}, name varchar(80) NOT NULL, email varchar(120), role varchar(20));
CREATE TABLE posts (id {id}, title varchar(80) NOT NULL, author_id bigint NOT NULL,
  token varchar(40), FOREIGN KEY (author_id) REFERENCES users (id));
CREATE TABLE log (id {id}, entry varchar(80));
)";

class Objects : public RelationTest {
 protected:
  void SetUp() override {
    RelationTest::SetUp();
    if (!IsSkipped()) make_tables(kObjectTables);
  }
};
SEEDBED_ON_SQLITE(Objects);

// factory_bot 13.
TEST_P(Objects, ParamsAreInNoRecordAndSeenByColumns) {
  define("factories: { user: { params: { vip: true }, set: { name: \"{vip}\" } } }");

  const auto built = db().build("user");

  EXPECT_EQ(built["name"], Value{"true"});
  EXPECT_FALSE(built.has("vip"));
  EXPECT_FALSE(db().attributes("user").has("vip"));
}

// factory_bot 14, factory_boy 36, Fishery 44.
TEST_P(Objects, NumbersAdvanceOncePerRowAndAreSharedByExtendingFactories) {
  define(
      "factories:\n"
      "  user: { params: { place: =n }, set: { name: \"{place}-{n}-{place}\" } }\n"
      "  admin: { extends: user }\n"
      "  post: { set: { title: \"{n}\" } }\n");

  EXPECT_EQ(db().create("user")["name"], Value{"1-1-1"});
  EXPECT_EQ(db().create("admin")["name"], Value{"2-2-2"});
  EXPECT_EQ(db().create("post")["title"], Value{"1"});
}

// factory_boy 37: here a number belongs to its row, so an override does not give it to the next.
TEST_P(Objects, OverridesOfAColumnThatShowsTheNumberLeaveOtherRowsAsTheyAre) {
  define("factories: { user: { set: { name: \"u{n}\" } } }");

  db().create("user", {.set = {{"name", "Ada"}}});

  EXPECT_EQ(db().create("user")["name"], Value{"u2"});
}

// factory_bot 17 and 18.
TEST_P(Objects, CountersOfSeveralColumnsBeginWhereTheyAreTold) {
  define(
      "factories:\n"
      "  user:\n"
      "    set: { name: \"u{n}\", email: \"{n + 999}\" }\n"
      "    traits: { odd: { set: { email: \"{2 * n - 1}\" } } }\n");

  db().create("user");
  EXPECT_EQ(db().create("user")["email"], Value{"1001"});
  EXPECT_EQ(db().create("user", {.traits = {"odd"}})["email"], Value{"5"});
}

// factory_bot 27.
TEST_P(Objects, ListsApplyOverridesToAllRows) {
  define("factories: { user: { set: { name: x } } }");

  const auto users = db().create_list("user", 2, {.set = {{"role", "all"}}});

  EXPECT_EQ(users[0]["role"], Value{"all"});
  EXPECT_EQ(users[1]["role"], Value{"all"});
}

// factory_bot 29.
TEST_P(Objects, AttributesHaveOverridesAndValuesButNoRelations) {
  define(
      "factories:\n"
      "  user: { set: { name: x } }\n"
      "  post: { params: { loud: true }, set: { title: \"{upper('t')}{n}\" } }\n");

  const auto post = db().attributes("post", {.set = {{"token", "t"}}});

  EXPECT_EQ(post["title"], Value{"T1"});
  EXPECT_EQ(post["token"], Value{"t"});
  EXPECT_FALSE(post.has("author_id"));
  EXPECT_TRUE(post.relations().empty());
}

// factory_boy 41.
TEST_P(Objects, OneSeedDecidesEveryDraw) {
  const std::string factories =
      "factories: { user: { set: { name: =full_name(), email: =email(), role: =hex(8) } } }";
  define(factories);
  const auto first = db().build_list("user", 3);
  define(factories);
  const auto again = db().build_list("user", 3);

  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(first[i].values(), again[i].values());
}

// Fishery 43.
TEST_P(Objects, OverridesKeepTheOtherValuesOfATrait) {
  define(
      "factories:\n"
      "  user: { traits: { boss: { set: { name: Boss, role: admin } } } }\n");

  const auto user = db().build("user", {.traits = {"boss"}, .set = {{"name", "Ada"}}});

  EXPECT_EQ(user["name"], Value{"Ada"});
  EXPECT_EQ(user["role"], Value{"admin"});
}

// Fishery 45.
TEST_P(Objects, ExtendingChangesNothingInWhatIsExtended) {
  define(
      "factories:\n"
      "  user: { set: { name: own } }\n"
      "  admin: { extends: user, set: { name: admin }, traits: { loud: { set: { name: LOUD } } } "
      "}\n");

  EXPECT_EQ(db().build("admin", {.traits = {"loud"}})["name"], Value{"LOUD"});
  EXPECT_EQ(db().build("user")["name"], Value{"own"});
  EXPECT_THAT([&] { static_cast<void>(db().build("user", {.traits = {"loud"}})); },
              ThrowsError(ErrorCode::not_found, "has no trait 'loud'"));
}

// Laravel 51.
TEST_P(Objects, ChildrenTakeArgumentsOfTheirOwn) {
  define(
      "factories:\n"
      "  user: { has: { posts: 0 } }\n"
      "  post: {}\n");

  const auto user = db().create(
      "user", {.has = {{"posts", {{.set = {{"title", "a"}}}, {.set = {{"title", "b"}}}}}}});

  ASSERT_EQ(user.children("posts").size(), 2U);
  EXPECT_EQ(user.children("posts")[1]["title"], Value{"b"});
}

class Counters : public Objects {};
SEEDBED_ON_ALL_ENGINES(Counters);

// Snaplet 60.
TEST_P(Counters, OfTheDatabaseGoOnBehindLoadsAndForeignRows) {
  define("factories: { user: { set: { name: x } } }");
  load_rows({{"user", 5}});
  connection().execute("INSERT INTO users (name) VALUES ('foreign')");

  const auto user = db().create("user");
  load_rows({{"user", 2}});
  connection().execute("INSERT INTO users (name) VALUES ('foreign')");

  EXPECT_EQ(user.id(), Value{7});
  EXPECT_EQ(number("SELECT MAX(id) FROM users"), 10);
  EXPECT_EQ(count("users"), 10);
}

}  // namespace
}  // namespace seedbed::testing
