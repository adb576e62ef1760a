#include "seedbed/migrations/migrator.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
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

using Labels = std::vector<std::string>;

class MigratorTest : public EngineTest {
 protected:
  [[nodiscard]] Labels up(const MigrateOptions& options = {}) {
    const auto set = MigrationSet::load(files_.path(), GetParam());
    return labels(Migrator{connection(), set}.up(options, progress_));
  }
  [[nodiscard]] Labels down(const MigrateOptions& options = {}) {
    const auto set = MigrationSet::load(files_.path(), GetParam());
    return labels(Migrator{connection(), set}.down(options, progress_));
  }
  /// "label: state" of each.
  [[nodiscard]] Labels states() {
    Labels result;
    for (const auto& status : status_list()) {
      result.push_back(status.label + ": " + std::string{to_string(status.state)});
    }
    return result;
  }
  [[nodiscard]] std::vector<MigrationStatus> status_list() {
    const auto set = MigrationSet::load(files_.path(), GetParam());
    return Migrator{connection(), set}.status();
  }
  [[nodiscard]] Labels tables() { return engine().introspect(connection()).table_names(); }
  [[nodiscard]] const MigrationFiles& files() const { return files_; }
  [[nodiscard]] Progress& progress() { return progress_; }

 private:
  static Labels labels(const std::vector<Migration>& migrations) {
    Labels result;
    for (const auto& migration : migrations) result.push_back(migration.label());
    return result;
  }

  MigrationFiles files_{
      {{"0001_a.up.sql", "CREATE TABLE a (id INT PRIMARY KEY);\nINSERT INTO a VALUES (1);"},
       {"0001_a.down.sql", "DROP TABLE a;"},
       {"0002_b.up.sql", "CREATE TABLE b (id INT PRIMARY KEY)"},
       {"0002_b.down.sql", "DROP TABLE b"}}};
  Progress progress_;
};
SEEDBED_ON_ALL_ENGINES(MigratorTest);

TEST_P(MigratorTest, AppliesWhatIsPendingOnce) {
  EXPECT_THAT(states(), ElementsAre("0001_a: pending", "0002_b: pending"));

  EXPECT_THAT(up(), ElementsAre("0001_a", "0002_b"));

  EXPECT_THAT(tables(), ElementsAre("a", "b"));
  EXPECT_THAT(states(), ElementsAre("0001_a: applied", "0002_b: applied"));
  EXPECT_THAT(status_list().front().applied_at, HasSubstr("T"));
  EXPECT_THAT(up(), IsEmpty());
  EXPECT_EQ(connection().query_value("SELECT COUNT(*) FROM a").as<int>(), 1);
}

TEST_P(MigratorTest, WritesNothingForStatusAndDryRun) {
  EXPECT_THAT(up({.dry_run = true}), ElementsAre("0001_a", "0002_b"));
  (void)states();

  EXPECT_FALSE(engine().own_table_exists(connection(), "migrations"));
  EXPECT_THAT(tables(), IsEmpty());
}

TEST_P(MigratorTest, StopsAtTheVersionAskedFor) {
  EXPECT_THAT(up({.to = 1}), ElementsAre("0001_a"));
  EXPECT_THAT(states(), ElementsAre("0001_a: applied", "0002_b: pending"));
  EXPECT_THAT([&] { (void)up({.to = 3}); }, ThrowsError(ErrorCode::not_found, "version 3"));
}

TEST_P(MigratorTest, UndoesTheNewestFirst) {
  (void)up();

  EXPECT_THAT(down({.steps = 1, .dry_run = true}), ElementsAre("0002_b"));
  EXPECT_THAT(tables(), ElementsAre("a", "b"));
  EXPECT_THAT(down(), ElementsAre("0002_b"));
  EXPECT_THAT(tables(), ElementsAre("a"));
  EXPECT_THAT(states(), ElementsAre("0001_a: applied", "0002_b: pending"));
  EXPECT_THAT(up(), ElementsAre("0002_b"));
  EXPECT_THAT(down({.steps = 9}), ElementsAre("0002_b", "0001_a"));
  EXPECT_THAT(tables(), IsEmpty());
  EXPECT_THAT(down(), IsEmpty());
}

TEST_P(MigratorTest, UndoesNothingWhenOneHasNoDownFile) {
  (void)up();
  files().remove("0001_a.down.sql");

  EXPECT_THAT([&] { (void)down({.steps = 2}); },
              ThrowsError(ErrorCode::invalid_input, "there is no file '0001_a.down.sql'"));
  EXPECT_THAT([&] { (void)down({.steps = 0}); },
              ThrowsError(ErrorCode::invalid_input, "starts at 1"));
  EXPECT_THAT(tables(), ElementsAre("a", "b"));
}

