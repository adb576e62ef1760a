#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/workspace/remembered_tests.hpp"
#include "seedbed/workspace/workspace.hpp"

namespace seedbed {

/// What keeps the tests of one suite apart.
enum class TestIsolation : unsigned char {
  /// `rewind`, and a new database after what it cannot undo; `clone` where changes cannot be noted,
  /// and for a test that left what cannot be undone within the last day, in this run or another.
  /// Never `rollback`: whether nobody else looks at the database cannot be seen.
  automatic,
  rollback,  ///< a sandbox: for code that uses the test's own connection
  rewind,    ///< what was committed, by whomever, is undone
  clone,     ///< a database for each test: also for code that alters the schema
};
[[nodiscard]] std::string_view to_string(TestIsolation isolation) noexcept;

/// The database of one process's tests: a clone of the template that the project's migrations and
/// baseline make, which is built when it is missing. So processes that test at the same time
/// (`ctest -j`) have a database each, without knowing of each other.
///
/// One whose changes are noted is given back at the end, as the baseline, and the next process
/// begins with it, which is much faster than a new clone; after a day it is dropped (see
/// `PooledDatabase`). Others, also those that somebody is still connected to, are dropped at the
/// end, or by the next process when this one is killed. One thread at a time; a process that was
/// forked in a test has no part in it.
///
/// SEEDBED_VERIFY is `never` (the default), `sample` or `always`: after a rewind the tables that
/// the test has changed, or all rows and counters, are compared with what they were. A test after
/// which they differ fails, naming the rows, its database stays until the next run, and the next
/// test has another one.
///
/// With SEEDBED_KEEP=1 in the environment databases are kept, and a test that fails leaves its
/// rows. SEEDBED_REPORT names a file that gets a line of JSON for each test: `test`, `failed`,
/// `isolation`, `reason` (why another isolation or database was taken) and `changes`, what it left,
/// as `to_json_text` has it (null under `rollback` and `clone`, where nothing is noted).
class SuiteDatabase {
 public:
  /// On the server of the project's database `database` (a name, or a URL). `engines` outlives it.
  SuiteDatabase(const EngineRegistry& engines, ProjectConfig project, std::string database);
  ~SuiteDatabase();
  SuiteDatabase(const SuiteDatabase&) = delete;
  SuiteDatabase& operator=(const SuiteDatabase&) = delete;

  /// In a test; another one in the next test where this is not the baseline, or not all tests'.
  [[nodiscard]] Database& database();

  /// `name` is the test's ("Suite.Name"), from which its rows have their draws.
  void begin_test(std::string_view name, TestIsolation isolation);
  /// Gives the baseline back. Returns lines for people: of a test that failed, how to make its rows
  /// again, what it changed, and where its database is kept. Throws conflict when the code under
  /// test ended the sandbox's transaction; the next test has another database then.
  std::vector<std::string> end_test(bool failed);

 private:
  struct Place;
  enum class Stage : unsigned char { between_tests, beginning, in_test };

  [[nodiscard]] TestIsolation chosen(TestIsolation isolation);
  [[nodiscard]] std::unique_ptr<Place> take_shared();
  [[nodiscard]] std::unique_ptr<Place> make_own();
  void note_or_clone();
  void end_own(bool failed, std::vector<std::string>& lines);
  void end_rewound(bool failed, std::vector<std::string>& lines);
  void describe_changes(bool failed, std::vector<std::string>& lines);
  void verify(const Changes& undone);
  void write_report(bool failed) const;
  void let_go() noexcept;
  void give_back() noexcept;

  Progress progress_;
  ProjectConfig project_;
  Workspace workspace_;
  std::string target_;
  RememberedTests remembered_;
  bool keep_;
  int process_;                    // that made it
  std::unique_ptr<Place> shared_;  // by the tests that are not `clone`
  std::unique_ptr<Place> own_;     // of the test at hand alone
  TestIsolation asked_ = TestIsolation::automatic;
  TestIsolation isolation_ = TestIsolation::automatic;
  Stage stage_ = Stage::between_tests;
  VerifyReset verify_ = VerifyReset::never;
  std::vector<std::unique_ptr<Place>> left_;  // not the baseline, and so nobody's
  std::string report_;                        // a file's name
  std::string test_;
  std::string reason_;
  std::string changes_;  // JSON
};

}  // namespace seedbed
