#include <gmock/gmock.h>

#include "seedbed/factories/builder.hpp"
#include "seedbed/factories/test_seed.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/workspace/project_fixture.hpp"

namespace seedbed {
namespace {

using testing::ProjectTest;
using testing::ThrowsError;

class TestScopes : public ProjectTest {};
SEEDBED_ON_ALL_ENGINES(TestScopes);

TEST_P(TestScopes, RollBackWhatATestCreates) {
  const auto database = workspace().open(target());

  {
    const TestScope scope{*database};
    const auto users =
        database->create_list("user", 2, {}, [](CallArguments& row, std::uint64_t i) {
          row.set.push_back({"name", "User " + std::to_string(i)});
        });
    EXPECT_EQ(users.at(1)["name"].text(), "User 1");
    EXPECT_EQ(database->connection().query("SELECT id FROM users").rows.size(), 2U);
  }

  EXPECT_EQ(count(), 0);
}

TEST_P(TestScopes, GiveEveryTestTheSameRows) {
  const auto database = workspace().open(target());
  database->create("user");
  std::vector<std::string> names;

  for (int test = 0; test < 2; ++test) {
    const TestScope scope{*database};
    names.push_back(database->create("user")["name"].text());
  }

  EXPECT_THAT(names, ::testing::ElementsAre("user 2", "user 2"));
  EXPECT_EQ(database->create("user")["name"].text(), "user 2");
}

TEST_P(TestScopes, DrawBySeedsOfTheirTests) {
  const auto database = workspace().open(target());
  const auto project = database->factories().seed();
  {
    const TestScope scope{*database, {.test = "Suite.Name"}};
    EXPECT_EQ(database->factories().seed(), test_seed(project, "Suite.Name"));
    EXPECT_EQ(scope.seed_note(), seed_note(test_seed(project, "Suite.Name")));
  }
  EXPECT_EQ(database->factories().seed(), project);

  ASSERT_EQ(setenv("SEEDBED_SEED", "77", 1), 0);  // NOLINT(concurrency-mt-unsafe): one thread
  {
    const TestScope scope{*database, {.test = "Suite.Name"}};
    EXPECT_EQ(database->factories().seed(), 77U);
  }
  ASSERT_EQ(setenv("SEEDBED_SEED", "seven", 1), 0);  // NOLINT(concurrency-mt-unsafe): one thread
  EXPECT_THAT([&] { TestScope(*database, {.test = "Suite.Name"}); },
              ThrowsError(ErrorCode::invalid_input, "SEEDBED_SEED must be a whole number"));
  ASSERT_EQ(unsetenv("SEEDBED_SEED"), 0);  // NOLINT(concurrency-mt-unsafe): one thread
}

class Databases : public ProjectTest {};
SEEDBED_ON_ALL_ENGINES(Databases);

TEST_P(Databases, RefuseToCreateWithoutTheMark) {
  connection().execute("DROP TABLE " + engine().own_table("mark"));
  const auto database = workspace().open(target());

  EXPECT_THAT([&] { database->create("user"); }, ThrowsError(ErrorCode::refused, "seedbed adopt"));
  EXPECT_EQ(database->build("user")["name"].text(), "user 1");
}

TEST_P(Databases, TakeFactoriesOfBuilders) {
  auto db = workspace().open(target());
  db->define({factory("admin").extends("user").set("name", "root")});

  EXPECT_EQ(db->create("admin")["name"].text(), "root");
  EXPECT_EQ(db->create("user")["name"].text(), "user 2");
}

TEST_P(Databases, AreFilledBeforeTheirBaselineIsSealed) {
  const auto run = workspace().mark_baseline(target());

  EXPECT_EQ(run.filled_from, "scenario 'few'");
  EXPECT_EQ(count(), 3);
  EXPECT_TRUE(workspace().baseline_status(target()).unchanged);
}

TEST_P(Databases, ComeBackToTheirBaselineWithItsRowNumbers) {
  workspace().mark_baseline(target());
  const auto before = workspace().create(target(), {.factory = "user"}).front();
  connection().execute("UPDATE users SET name = 'changed'");

  workspace().reset(target(), {});

  EXPECT_EQ(count(), 3);
  const auto after = workspace().create(target(), {.factory = "user"}).front();
  EXPECT_EQ(after.values(), before.values());
}

TEST_P(Databases, KeepTheirRowsWhenTheBaselineWasReplaced) {
  const auto run = workspace().mark_baseline(target());
  workspace().create(target(), {.factory = "user"});
  workspace().save_snapshot(target(), run.baseline.snapshot, {.replace = true});

  EXPECT_THAT([&] { workspace().reset(target(), {.strategy = ResetStrategy::restore}); },
              ThrowsError(ErrorCode::conflict, "baseline mark"));
  EXPECT_EQ(count(), 4);
}

// What was noted is all that a rewind needs.
TEST_P(Databases, AreRewoundWithoutTheirSnapshot) {
  const auto run = workspace().mark_baseline(target());
  workspace().create(target(), {.factory = "user"});
  workspace().save_snapshot(target(), run.baseline.snapshot, {.replace = true});

  EXPECT_EQ(workspace().reset(target()).used, ResetStrategy::rewind);
  EXPECT_EQ(count(), 3);
}

TEST_P(Databases, AreVerifiedWhereRowsCameThatNobodyNoted) {
  workspace().mark_baseline(target());
  const auto hide = [&](const std::string& sql) {
    if (is("sqlite")) {
      const auto triggers =
          connection().query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").rows;
      for (const auto& trigger : triggers)
        connection().execute("DROP TRIGGER " + trigger[0].text());
      connection().execute(sql);
      for (const auto& trigger : triggers) connection().execute(trigger[1].text());
    } else {
      const auto writer = connect();
      writer->execute_script(
          pick("", "SET seedbed.undoing = 'hidden'", "SET @seedbed_undoing = 1"));
      writer->execute(sql);
    }
  };
  hide("INSERT INTO users (name) VALUES ('hidden')");
  EXPECT_NO_THROW(workspace().reset(target(), {.verify = VerifyReset::sample}))
      << "no table was changed, as far as is known";
  EXPECT_THAT([&] { workspace().reset(target(), {.verify = VerifyReset::always}); },
              ThrowsError(ErrorCode::corrupt, "users: unexpected (4, hidden)"));
  EXPECT_EQ(workspace().reset(target()).used, ResetStrategy::restore);
  EXPECT_EQ(count(), 3);

  hide("INSERT INTO users (name) VALUES ('hidden')");
  connection().execute("UPDATE users SET name = 'changed'");
  EXPECT_THAT([&] { workspace().reset(target(), {.verify = VerifyReset::sample}); },
              ThrowsError(ErrorCode::corrupt, "users"));
  EXPECT_EQ(workspace().reset(target(), {.verify = VerifyReset::sample}).used,
            ResetStrategy::restore);
  EXPECT_EQ(count(), 3);
}

}  // namespace
}  // namespace seedbed