TEST_P(MigratorTest, RefusesEditedAndMissingFilesTogether) {
  (void)up();
  files().write("0001_a.up.sql", "CREATE TABLE a (id INT PRIMARY KEY, other INT)");
  files().remove("0002_b.up.sql");
  files().remove("0002_b.down.sql");
  files().write("0003_c.up.sql", "CREATE TABLE c (id INT PRIMARY KEY)");

  EXPECT_THAT(states(), ElementsAre("0001_a: edited", "0002_b: missing", "0003_c: pending"));
  EXPECT_THAT([&] { (void)up(); },
              ThrowsError(ErrorCode::conflict, "migration '0001_a' is applied, but"));
  EXPECT_THAT([&] { (void)up(); },
              ThrowsError(ErrorCode::conflict, "migration '0002_b' is applied, but"));
  EXPECT_THAT(tables(), ElementsAre("a", "b"));
}

TEST_P(MigratorTest, AppliesWhatIsOutOfOrderAndSaysSo) {
  (void)up();
  files().write("00011_z.up.sql", "CREATE TABLE z (id INT PRIMARY KEY)");
  (void)up();
  files().write("00010_y.up.sql", "CREATE TABLE y (id INT PRIMARY KEY)");

  EXPECT_THAT(states(), ElementsAre("0001_a: applied", "0002_b: applied", "00010_y: out_of_order",
                                    "00011_z: applied"));
  EXPECT_THAT(up(), ElementsAre("00010_y"));
}

TEST_P(MigratorTest, SaysFileAndLineOfTheStatementThatFails) {
  files().write("0003_c.up.sql",
                "CREATE TABLE c (id INT PRIMARY KEY);\n\nINSERT INTO\n  nothing VALUES (1);");

  EXPECT_THAT([&] { (void)up(); },
              ThrowsError(ErrorCode::invalid_input, "0003_c.up.sql:" + pick("3", "4", "3") + ": "));
  EXPECT_THAT(states(), ::testing::Contains("0002_b: applied"));
}

TEST_P(MigratorTest, LeavesNothingOfAFileThatFailsWhereDdlIsTransactional) {
  if (is("mysql")) GTEST_SKIP() << "MySQL's DDL commits";
  files().write("0003_c.up.sql",
                "CREATE TABLE c (id INT PRIMARY KEY); INSERT INTO nothing VALUES (1)");

  EXPECT_THAT(
      [&] { (void)up(); },
      ThrowsError(ErrorCode::invalid_input, "statement 2 of 2; nothing of the file stays applied"));

  EXPECT_THAT(tables(), ElementsAre("a", "b"));
  EXPECT_THAT(states(), ElementsAre("0001_a: applied", "0002_b: applied", "0003_c: pending"));
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(MigratorTest, ReportsAViolationAtTheCommit) {
  if (is("mysql")) GTEST_SKIP() << "MySQL checks keys at once";
  files().write(
      "0003_c.up.sql",
      "CREATE TABLE c (id INT PRIMARY KEY, a_id INT REFERENCES a (id) DEFERRABLE INITIALLY "
      "DEFERRED); INSERT INTO c VALUES (1, 77)");

  EXPECT_THAT([&] { (void)up(); }, ThrowsError(ErrorCode::constraint_violation, "0003_c.up.sql: "));
  EXPECT_THAT(tables(), ElementsAre("a", "b"));
}

TEST_P(MigratorTest, RunsTriggersAndRoutinesWhole) {
  files().write(
      "0003_c.up.sql",
      pick("CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO b VALUES (new.id); "
           "UPDATE b SET id = id + 10; END;",
           "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO b "
           "VALUES (new.id + 10); RETURN new; END $$; CREATE TRIGGER t AFTER INSERT ON a FOR EACH "
           "ROW EXECUTE FUNCTION f();",
           "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN INSERT INTO b VALUES (new.id); "
           "UPDATE b SET id = id + 10; END;"));
  (void)up();
  connection().execute("INSERT INTO a VALUES (5)");
  EXPECT_EQ(connection().query_value("SELECT id FROM b").as<int>(), 15);
}

TEST_P(MigratorTest, StopsBetweenStatementsWhenInterrupted) {
  progress().interrupt();
  EXPECT_THAT([&] { (void)up(); }, ThrowsError(ErrorCode::unavailable, "interrupted"));
  EXPECT_THAT(tables(), IsEmpty());
}

TEST_P(MigratorTest, WaitsForTheLockAndThenSaysWhoHasIt) {
  if (is("sqlite")) GTEST_SKIP() << "SQLite's write transaction is the lock";
  const auto other = connect();
  ASSERT_TRUE(engine().try_lock(*other, "migrations", 0));

  EXPECT_THAT([&] { (void)up({.lock_wait_ms = 10}); },
              ThrowsError(ErrorCode::conflict, "another process has been migrating"));
  engine().unlock(*other, "migrations");
  EXPECT_THAT(up({.lock_wait_ms = 10}), ElementsAre("0001_a", "0002_b"));
  EXPECT_TRUE(engine().try_lock(*other, "migrations", 0)) << "the lock was not given back";
}

}  // namespace
}  // namespace seedbed
