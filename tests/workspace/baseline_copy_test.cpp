#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/engines/database_server.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/workspace/project_fixture.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

/// A baseline of which a copy is kept.
class BaselineCopies : public testing::ProjectTest {
 protected:
  void mark() {
    disconnect();
    EXPECT_TRUE(workspace().mark_baseline(target(), {.strategy = ResetStrategy::clone}).copied);
    EXPECT_THAT(own_databases(), ::testing::SizeIs(1));
  }

  void TearDown() override {
    if (!IsSkipped()) {
      disconnect();
      EXPECT_TRUE(workspace().remove_baseline(target()));
      EXPECT_THAT(own_databases(), ::testing::IsEmpty());
    }
    ProjectTest::TearDown();
  }

  /// What is kept for this very database; other tests keep copies on the same server.
  [[nodiscard]] std::vector<std::string> own_databases() const {
    const std::string name =
        is("sqlite") ? std::filesystem::absolute(url().database).lexically_normal().string()
                     : url().database;
    const auto [incoming, outgoing] = replacement_names(name);
    const std::string copy = "seedbed_baseline" + incoming.substr(incoming.rfind('_'));
    std::vector<std::string> names;
    const auto server = engine().connect_server(url());
    for (const auto& own : {copy, incoming, outgoing}) {
      for (auto& database : server->list(own)) names.push_back(std::move(database.name));
    }
    return names;
  }

  void use_for_a_while(const std::atomic<bool>& stop) {
    try {
      const auto other = connect();
      for (int i = 0; i < 50 && !stop; ++i) static_cast<void>(other->query("SELECT 1"));
    } catch (const Error&) {
      std::this_thread::yield();
    }
  }

  void expect_baseline() {
    EXPECT_EQ(count(), 3);
    EXPECT_EQ(connection().query("SELECT * FROM users").columns,
              (std::vector<std::string>{"id", "name"}));
  }
};
SEEDBED_ON_ALL_ENGINES(BaselineCopies);

TEST_P(BaselineCopies, BringBackASchemaThatWasChanged) {
  mark();
  connection().execute("ALTER TABLE users ADD COLUMN extra INT");
  connection().execute("DELETE FROM users");
  disconnect();

  const auto report = workspace().reset(target());

  EXPECT_EQ(report.used, ResetStrategy::clone);
  EXPECT_THAT(report.reason, ::testing::HasSubstr("users"));
  expect_baseline();
}

TEST_P(BaselineCopies, LeaveADatabaseThatIsNotedAndMarkedAgain) {
  mark();
  connection().execute("ALTER TABLE users ADD COLUMN extra INT");
  disconnect();
  ASSERT_EQ(workspace().reset(target()).used, ResetStrategy::clone);

  const auto made = workspace().create(target(), {.factory = "user"}).front();
  EXPECT_EQ(made["name"].text(), "user 4");
  connection().execute("UPDATE users SET name = 'changed'");

  EXPECT_EQ(workspace().reset(target(), {.verify = VerifyReset::always}).used,
            ResetStrategy::rewind);
  expect_baseline();
  connection().execute("DROP TABLE users");
  disconnect();
  EXPECT_EQ(workspace().reset(target(), {.verify = VerifyReset::always}).used,
            ResetStrategy::clone);
  expect_baseline();
}

TEST_P(BaselineCopies, AreTakenWhenTheyAreAskedFor) {
  mark();

  EXPECT_EQ(workspace().reset(target(), {.strategy = ResetStrategy::clone}).used,
            ResetStrategy::clone);
  expect_baseline();
}

TEST_P(BaselineCopies, AreNotThereUnlessTheyWereMade) {
  workspace().mark_baseline(target());

  EXPECT_THAT([&] { workspace().reset(target(), {.strategy = ResetStrategy::clone}); },
              ThrowsError(ErrorCode::not_found, "baseline mark --strategy clone"));
}

