#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/migrations/migrator.hpp"
#include "tests/migrations/migration_files.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using testing::MigrationFiles;
using testing::TestDatabase;
using testing::ThrowsError;

constexpr int kFailed = 1;

/// Runs `work` in a process of its own; the parent has no connection open, so none is shared.
pid_t start_process(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  int status = 0;
  try {
    work();
  } catch (const std::exception& error) {
    fmt::print(stderr, "child: {}\n", error.what());
    status = kFailed;
  }
  ::_exit(status);
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

class Processes : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!testing::engine_available(GetParam())) GTEST_SKIP() << "no server for " << GetParam();
    database_ = std::make_unique<TestDatabase>(GetParam());
  }
  [[nodiscard]] const TestDatabase& database() const { return *database_; }
  void migrate(const MigrationFiles& files, const MigrateOptions& options = {}) const {
    const auto set = MigrationSet::load(files.path(), GetParam());
    const auto connection = database_->connect();
    Progress progress;
    (void)Migrator{*connection, set}.up(options, progress);
  }

 private:
  std::unique_ptr<TestDatabase> database_;
};
SEEDBED_ON_ALL_ENGINES(Processes);

TEST_P(Processes, EightAtOnceApplyEachFileOnce) {
  const MigrationFiles files{{{"1_a.up.sql", "CREATE TABLE a (id INT)"},
                              {"2_b.up.sql", "INSERT INTO a VALUES (2)"},
                              {"3_c.up.sql", "INSERT INTO a VALUES (3); CREATE TABLE c (id INT)"},
                              {"4_d.up.sql", "INSERT INTO a VALUES (4)"}}};
  std::vector<pid_t> children;
  children.reserve(8);
  for (int i = 0; i < 8; ++i) children.push_back(start_process([&] { migrate(files); }));

  for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
  const auto connection = database().connect();
  EXPECT_EQ(connection->query_value("SELECT COUNT(*) FROM a").as<int>(), 3);
  EXPECT_EQ(connection->query_value("SELECT SUM(id) FROM a").as<int>(), 9);
}

class KilledProcess : public Processes {
 protected:
  /// Starts a migration in a process of its own and kills it as soon as `reached` holds.
  void kill_when(const MigrationFiles& files,
                 const std::function<bool(Connection&)>& reached) const {
    const pid_t child = start_process([&] { migrate(files); });
    const auto connection = database().connect();
    while (!reached(*connection)) {
      ASSERT_EQ(::waitpid(child, nullptr, WNOHANG), 0) << "the process ended by itself";
      std::this_thread::yield();
    }
    ::kill(child, SIGKILL);
    EXPECT_EQ(wait_for(child), SIGKILL);
  }
  [[nodiscard]] static std::string note(Connection& connection, const MigrationFiles& files) {
    const auto set = MigrationSet::load(files.path(), connection.engine().name());
    return Migrator{connection, set}.status().at(0).note;
  }
};
INSTANTIATE_TEST_SUITE_P(, KilledProcess, ::testing::Values("postgres", "mysql"),
                         [](const auto& instance) { return std::string{instance.param}; });

std::string sleep_sql(const std::string& engine) {
  return engine == "mysql" ? "SLEEP(1)" : "1 FROM pg_sleep(1)";
}

bool journal_holds(Connection& connection, const std::string& condition) {
  const Engine& engine = connection.engine();
  if (!engine.own_table_exists(connection, "migration_statements")) return false;
  return connection
             .query_value(fmt::format("SELECT COUNT(*) FROM {} WHERE {}",
                                      engine.own_table("migration_statements"), condition))
             .as<int>() > 0;
}

TEST_P(KilledProcess, GoesOnBehindTheStatementsThatAreRecorded) {
  const MigrationFiles files{
      {{"1_a.up.sql",
        fmt::format("-- seedbed: no-transaction\nCREATE TABLE a (id INT PRIMARY KEY);\n"
                    "INSERT INTO a SELECT {};\nINSERT INTO a VALUES (2);",
                    sleep_sql(GetParam()))}}};
  kill_when(files,
            [](Connection& c) { return journal_holds(c, "ordinal = 1 AND state = 'done'"); });

  migrate(files);

  EXPECT_EQ(database().connect()->query_value("SELECT COUNT(*) FROM a").as<int>(), 2);
}

TEST_P(KilledProcess, LeavesADefinitionWhoseOutcomeIsUnknownToThePerson) {
  const MigrationFiles files{
      {{"1_a.up.sql", fmt::format("-- seedbed: no-transaction\nCREATE TABLE a (id INT);\n"
                                  "CREATE TABLE b AS SELECT {};\nCREATE TABLE c (id INT);",
                                  sleep_sql(GetParam()))}}};
  kill_when(files,
            [](Connection& c) { return journal_holds(c, "ordinal = 2 AND state = 'running'"); });

  EXPECT_THAT([&] { migrate(files); },
              ThrowsError(ErrorCode::conflict, "1_a.up.sql:3: statement 2 was sent"));
  const auto connection = database().connect();
  EXPECT_THAT(note(*connection, files), ::testing::HasSubstr("whose outcome is not known"));

  connection->execute("DROP TABLE IF EXISTS b");
  migrate(files, {.unknown = UnknownStatement::run_again});
  EXPECT_EQ(connection->engine().introspect(*connection).tables().size(), 3U);
}

}  // namespace
}  // namespace seedbed
