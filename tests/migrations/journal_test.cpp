#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "seedbed/migrations/migrator.hpp"
#include "tests/migrations/migration_files.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using testing::EngineTest;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MigrationFiles;
using testing::ThrowsError;

/// Files that run statement by statement: all of MySQL's, and on every engine those that ask for
/// it.
class Journal : public EngineTest {
 protected:
  void write_up(const std::string& sql) const { files_.write("1_a.up.sql", kHead + sql); }
  void write_down(const std::string& sql) const { files_.write("1_a.down.sql", kHead + sql); }
  std::size_t up(const MigrateOptions& options = {}) {
    const auto set = MigrationSet::load(files_.path(), GetParam());
    return Migrator{connection(), set}.up(options, progress_).size();
  }
  std::size_t down(const MigrateOptions& options = {}) {
    const auto set = MigrationSet::load(files_.path(), GetParam());
    return Migrator{connection(), set}.down(options, progress_).size();
  }
  [[nodiscard]] MigrationStatus status() {
    const auto set = MigrationSet::load(files_.path(), GetParam());
    return Migrator{connection(), set}.status().at(0);
  }
  [[nodiscard]] std::vector<std::string> tables() {
    return engine().introspect(connection()).table_names();
  }
  [[nodiscard]] int count(const std::string& table) {
    return connection().query_value("SELECT COUNT(*) FROM " + table).as<int>();
  }
  /// As a killed process leaves it: the statement was sent, and its outcome not recorded.
  void forget_outcome_of(int ordinal) {
    const std::string where = " WHERE ordinal = " + std::to_string(ordinal);
    connection().execute("UPDATE " + engine().own_table("migration_statements") +
                         " SET state = 'running'" + where);
    connection().execute("UPDATE " + engine().own_table("migrations") + " SET state = 'applying'");
  }

 private:
  static constexpr const char* kHead = "-- seedbed: no-transaction\n";
  MigrationFiles files_{{}};
  Progress progress_;
};
SEEDBED_ON_ALL_ENGINES(Journal);

constexpr const char* kCreate = "CREATE TABLE a (id INT PRIMARY KEY);\nINSERT INTO a VALUES (1);\n";

TEST_P(Journal, SaysWhatStaysAppliedAndGoesOnAtTheStatementThatFailed) {
  write_up(std::string{kCreate} + "INSERT INTO b VALUES (1);\nINSERT INTO a VALUES (2);");

  EXPECT_THAT([&] { up(); }, ThrowsError(ErrorCode::invalid_input, "1_a.up.sql:4: "));
  EXPECT_EQ(status().state, MigrationState::failed);
  EXPECT_THAT(status().note, HasSubstr("stopped at statement 3, line 4"));
  EXPECT_THAT([&] { up(); },
              ThrowsError(ErrorCode::invalid_input,
                          "statement 3 of 4; the 2 before it stay applied; correct"));
  EXPECT_THAT([&] { down(); }, ThrowsError(ErrorCode::conflict, "stopped at statement 3"));
  EXPECT_EQ(count("a"), 1);

  write_up(std::string{kCreate} + "CREATE TABLE b (id INT);\nINSERT INTO a VALUES (2);");
  EXPECT_EQ(up(), 1U);

  EXPECT_EQ(count("a"), 2);
  EXPECT_EQ(status().state, MigrationState::applied);
  EXPECT_EQ(up(), 0U);
}

TEST_P(Journal, RefusesToGoOnWhenAStatementThatRanWasChanged) {
  write_up(std::string{kCreate} + "INSERT INTO b VALUES (1);");
  EXPECT_THROW(up(), Error);

  write_up("CREATE TABLE a (id INT PRIMARY KEY);\nINSERT INTO a VALUES (7);\n");
  EXPECT_THAT([&] { up(); }, ThrowsError(ErrorCode::conflict, "1_a.up.sql:3: statement 2 was run"));
  write_up("CREATE TABLE a (id INT PRIMARY KEY);");
  EXPECT_THAT([&] { up(); }, ThrowsError(ErrorCode::conflict, "statement 2 was run from line 3"));
  EXPECT_EQ(count("a"), 1);
}

