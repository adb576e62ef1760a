#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/engines/transaction.hpp"
#include "seedbed/guard/mark.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tests/isolation/state.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {

namespace {

constexpr unsigned kTables = 1000;

class ManyTables : public testing::EngineTest {
 protected:
  /// In transactions as large as the lock table of a PostgreSQL server takes.
  void make_tables() {
    constexpr unsigned kTogether = 500;
    for (unsigned from = 0; from < kTables; from += kTogether) {
      std::string script;
      for (unsigned i = from; i < from + kTogether; ++i) {
        script += fmt::format(
            "CREATE TABLE t{0} (id INT NOT NULL PRIMARY KEY, a VARCHAR(20)); INSERT INTO t{0} "
            "VALUES (1, 'x'), (2, 'y');",
            i);
      }
      connection().execute_script(is("sqlite") ? fmt::format("BEGIN; {} COMMIT", script) : script);
    }
  }
  [[nodiscard]] std::vector<std::string> state() { return testing::database_state(*connect()); }
};
SEEDBED_ON_ALL_ENGINES(ManyTables);

TEST_P(ManyTables, AreResetByWhatWasChanged) {
  const testing::TemporaryDirectory directory;
  Progress progress;
  Workspace workspace{testing::engines(), default_project(directory.path()), progress};
  mark_database(connection());
  make_tables();
  workspace.mark_baseline(url().to_string(), {ResetStrategy::rewind});
  const auto before = state();
  connect()->execute_script(
      "DELETE FROM t999; UPDATE t7 SET a = 'z'; INSERT INTO t500 VALUES (3, 'z')");

  const auto report = workspace.reset(url().to_string());

  EXPECT_EQ(report.changes.tables.size(), 3U);
  EXPECT_EQ(report.used, ResetStrategy::rewind);
  EXPECT_EQ(state(), before);
}

}  // namespace

}  // namespace seedbed
