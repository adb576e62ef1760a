// What the best factory libraries promise of inheritance, traits and overrides.
#include <string>

#include <gtest/gtest.h>

#include "tests/factories/relation_fixture.hpp"

namespace seedbed::testing {
namespace {

constexpr const char* kLayerTables = R"(
CREATE TABLE users (id {id}, name varchar(80) NOT NULL, email varchar(120),
  role varchar(10) NOT NULL DEFAULT 'guest' CHECK (role IN ('guest', 'staff', 'admin')));
CREATE TABLE posts (id {id}, title varchar(80) NOT NULL, author_id bigint NOT NULL,
  FOREIGN KEY (author_id) REFERENCES users (id));
)";

class Layers : public RelationTest {
 protected:
  void SetUp() override {
    RelationTest::SetUp();
    if (!IsSkipped()) make_tables(kLayerTables);
  }
  std::string name(const std::string& factory, const CallArguments& arguments = {}) {
    return db().build(factory, arguments)["name"].text();
  }
};
SEEDBED_ON_SQLITE(Layers);

class LabelTraits : public RelationTest {};
SEEDBED_ON_ALL_ENGINES(LabelTraits);

TEST_P(Layers, OverridesOfACallBeatEverything) {
  define(
      "factories:\n"
      "  user:\n"
      "    params: { vip: true }\n"
      "    set: { name: own }\n"
      "    when: [ { if: =vip, set: { name: when } } ]\n"
      "    traits: { loud: { set: { name: loud } } }\n"
      "  child: { extends: user, traits: [loud], set: { name: child } }\n");

  EXPECT_EQ(name("child", {.traits = {"loud"}, .set = {{"name", "call"}}}), "call");
}

TEST_P(Layers, TraitsOfACallBeatTheFactorysConditions) {
  define(
      "factories:\n"
      "  user:\n"
      "    params: { vip: true }\n"
      "    set: { name: own }\n"
      "    when: [ { if: =vip, set: { name: when } } ]\n"
      "    traits: { loud: { set: { name: loud } } }\n");

  EXPECT_EQ(name("user"), "when");
  EXPECT_EQ(name("user", {.traits = {"loud"}}), "loud");
}

TEST_P(Layers, TraitsOfACallBeatTraitsOfTheFactory) {
  define(
      "factories:\n"
      "  user:\n"
      "    set: { name: own }\n"
      "    traits: { accepted: { set: { name: fine } }, declined: { set: { name: gone } } }\n"
      "  declined_user: { extends: user, traits: [declined] }\n");

  EXPECT_EQ(name("declined_user"), "gone");
  EXPECT_EQ(name("declined_user", {.traits = {"accepted"}}), "fine");
}

TEST_P(Layers, OwnValuesOfAFactoryBeatItsTraits) {
  define(
      "factories:\n"
      "  user:\n"
      "    set: { name: own }\n"
      "    traits: { declined: { set: { name: no } } }\n"
      "  declined_user: { extends: user, traits: [declined], set: { name: still own } }\n");

  EXPECT_EQ(name("declined_user"), "still own");
}

TEST_P(Layers, TraitsOfAFactoryBeatTheFactoryItExtends) {
  define(
      "factories:\n"
      "  user: { set: { name: own } }\n"
      "  loud: { extends: user, traits: [role:admin] }\n");

  EXPECT_EQ(db().create("user")["role"], Value{"guest"}) << "the database's default is lowest";
  EXPECT_EQ(db().create("loud")["role"], Value{"admin"});
}

TEST_P(Layers, TheLastOfTwoTraitsWins) {
  define(
      "factories:\n"
      "  user: { set: { name: own }, traits: { a: { set: { name: a } }, b: { set: { name: b } } } "
      "}\n");

  EXPECT_EQ(name("user", {.traits = {"a", "b"}}), "b");
  EXPECT_EQ(name("user", {.traits = {"b", "a"}}), "a");
}

TEST_P(Layers, ATraitBeatsTheTraitsItApplies) {
  define(
      "factories:\n"
      "  user:\n"
      "    traits: { a: { set: { name: a } }, b: { traits: [a], set: { name: b } } }\n");

  EXPECT_EQ(name("user", {.traits = {"b"}}), "b");
}

TEST_P(Layers, TraitsOfACallLeaveTheFactoryAsItWas) {
  define("factories: { user: { set: { name: own }, traits: { a: { set: { name: a } } } } }");

  EXPECT_EQ(name("user", {.traits = {"a"}}), "a");
  EXPECT_EQ(name("user"), "own");
}

TEST_P(Layers, TraitsApplyTraitsAsTheExtendingFactoryHasThem) {
  define(
      "factories:\n"
      "  user:\n"
      "    set: { name: own, email: own }\n"
      "    traits:\n"
      "      named: { set: { name: first } }\n"
      "      full: { traits: [named], set: { email: full } }\n"
      "  child: { extends: user, traits: { named: { set: { name: second } } } }\n"
      "  grandchild: { extends: child, traits: [full] }\n");

  EXPECT_EQ(name("user", {.traits = {"full"}}), "first");
  EXPECT_EQ(name("child", {.traits = {"full"}}), "second");
  EXPECT_EQ(name("grandchild"), "second");
  EXPECT_EQ(db().build("grandchild")["email"], Value{"full"});
}

TEST_P(Layers, ATraitThatIsGivenTwiceMakesItsRowsOnce) {
  define(
      "factories:\n"
      "  user:\n"
      "    has: { posts: { factory: post, count: 0, via: author_id } }\n"
      "    traits: { writer: { has: { posts: 2 } } }\n"
      "  author: { extends: user, traits: [writer] }\n"
      "  post: {}\n");

  db().create("author", {.traits = {"writer", "writer"}});

  EXPECT_EQ(count("posts"), 2);
}

TEST_P(Layers, TraitsApplyToRowsAbove) {
  define(
      "factories:\n"
      "  user: { set: { name: own }, traits: { loud: { set: { name: LOUD } } } }\n"
      "  admin: { extends: user, set: { role: admin } }\n"
      "  post: { refs: { author: { traits: [loud] } } }\n"
      "  news: { extends: post, refs: { author: { factory: admin } } }\n"
      "  quiet: { extends: post, refs: { author: { traits: [] } } }\n");

  EXPECT_EQ(db().build("post").relation("author")["name"], Value{"LOUD"});
  EXPECT_EQ(db().build("news").relation("author")["name"], Value{"LOUD"});
  EXPECT_EQ(db().build("news").relation("author")["role"], Value{"admin"});
  EXPECT_EQ(db().build("quiet").relation("author")["name"], Value{"own"});
}

TEST_P(LabelTraits, ExistForEveryLabelOfAColumn) {
  if (is("postgres")) connection().execute("CREATE TYPE mood AS ENUM ('calm', 'so so', 'it''s')");
  make_tables(
      "CREATE TABLE users (id {id}, role varchar(10) NOT NULL "
      "CHECK (role IN ('staff', 'admin')), mood " +
      pick("varchar(5) NOT NULL CHECK (mood IN ('calm', 'so so', 'it''s'))", "mood NOT NULL",
           "ENUM ('calm', 'so so', 'it''s') NOT NULL") +
      ");");
  define(
      "factories: { user: { set: { role: staff, mood: calm }, "
      "traits: { admin: { set: { mood: so so } } } } }");

  EXPECT_EQ(db().create("user", {.traits = {"role:admin"}})["role"], Value{"admin"});
  EXPECT_EQ(db().create("user", {.traits = {"mood:it's"}})["mood"], Value{"it's"});
  EXPECT_EQ(db().create("user", {.traits = {"admin"}})["role"], Value{"staff"})
      << "a trait of one's own is no label";
  EXPECT_THAT([&] { db().create("user", {.traits = {"mood:clam"}}); },
              ThrowsError(ErrorCode::invalid_input, "did you mean 'calm'"));
}

TEST_P(Layers, DependentColumnsSeeWhatAnExtendingFactoryRedefines) {
  define(
      "factories:\n"
      "  user: { set: { name: Ada, email: \"{lower(name)}@example.com\" } }\n"
      "  other: { extends: user, set: { name: Grace } }\n");

  EXPECT_EQ(db().build("user")["email"], Value{"ada@example.com"});
  EXPECT_EQ(db().build("other")["email"], Value{"grace@example.com"});
  EXPECT_EQ(db().build("other", {.set = {{"name", "Joan"}}})["email"], Value{"joan@example.com"});
}

TEST_P(Layers, InheritThroughGenerationsInAnyOrderOfTheFile) {
  define(
      "factories:\n"
      "  grandchild: { extends: child, set: { role: admin } }\n"
      "  child: { extends: user, set: { email: child } }\n"
      "  user: { set: { name: own, email: own, role: staff } }\n");

  const auto row = db().create("grandchild");

  EXPECT_EQ(row["name"], Value{"own"});
  EXPECT_EQ(row["email"], Value{"child"});
  EXPECT_EQ(row["role"], Value{"admin"});
  EXPECT_EQ(name("child"), "own");
}

TEST_P(Layers, AParamPicksTheBranch) {
  define(
      "factories:\n"
      "  user:\n"
      "    params: { vip: false }\n"
      "    set: { name: \"=if(vip, 'gold', 'plain')\", role: guest }\n"
      "    when: [ { if: =vip, set: { role: staff } } ]\n"
      "  post: {}\n");

  const auto vip = db().build("user", {.set = {{"vip", true}}});

  EXPECT_EQ(vip["name"], Value{"gold"});
  EXPECT_EQ(vip["role"], Value{"staff"});
  EXPECT_FALSE(vip.has("vip")) << "params are not stored";
  EXPECT_EQ(name("user"), "plain");
  const auto post = db().build("post", {.set = {{"author.vip", true}}});
  EXPECT_EQ(post.relation("author")["name"], Value{"gold"}) << "through a path too";
}

}  // namespace
}  // namespace seedbed::testing
