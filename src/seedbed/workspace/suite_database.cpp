#include "seedbed/workspace/suite_database.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/cleanup/changes_report.hpp"
#include "seedbed/cleanup/reset.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/own_tables.hpp"
#include "seedbed/snapshots/writer.hpp"
#include "seedbed/workspace/run_environment.hpp"
#include "seedbed/workspace/verification.hpp"

namespace seedbed {

namespace {

constexpr std::array<std::string_view, 4> kIsolations{"auto", "rollback", "rewind", "clone"};

std::string environment_variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): never set here
  return value == nullptr ? "" : value;
}

}  // namespace

SuiteDatabase::SuiteDatabase(const EngineRegistry& engines, ProjectConfig project,
                             std::string database)
    : project_{std::move(project)},
      workspace_{engines, project_, progress_},
      target_{std::move(database)},
      report_{environment_variable("SEEDBED_REPORT")} {
  const std::string keep = environment_variable("SEEDBED_KEEP");
  keep_ = !keep.empty() && keep != "0";
  const std::string verify = environment_variable("SEEDBED_VERIFY");
  if (!verify.empty()) verify_ = parse_verify_reset(verify);
}

SuiteDatabase::~SuiteDatabase() {
  let_go();
}

void SuiteDatabase::open() {
  let_go();
  run_ = workspace_.begin_run({.database = target_, .keep = keep_});
  database_ = workspace_.open(run_->databases().front().to_string());
}

void SuiteDatabase::let_go() noexcept {
  scope_.reset();
  database_.reset();
  run_.reset();
  noted_ = false;
}

// What cannot be noted gets a database for each test.
void SuiteDatabase::note_or_clone(bool may_clone) {
  if (noted_) return;
  prepare_factory_tables(database_->connection());
  try {
    begin_notes(database_->connection());
    noted_ = true;
    if (verify_ != VerifyReset::never) {
      baseline_ = measure_state(database_->connection(), database_->schema(), progress_);
    }
  } catch (const Error& error) {
    const bool cannot =
        error.code() == ErrorCode::refused || error.code() == ErrorCode::unsupported;
    if (!cannot || !may_clone) throw;
    reason_ = error.what();
    isolation_ = TestIsolation::clone;
  }
}

void SuiteDatabase::begin_test(std::string_view name, TestIsolation isolation) {
  test_ = name;
  reason_.clear();
  changes_.clear();
  if (database_ == nullptr || isolation == TestIsolation::clone) open();
  isolation_ = isolation;
  if (isolation == TestIsolation::automatic) isolation_ = TestIsolation::rewind;
  if (isolation_ == TestIsolation::rewind) note_or_clone(isolation == TestIsolation::automatic);
  if (isolation == TestIsolation::rollback) {
    scope_ = std::make_unique<TestScope>(*database_, TestScopeOptions{.test = test_});
  } else {
    database_->begin_test(test_);
  }
}

std::vector<std::string> SuiteDatabase::end_test(bool failed) {
  std::vector<std::string> lines;
  if (database_ == nullptr) return lines;
  if (failed) lines.push_back(database_->seed_note());
  try {
    if (isolation_ == TestIsolation::rollback) {
      scope_->close();
      scope_.reset();
    } else {
      end_rewound(failed, lines);
    }
  } catch (const Error& error) {
    reason_ = error.what();
    let_go();
    write_report(failed);
    throw;
  }
  write_report(failed);
  return lines;
}

void SuiteDatabase::end_rewound(bool failed, std::vector<std::string>& lines) {
  Connection& connection = database_->connection();
  if (connection.in_transaction()) connection.execute("ROLLBACK");
  const UndoLog& log = connection.engine().undo_log();
  Changes changes;
  if (noted_ && (failed || !report_.empty())) {
    constexpr std::size_t kRowsToName = 5;
    changes = without_own_tables(log.changes(connection, kRowsToName));
    if (failed) std::ranges::move(describe(changes), std::back_inserter(lines));
    changes_ = to_json_text(changes);
  }
  if (failed && keep_) {
    lines.push_back("the database is kept: " + client_url(run_->databases().front()));
    return let_go();
  }
  if (!noted_) return let_go();
  const auto undone = log.undo(connection);
  for (const auto& left : undone.left) lines.push_back("still there: " + left);
  if (undone.undoable()) {
    verify(undone);
    return database_->start_over();
  }
  auto why = undone.obstacles;
  std::ranges::copy(undone.schema, std::back_inserter(why));
  reason_ = fmt::format("the next test gets a new database: {}", join(why, "; "));
  lines.push_back(reason_);
  let_go();
}

// What the baseline is, a new clone of the same template tells.
void SuiteDatabase::verify(const Changes& undone) {
  if (!baseline_) return;
  const auto differing = find_differing_tables(*database_, *baseline_, verify_, undone, progress_);
  if (!differing) return;
  const auto fresh = workspace_.begin_run({.database = target_});
  const auto clone = workspace_.open(fresh->databases().front().to_string());
  const auto rows =
      find_differing_rows(clone->connection(), database_->connection(), differing->tables);
  const std::string address = client_url(run_->databases().front());
  run_->leave();
  left_.push_back(std::move(run_));
  throw Error{
      ErrorCode::corrupt,
      fmt::format("the database is not the baseline after test '{}' and its rewind ({}); it "
                  "stays for a look until the next run: {}; {}",
                  test_, describe_difference(*differing, rows), address, database_->seed_note())};
}

void SuiteDatabase::write_report(bool failed) const {
  if (report_.empty()) return;
  nlohmann::ordered_json line{{"test", test_},
                              {"failed", failed},
                              {"isolation", to_string(isolation_)},
                              {"reason", reason_}};
  line["changes"] = changes_.empty() ? nullptr : nlohmann::ordered_json::parse(changes_);
  // One write, so that lines of processes that test at the same time stay whole.
  const auto text =
      line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
  append_to_file(report_, text);
}

std::string_view to_string(TestIsolation isolation) noexcept {
  return kIsolations.at(static_cast<std::size_t>(isolation));
}

}  // namespace seedbed
