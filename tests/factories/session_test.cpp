// What a session offers to tests: lists whose rows differ, row numbers, seeds, counts of rows.
#include <cstdlib>
#include <optional>
#include <string>

#include <gmock/gmock.h>

#include "seedbed/engines/transaction.hpp"
#include "seedbed/factories/insight/lint.hpp"
#include "seedbed/factories/test_seed.hpp"
#include "tests/factories/relation_fixture.hpp"

namespace seedbed::testing {
namespace {

constexpr const char* kUserTables = R"(
CREATE TABLE users (id {id}, name varchar(80) NOT NULL, role varchar(20), plan varchar(20),
  code varchar(20) UNIQUE, score decimal(8, 2), referrer_id bigint,
  FOREIGN KEY (referrer_id) REFERENCES users (id));
CREATE TABLE posts (id {id}, title varchar(80) NOT NULL, author_id bigint NOT NULL,
  FOREIGN KEY (author_id) REFERENCES users (id));
)";

constexpr const char* kUserFactories =
    "factories:\n"
    "  user: { set: { name: \"u{n}\", code: =1 .. 500, score: =1.00 .. 99.00 } }\n"
    "  admin: { extends: user }\n"
    "  boss_of_all: { extends: user, params: { level: =required() }, set: { role: =level },\n"
    "                 traits: { top: { params: { level: top } } } }\n"
    "  post: { refs: { author: { factory: user } }, set: { title: \"p{n}\" } }\n";

class Sessions : public RelationTest {
 protected:
  void SetUp() override {
    RelationTest::SetUp();
    if (IsSkipped()) return;
    make_tables(kUserTables);
    define(kUserFactories);
  }
  std::string names() { return values("SELECT name FROM users ORDER BY id"); }
};
SEEDBED_ON_ALL_ENGINES(Sessions);

TEST_P(Sessions, ListsTakeOverridesAndTheIndexOfEachRow) {
  const auto users = db().create_list("user", 3, {.set = {{"role", "staff"}}},
                                      [](CallArguments& row, std::uint64_t index) {
                                        if (index == 1) row.set.push_back({"name", "second"});
                                      });

  ASSERT_EQ(users.size(), 3U);
  EXPECT_EQ(users[1]["name"], Value{"second"});
  EXPECT_EQ(users[2].row(), 3U);
  EXPECT_EQ(names(), "u1 second u3");
  EXPECT_EQ(count("users", "role = 'staff'"), 3);
}

TEST_P(Sessions, ListsAreBuiltInTheSameWay) {
  const auto users = db().build_list("user", 2, {}, [](CallArguments& row, std::uint64_t index) {
    row.set.push_back({"name", "built " + std::to_string(index)});
  });

  EXPECT_EQ(users[1]["name"], Value{"built 1"});
  EXPECT_EQ(count("users"), 0);
}

TEST_P(Sessions, ListsGiveEachRowAGraphOfItsOwn) {
  const auto posts = db().create_list("post", 3, {}, [](CallArguments& row, std::uint64_t index) {
    row.set.push_back({"author.role", index == 0 ? "first" : "later"});
  });

  EXPECT_EQ(count("users"), 3);
  EXPECT_EQ(posts[0].relation("author")["role"], Value{"first"});
  EXPECT_EQ(posts[2].relation("author")["role"], Value{"later"});
}

TEST_P(Sessions, ListsOfNoneAreNoError) {
  EXPECT_TRUE(db().create_list("user", 0, {.set = {{"role", cycle({"a", "b"})}}}).empty());
  EXPECT_TRUE(db().create_list("user", 0, {}, [](CallArguments&, std::uint64_t) {}).empty());
}

TEST_P(Sessions, CyclesGiveRowsTheirValuesInTurn) {
  const auto ada = db().create("user", {.set = {{"name", "Ada"}}});
  const auto eve = db().create("user", {.set = {{"name", "Eve"}}});

  const auto posts = db().create_list(
      "post", 3, {.set = {{"title", cycle({"a", "b"})}, {"author", cycle({ada, eve})}}});

  EXPECT_EQ(values("SELECT title FROM posts ORDER BY id"), "a b a");
  EXPECT_EQ(posts[1]["author_id"], eve.id());
  EXPECT_EQ(posts[2]["author_id"], ada.id());
  EXPECT_EQ(count("users"), 2);
}

TEST_P(Sessions, CrossingCyclesGivesTheFullProduct) {
  db().create_list("user", 6,
                   {.set = cross({{"role", {"admin", "staff"}}, {"plan", {"a", "b", "c"}}})});

  EXPECT_EQ(values("SELECT role FROM users ORDER BY id"), "admin admin admin staff staff staff");
  EXPECT_EQ(values("SELECT plan FROM users ORDER BY id"), "a b c a b c");
}

TEST_P(Sessions, CyclesAndCrossesAreWrittenInJson) {
  const auto call = parse_call(
      R"({"factory": "user", "count": 4, "set": {"name": {"$cycle": ["x", "y"]},
          "$cross": {"role": ["r", "s"], "plan": ["p", "q"]}}})");

  db().create_list(call.factory, call.count, call.arguments);

  EXPECT_EQ(names(), "x y x y");
  EXPECT_EQ(values("SELECT role FROM users ORDER BY id"), "r r s s");
  EXPECT_EQ(values("SELECT plan FROM users ORDER BY id"), "p q p q");
}