TEST_P(Journal, RecordsRowsTogetherWithTheirStatement) {
  write_up("CREATE TABLE a (id INT PRIMARY KEY);\nINSERT INTO a VALUES (1), (2), (2);");

  EXPECT_THAT([&] { up(); }, ThrowsError(ErrorCode::constraint_violation, "1_a.up.sql:3: "));

  EXPECT_EQ(count("a"), 0);
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(Journal, AsksAboutAStatementWhoseOutcomeNobodySaw) {
  write_up("CREATE TABLE a (id INT PRIMARY KEY);\nCREATE TABLE b (id INT PRIMARY KEY);");
  up();
  forget_outcome_of(2);

  EXPECT_THAT(status().note, HasSubstr("statement 2, line 3, whose outcome is not known"));
  EXPECT_THAT([&] { up(); },
              ThrowsError(ErrorCode::conflict, "1_a.up.sql:3: statement 2 was sent"));
  EXPECT_THAT([&] { up({.unknown = UnknownStatement::run_again}); },
              ThrowsError(ErrorCode::invalid_input, "1_a.up.sql:3: "));
  forget_outcome_of(2);
  EXPECT_EQ(up({.unknown = UnknownStatement::skip}), 1U);

  EXPECT_EQ(status().state, MigrationState::applied);
}

TEST_P(Journal, RunsTheStatementAgainWhenToldThatItDidNotTakeEffect) {
  write_up("CREATE TABLE a (id INT PRIMARY KEY);\nCREATE TABLE b (id INT PRIMARY KEY);");
  up();
  connection().execute("DROP TABLE b");
  forget_outcome_of(2);

  EXPECT_EQ(up({.unknown = UnknownStatement::run_again}), 1U);

  EXPECT_THAT(tables(), ElementsAre("a", "b"));
}

TEST_P(Journal, GoesOnWithADownFileThatStopped) {
  write_up("CREATE TABLE a (id INT PRIMARY KEY);\nCREATE TABLE b (id INT PRIMARY KEY);");
  write_down("DROP TABLE b;\nDROP TABLE c;\nDROP TABLE a;");
  up();

  EXPECT_THAT([&] { down(); }, ThrowsError(ErrorCode::invalid_input, "1_a.down.sql:3: "));
  EXPECT_THAT([&] { up(); }, ThrowsError(ErrorCode::conflict, "stopped at statement 2"));
  EXPECT_THAT(tables(), ElementsAre("a"));

  write_down("DROP TABLE b;\nDROP TABLE a;");
  EXPECT_EQ(down(), 1U);
  EXPECT_THAT(tables(), IsEmpty());
  EXPECT_EQ(status().state, MigrationState::pending);
  EXPECT_EQ(up(), 1U);
}

TEST_P(Journal, RunsTransactionsThatTheFileBeginsAndEnds) {
  const std::string begin = pick("BEGIN", "BEGIN", "START TRANSACTION");
  write_up(kCreate + begin + ";\nINSERT INTO a VALUES (2);\nINSERT INTO a VALUES (2);\nCOMMIT;");

  EXPECT_THAT([&] { up(); }, ThrowsError(ErrorCode::constraint_violation, "1_a.up.sql:6: "));
  EXPECT_EQ(count("a"), 1);
  EXPECT_FALSE(connection().in_transaction());

  write_up(kCreate + begin + ";\nINSERT INTO a VALUES (2);\nINSERT INTO a VALUES (3);\nCOMMIT;");
  EXPECT_EQ(up(), 1U);
  EXPECT_EQ(count("a"), 3);
}

TEST_P(Journal, RefusesAFileThatLeavesItsTransactionOpen) {
  write_up(kCreate + pick("BEGIN", "BEGIN", "START TRANSACTION") + ";\nINSERT INTO a VALUES (2);");

  EXPECT_THAT([&] { up(); },
              ThrowsError(ErrorCode::invalid_input, "a transaction that it does not end"));
  EXPECT_FALSE(connection().in_transaction());
  EXPECT_EQ(count("a"), 1);
}

TEST_P(Journal, RunsWhatCannotRunInATransaction) {
  write_up(kCreate + pick("VACUUM", "CREATE INDEX CONCURRENTLY x ON a (id)", "OPTIMIZE TABLE a") +
           ";");
  EXPECT_EQ(up(), 1U);
}

}  // namespace
}  // namespace seedbed
