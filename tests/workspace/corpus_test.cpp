// The project's use cases on a real public database: needs SEEDBED_CORPUS, the directory that holds
// it. That a snapshot brings back every cell is proved in tests/snapshots/corpus_test.cpp.

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed::testing {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

std::filesystem::path corpus() {
  const char* value = std::getenv("SEEDBED_CORPUS");  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr ? value : "";
}

std::uint64_t total(const Counts& counts) {
  std::uint64_t sum = 0;
  for (const auto& [table, rows] : counts) sum += rows;
  return sum;
}

class Chinook : public EngineTest {
 protected:
  void SetUp() override {
    if (corpus().empty())
      GTEST_SKIP() << "SEEDBED_CORPUS is not set: real databases are NOT tested";
    EngineTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    root_ = std::filesystem::temp_directory_path() /
            fmt::format("seedbed_corpus_{}_{}", GetParam(), ::getpid());
    ProjectConfig project = default_project(root_);
    project.seed = 42;
    project.factories = std::filesystem::path{SEEDBED_TEST_DATA} /
                        (is("postgres") ? "chinook_snake" : "chinook_pascal");
    workspace_ = std::make_unique<Workspace>(engines(), std::move(project), progress_);
    connection().execute_script(
        read_file(corpus() / "chinook" / pick("sqlite.sql", "postgres.sql", "mysql.sql")));
    workspace().adopt(address(), workspace().inspect(address()).name);
  }

  void TearDown() override {
    workspace_.reset();
    std::error_code ignored;
    if (!root_.empty()) std::filesystem::remove_all(root_, ignored);
    EngineTest::TearDown();
  }

  [[nodiscard]] Workspace& workspace() { return *workspace_; }
  [[nodiscard]] std::string address() const { return url().to_string(); }

  Counts count_rows() {
    Counts counts;
    for (const auto& [table, rows] : workspace().count_rows(address())) {
      counts[table.to_string()] = rows;
    }
    return counts;
  }

  std::int64_t count_orphans() {
    const Schema schema = workspace().schema(address());
    std::int64_t orphans = 0;
    for (const auto& table : schema.tables()) {
      for (const auto& key : table.foreign_keys) {
        const std::string column = engine().quote(key.columns.front());
        orphans += connection()
                       .query_value(fmt::format("SELECT count(*) FROM {0} WHERE {1} IS NOT NULL "
                                                "AND {1} NOT IN (SELECT {2} FROM {3})",
                                                engine().quote(table.name), column,
                                                engine().quote(key.parent_columns.front()),
                                                engine().quote(key.parent)))
                       .integer();
      }
    }
    return orphans;
  }

 private:
  Progress progress_;
  std::filesystem::path root_;
  std::unique_ptr<Workspace> workspace_;
};

TEST_P(Chinook, ShowsTheTablesRowsAndKeysItHas) {
  const Schema schema = workspace().schema(address());
  std::size_t keys = 0;
  for (const auto& table : schema.tables()) keys += table.foreign_keys.size();

  EXPECT_EQ(schema.tables().size(), 11U);
  EXPECT_EQ(keys, 11U);
  EXPECT_EQ(total(count_rows()), 15'607U);
}

TEST_P(Chinook, TakesAHundredThousandInvoiceLinesAndGoesBackToItsOwnRows) {
  const Counts golden = count_rows();
  const auto saved = workspace().save_snapshot(address(), "golden", {});
  workspace().clean(address(), {});
  EXPECT_EQ(total(count_rows()), 0U);

  workspace().load(address(), {.scenario = "sales"});

  Counts loaded = count_rows();
  EXPECT_EQ(loaded[pick("InvoiceLine", "invoice_line", "InvoiceLine")], 100'000U);
  EXPECT_EQ(loaded[pick("Invoice", "invoice", "Invoice")], 20'000U);
  EXPECT_EQ(loaded[pick("Customer", "customer", "Customer")], 1'000U);
  EXPECT_EQ(loaded[pick("Track", "track", "Track")], 3'000U);
  EXPECT_EQ(count_orphans(), 0);

  workspace().clean(address(), {.strategy = CleanStrategy::truncate});
  EXPECT_EQ(total(count_rows()), 0U);
  workspace().restore_snapshot(address(), "golden", {});
  EXPECT_EQ(count_rows(), golden);
  EXPECT_EQ(workspace().save_snapshot(address(), "again", {}).digest, saved.digest);
}

SEEDBED_ON_ALL_ENGINES(Chinook);

}  // namespace
}  // namespace seedbed::testing
