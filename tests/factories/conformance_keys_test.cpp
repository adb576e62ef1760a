// What the best factory libraries promise of keys: composite, unique, circular, in schemas.
#include <string>

#include <gtest/gtest.h>

#include "tests/factories/relation_fixture.hpp"

namespace seedbed::testing {
namespace {

class Keys : public RelationTest {};
SEEDBED_ON_ALL_ENGINES(Keys);

class PostgresKeys : public RelationTest {};
INSTANTIATE_TEST_SUITE_P(, PostgresKeys, ::testing::Values("postgres"),
                         [](const auto& instance) { return std::string{instance.param}; });

TEST_P(Keys, OfForeignKeysAloneAreMadeAndReadBack) {
  make_tables(R"(
CREATE TABLE teams (id {id}, name varchar(60) NOT NULL);
CREATE TABLE users (org varchar(20) NOT NULL, code integer NOT NULL, PRIMARY KEY (org, code));
CREATE TABLE members (team_id bigint NOT NULL, org varchar(20) NOT NULL, code integer NOT NULL,
  role varchar(10) NOT NULL DEFAULT 'guest', PRIMARY KEY (team_id, org, code),
  FOREIGN KEY (team_id) REFERENCES teams (id),
  FOREIGN KEY (org, code) REFERENCES users (org, code));
)");
  define(
      "factories: { team: { has: { members: { factory: member, count: 0 } } }, "
      "user: { set: { org: acme, code: =n } }, member: {} }");

  const auto member = db().create("member");
  const auto team = db().create("team", {.has = {{"members", 3}}});
  load_rows({{"team", 4, {}}, {"user", 5, {}}, {"member", 20, {}}});

  EXPECT_EQ(member["role"], Value{"guest"}) << "read back by the key";
  EXPECT_EQ(member["code"], member.relation("code")["code"]);
  EXPECT_EQ(team.children("members")[2]["team_id"], team.id());
  EXPECT_EQ(count("members"), 24);
  EXPECT_EQ(count("users"), 9);
}

TEST_P(Keys, OfOneToOneRelationsStayNullUnlessAsked) {
  make_tables(R"(
CREATE TABLE users (id {id}, name varchar(60) NOT NULL);
CREATE TABLE desks (id {id}, user_id bigint UNIQUE, FOREIGN KEY (user_id) REFERENCES users (id));
)");
  define("factories: { user: {}, desk: {}, taken: { table: desks, refs: { user: {} } } }");

  load_rows({{"desk", 3, {}}});
  EXPECT_EQ(count("desks", "user_id IS NULL"), 3);

  load_rows({{"user", 6, {}}, {"taken", 6, {}}});
  EXPECT_EQ(number("SELECT COUNT(DISTINCT user_id) FROM desks"), 6);
  EXPECT_EQ(count("users"), 6);

  const auto user = db().create("user");
  db().create("desk", {.set = {{"user", user}}});
  EXPECT_THAT(
      [&] {
        db().create("desk", {.set = {{"user", user}}});
      },
      ThrowsError(ErrorCode::constraint_violation, ""));
}

TEST_P(Keys, OfCirclesWithANullableEdgeAreMade) {
  const std::string key = "FOREIGN KEY (lead_id) REFERENCES users (id)";
  make_tables("CREATE TABLE teams (id {id}, name varchar(60) NOT NULL, lead_id bigint" +
              pick(", " + key, "", "") +
              "); CREATE TABLE users (id {id}, team_id bigint NOT NULL, "
              "FOREIGN KEY (team_id) REFERENCES teams (id));" +
              pick("", "ALTER TABLE teams ADD " + key, "ALTER TABLE teams ADD " + key));
  define("factories: { team: {}, user: {} }");

  const auto user = db().create("user");
  load_rows({{"team", 3, {}}, {"user", 5, {}}});

  EXPECT_EQ(user.relation("team").id(), user["team_id"]);
  EXPECT_EQ(count("teams", "lead_id IS NULL"), 4);
  EXPECT_EQ(count("users"), 6);
}

TEST_P(PostgresKeys, WhereNullsAreNotDistinctAreFilled) {
  make_tables(R"(
CREATE TABLE users (id {id}, name varchar(60) NOT NULL);
CREATE TABLE desks (id {id}, code integer, user_id bigint, UNIQUE NULLS NOT DISTINCT (user_id),
  UNIQUE NULLS NOT DISTINCT (code), FOREIGN KEY (user_id) REFERENCES users (id));
)");
  define("factories: { user: {}, desk: {} }");

  load_rows({{"desk", 3, {}}});
  db().create_list("desk", 2);

  EXPECT_EQ(count("desks", "user_id IS NOT NULL AND code IS NOT NULL"), 5);
  EXPECT_THAT(
      [&] {
        db().create_list("desk", 2, {.set = {{"user", Null{}}}});
      },
      ThrowsError(ErrorCode::constraint_violation, ""));
}

TEST_P(PostgresKeys, OfTablesOfOneNameInTwoSchemasAreKeptApart) {
  make_tables(R"(
CREATE SCHEMA app;
CREATE TABLE users (id {id}, name varchar(60) NOT NULL);
CREATE TABLE app.users (id {id}, name varchar(60) NOT NULL);
CREATE TABLE app.posts (id {id}, author_id bigint NOT NULL,
  FOREIGN KEY (author_id) REFERENCES app.users (id));
)");
  define(
      "factories:\n"
      "  user: { set: { name: outer } }\n"
      "  app_user: { table: app.users, set: { name: inner } }\n"
      "  post: { table: app.posts }\n");

  const auto post = db().create("post");
  load_rows({{"user", 4, {}}, {"app_user", 2, {}}, {"post", 5, {}}});

  EXPECT_EQ(post.relation("author").factory(), "app_user");
  EXPECT_EQ(count("users", "name = 'outer'"), 4);
  EXPECT_EQ(count("app.users", "name = 'inner'"), 3);
  EXPECT_EQ(db().create("user").row(), 5U) << "row numbers are the table's own";
  EXPECT_EQ(db().create("app_user").row(), 4U);
}

}  // namespace
}  // namespace seedbed::testing