TEST_P(Sessions, CyclesAreRefusedWhereTheyHaveNoUse) {
  EXPECT_THAT([] { static_cast<void>(cycle(std::vector<SettingValue>{})); },
              ThrowsError(ErrorCode::invalid_input, "a cycle needs values"));
  EXPECT_THAT(
      [&] {
        load_rows({{"user", 3, {.set = {{"role", cycle({"a"})}}}}});
      },
      ThrowsError(ErrorCode::invalid_input, "a load takes an expression"));
}

TEST_P(Sessions, UniqueValuesThatRowsOfAListStateAreLeftOut) {
  const auto first = db().build("user")["code"];

  const auto users = db().create_list("user", 2, {}, [&](CallArguments& row, std::uint64_t index) {
    if (index == 1) row.set.push_back({"code", first});
  });

  EXPECT_EQ(users[1]["code"], first);
  EXPECT_NE(users[0]["code"], first);
}

TEST_P(Sessions, RowNumbersAreAskedForByTableOrFactory) {
  db().create_list("user", 2);

  EXPECT_EQ(db().row_number("user"), 3U);
  EXPECT_EQ(db().row_number("users"), 3U);
  EXPECT_EQ(db().row_number("admin"), 3U);
  EXPECT_EQ(db().row_number("post"), 1U);
  EXPECT_THAT([&] { static_cast<void>(db().row_number("usr")); },
              ThrowsError(ErrorCode::not_found, "'usr'; did you mean 'user'?"));
}

TEST_P(Sessions, RowNumbersGoOnFromWhereTheyAreSet) {
  db().set_row_number("user", 40);

  EXPECT_EQ(db().create("admin")["name"], Value{"u40"});
  EXPECT_THAT([&] { db().set_row_number("users", 7); },
              ThrowsError(ErrorCode::conflict,
                          "row number 7 of table 'users' was used already; the next one is 41"));
  EXPECT_THAT([&] { db().set_row_number("users", 0); },
              ThrowsError(ErrorCode::invalid_input, "row numbers are 1 to"));
  EXPECT_EQ(db().row_number("users"), 41U);
}

TEST_P(Sessions, RowNumbersAreRewoundWhenTheTableIsEmpty) {
  db().create("user");
  EXPECT_THAT([&] { db().rewind("user"); }, ThrowsError(ErrorCode::conflict, "empty it first"));
  EXPECT_EQ(db().row_number("user"), 2U);

  connection().execute("DELETE FROM users");
  db().rewind("user");

  EXPECT_EQ(db().create("user")["name"], Value{"u1"});
}

TEST_P(Sessions, RowNumbersOfASandboxAreRewoundToItsBegin) {
  db().create("user");
  {
    Transaction transaction{connection()};
    db().enter_sandbox();
    db().set_row_number("user", 20);
    EXPECT_EQ(db().create("user")["name"], Value{"u20"});
    db().rewind("user");
    EXPECT_EQ(db().row_number("user"), 2U);
    db().leave_sandbox();
  }
  EXPECT_EQ(db().row_number("user"), 2U);
}

TEST_P(Sessions, TestsDrawBySeedsOfTheirOwnButForUniqueColumns) {
  const auto plain = db().build("user");
  const auto seed = test_seed(42, "Suite.Name");

  db().set_seed(seed);
  const auto test = db().build("user");
  db().set_seed(42);

  EXPECT_NE(test["score"], plain["score"]);
  EXPECT_EQ(test["code"], plain["code"]);
  EXPECT_EQ(db().seed(), 42U);
  EXPECT_EQ(db().build("user")["score"], plain["score"]);
  EXPECT_NE(seed, test_seed(42, "Suite.Other"));
  EXPECT_EQ(seed, test_seed(42, "Suite.Name"));
}