// That would bring back what was sealed before.
TEST_P(BaselineCopies, OfAnOlderBaselineAreNotTaken) {
  mark();
  workspace().create(target(), {.factory = "user"});
  workspace().mark_baseline(target());
  connection().execute("ALTER TABLE users ADD COLUMN extra INT");

  EXPECT_THAT([&] { workspace().reset(target()); },
              ThrowsError(ErrorCode::conflict, "--strategy clone"));
  EXPECT_EQ(count(), 4);
  EXPECT_THAT(own_databases(), ::testing::IsEmpty());
}

TEST_P(BaselineCopies, AreNotMadeWhileOthersAreConnected) {
  if (!is("postgres")) GTEST_SKIP() << "only PostgreSQL cannot clone then";
  const auto other = connect();

  EXPECT_THAT([&] { workspace().mark_baseline(target(), {.strategy = ResetStrategy::clone}); },
              ThrowsError(ErrorCode::unavailable, "there is no copy of it"))
      << other->database_name();
  EXPECT_THAT(own_databases(), ::testing::IsEmpty());
  EXPECT_TRUE(workspace().baseline_status(target()).unchanged);
}

TEST_P(BaselineCopies, KeepTheConnectionsThatTheEngineLetsStay) {
  mark();
  const auto other = connect();
  static_cast<void>(other->query("SELECT * FROM users"));
  other->execute("ALTER TABLE users ADD COLUMN extra INT");

  ASSERT_EQ(workspace().reset(target()).used, ResetStrategy::clone);

  const auto read = [&] { return other->query("SELECT * FROM users").columns.size(); };
  if (is("postgres")) {
    EXPECT_ANY_THROW(static_cast<void>(read()));
  } else {
    EXPECT_EQ(read(), 2U);
  }
}

// As the connection pool of a program under test does.
TEST_P(BaselineCopies, AreTakenAlthoughOthersConnectAgain) {
  mark();
  connection().execute("ALTER TABLE users ADD COLUMN extra INT");
  disconnect();
  std::atomic<bool> stop{false};
  std::thread pool{[&] {
    while (!stop) use_for_a_while(stop);
  }};

  EXPECT_EQ(workspace().reset(target()).used, ResetStrategy::clone);

  stop = true;
  pool.join();
  expect_baseline();
}

TEST_P(BaselineCopies, KeepOwnerAndRights) {
  if (!is("postgres")) GTEST_SKIP() << "elsewhere the database itself stays";
  mark();
  const std::string name = engine().quote(url().database);
  connection().execute_script(
      fmt::format("REVOKE CONNECT ON DATABASE {0} FROM PUBLIC;"
                  "GRANT CREATE ON DATABASE {0} TO pg_monitor WITH GRANT OPTION;"
                  "ALTER DATABASE {0} CONNECTION LIMIT 90;"
                  "COMMENT ON DATABASE {0} IS 'it''s ours';"
                  "ALTER TABLE users ADD COLUMN extra INT",
                  name));
  const std::string rights_sql =
      "SELECT datacl::text, datconnlimit, pg_get_userbyid(datdba)::text, shobj_description(oid, "
      "'pg_database') FROM pg_database WHERE datname = current_database()";
  const auto before = connection().query(rights_sql).rows;
  disconnect();

  ASSERT_EQ(workspace().reset(target()).used, ResetStrategy::clone);

  EXPECT_EQ(connection().query(rights_sql).rows, before);
}

TEST_P(BaselineCopies, AreRefusedWhereADatabaseIsNotMarked) {
  mark();
  connection().execute("DROP TABLE " + engine().own_table("mark"));

  EXPECT_THAT([&] { workspace().reset(target(), {.strategy = ResetStrategy::clone}); },
              ThrowsError(ErrorCode::refused, "seedbed adopt"));
  mark_database(connection());
}

}  // namespace
}  // namespace seedbed
