#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/workspace/workspace.hpp"

namespace seedbed {

/// What keeps the tests of one suite apart.
enum class TestIsolation : unsigned char {
  rollback,  ///< a sandbox: for code that uses the test's own connection
  rewind,    ///< what was committed, by whomever, is undone
  clone,     ///< a database for each test: also for code that changes the schema
};

/// The database of one process's tests: a clone of the template that the project's migrations and
/// baseline make, which is built when it is missing. So processes that test at the same time
/// (`ctest -j`) have a database each, without knowing of each other. It is dropped at the end, or
/// by the next process when this one is killed. One thread at a time.
///
/// With SEEDBED_KEEP=1 in the environment databases are kept, and a test that fails leaves its
/// rows.
class SuiteDatabase {
 public:
  /// On the server of the project's database `database` (a name, or a URL). `engines` outlives it.
  SuiteDatabase(const EngineRegistry& engines, ProjectConfig project, std::string database);
  ~SuiteDatabase();
  SuiteDatabase(const SuiteDatabase&) = delete;
  SuiteDatabase& operator=(const SuiteDatabase&) = delete;

  /// In a test; opened anew where the one before left a database that is not the baseline.
  [[nodiscard]] Database& database() { return *database_; }

  /// `name` is the test's ("Suite.Name"), from which its rows have their draws.
  void begin_test(std::string_view name, TestIsolation isolation);
  /// Gives the baseline back. Returns lines for people: of a test that failed, how to make its rows
  /// again, what it changed, and where its database is kept. Throws conflict when the code under
  /// test ended the sandbox's transaction; the next test has another database then.
  std::vector<std::string> end_test(bool failed);

 private:
  void open();
  void end_rewound(bool failed, std::vector<std::string>& lines);
  void let_go() noexcept;

  Progress progress_;
  ProjectConfig project_;
  Workspace workspace_;
  std::string target_;
  bool keep_;
  std::unique_ptr<TestRun> run_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<TestScope> scope_;  // of a rollback
  TestIsolation isolation_ = TestIsolation::rollback;
  bool noted_ = false;
};

}  // namespace seedbed