TEST_P(Sessions, OptionsNameTheTest) {
  const auto library = FactoryLibrary::parse("factories: { user: {} }", "f.yaml");
  FactorySession named{connection(), schema(), library, {.seed = 42, .test = "Suite.Name"}};
  FactorySession forced{
      connection(), schema(), library, {.seed = 42, .test = "Suite.Name", .draw_seed = 7}};

  EXPECT_EQ(named.seed(), test_seed(42, "Suite.Name"));
  EXPECT_EQ(forced.seed(), 7U);
}

TEST_P(Sessions, CascadesKeepToTheirBudget) {
  const auto post = db().expect_rows(2, [&] { return db().create("post"); });
  db().expect_rows(0, [&] { static_cast<void>(db().build("post")); });

  EXPECT_EQ(post["title"], Value{"p1"});
  EXPECT_THAT(
      [&] { db().expect_rows(3, [&] { db().create_list("post", 2); }); },
      ThrowsError(ErrorCode::conflict, "3 rows were expected, 4 were written: posts 2, users 2"));
}

TEST_P(Sessions, ValuesAreReadAsTheTypeThatIsAskedFor) {
  const auto user = db().create("user", {.set = {{"score", "1.50"}, {"role", Null{}}}});

  EXPECT_EQ(user["score"].as<std::string>(), "1.50");
  EXPECT_EQ(user.get<std::string>("score"), "1.50");
  EXPECT_EQ(user.get<double>("score"), 1.5);
  EXPECT_EQ(user.get<std::int64_t>("id"), user.id().integer());
  EXPECT_EQ(user.get<std::optional<std::string>>("role"), std::nullopt);
  EXPECT_EQ(user.get<std::optional<std::string>>("name"), "u1");
  EXPECT_THAT([&] { static_cast<void>(user.get<std::string>("role")); },
              ThrowsError(ErrorCode::invalid_input,
                          "record of 'user': column 'role': value is null, not text"));
  EXPECT_THAT([&] { static_cast<void>(user.get<bool>("name")); },
              ThrowsError(ErrorCode::invalid_input, "column 'name': value is text, not boolean"));
}

TEST_P(Sessions, RequiredParamsAreGivenByTheCallOrATrait) {
  EXPECT_THAT([&] { db().create("boss_of_all"); },
              ThrowsError(ErrorCode::invalid_input,
                          "factory 'boss_of_all': param 'level' is required; give it in the call"));
  EXPECT_EQ(db().create("boss_of_all", {.set = {{"level", "high"}}})["role"], Value{"high"});
  EXPECT_EQ(db().create("boss_of_all", {.traits = {"top"}})["role"], Value{"top"});
  EXPECT_EQ(count("users"), 2);
}

TEST_P(Sessions, LintNamesTheParamThatIsRequired) {
  const auto library = FactoryLibrary::parse(kUserFactories, "f.yaml");
  Progress progress;
  db().prepare();

  const auto report = lint({connection(), schema(), library, {.seed = 42}},
                           {.factories = {"boss_of_all"}}, progress);

  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_THAT(report.findings[0].message, ::testing::HasSubstr("param 'level' is required"));
  EXPECT_TRUE(report.findings[0].traits.empty());
  EXPECT_EQ(library.check(schema()).size(), 0U);
}

TEST(ForcedSeed, IsReadFromTheEnvironment) {
  ASSERT_EQ(setenv("SEEDBED_SEED", "77", 1), 0);  // NOLINT(concurrency-mt-unsafe): one thread
  EXPECT_EQ(forced_seed(), 77U);
  ASSERT_EQ(setenv("SEEDBED_SEED", "7x", 1), 0);  // NOLINT(concurrency-mt-unsafe): one thread
  EXPECT_THAT([] { static_cast<void>(forced_seed()); },
              ThrowsError(ErrorCode::invalid_input, "SEEDBED_SEED must be a whole number"));
  ASSERT_EQ(unsetenv("SEEDBED_SEED"), 0);  // NOLINT(concurrency-mt-unsafe): one thread
  EXPECT_EQ(forced_seed(), std::nullopt);
  EXPECT_EQ(seed_note(77), "SEEDBED_SEED=77 makes the same rows again");
}

}  // namespace
}  // namespace seedbed::testing
