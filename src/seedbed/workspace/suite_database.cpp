#include "seedbed/workspace/suite_database.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "seedbed/cleanup/changes_report.hpp"
#include "seedbed/cleanup/database_pool.hpp"
#include "seedbed/cleanup/reset.hpp"
#include "seedbed/core/digest.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/own_tables.hpp"
#include "seedbed/snapshots/writer.hpp"
#include "seedbed/workspace/private_directory.hpp"
#include "seedbed/workspace/run_environment.hpp"
#include "seedbed/workspace/verification.hpp"

namespace seedbed {

namespace {

constexpr std::array<std::string_view, 4> kIsolations{"auto", "rollback", "rewind", "clone"};

// By project and database: what a test leaves depends on the engine. Empty where there is none.
std::filesystem::path remembered_file(const ProjectConfig& project, const std::string& target) {
  constexpr std::size_t kNameDigits = 16;
  const auto key = sha256(fmt::format("{}\n{}", project.root.string(), target)).hex();
  try {
    return private_directory() / fmt::format("tests_{}.jsonl", key.substr(0, kNameDigits));
  } catch (const Error&) {
    return {};
  }
}

std::string environment_variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): never set here
  return value == nullptr ? "" : value;
}

}  // namespace

/// A database of this process, and what holds it: one of the first two.
struct SuiteDatabase::Place {
  std::unique_ptr<PooledDatabase> pooled{};
  std::unique_ptr<TestRun> run{};
  std::unique_ptr<Database> database{};
  std::unique_ptr<TestScope> scope{};  // of a rollback
  bool noted = false;
  std::optional<SnapshotSummary> baseline{};  // to verify

  [[nodiscard]] const DatabaseUrl& url() const {
    return pooled ? pooled->url() : run->databases().front();
  }
  /// Closes it, and leaves it for a look.
  void leave() {
    database.reset();
    if (pooled) pooled->leave();
    if (run) run->leave();
  }
};

SuiteDatabase::SuiteDatabase(const EngineRegistry& engines, ProjectConfig project,
                             std::string database)
    : project_{std::move(project)},
      workspace_{engines, project_, progress_},
      target_{std::move(database)},
      remembered_{remembered_file(project_, target_)},
      process_{::getpid()},
      report_{environment_variable("SEEDBED_REPORT")} {
  const std::string keep = environment_variable("SEEDBED_KEEP");
  keep_ = !keep.empty() && keep != "0";
  const std::string verify = environment_variable("SEEDBED_VERIFY");
  if (!verify.empty()) verify_ = parse_verify_reset(verify);
}

SuiteDatabase::~SuiteDatabase() {
  if (::getpid() == process_) {
    give_back();
    let_go();
    return;
  }
  // A fork, as death tests make it: sessions and locks are the other process's, so none is closed.
  left_.push_back(std::move(own_));
  left_.push_back(std::move(shared_));
  // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): the process ends anyway
  [[maybe_unused]] static const auto* const kOthers = new std::vector{std::move(left_)};
}

Database& SuiteDatabase::database() {
  return *(own_ ? own_ : shared_)->database;
}

std::unique_ptr<SuiteDatabase::Place> SuiteDatabase::take_shared() {
  if (keep_) return make_own();
  auto place = std::make_unique<Place>();
  place->pooled = workspace_.take_from_pool(target_);
  place->noted = place->pooled->reused();
  place->database =
      std::make_unique<Database>(place->pooled->take_connection(), place->url(), project_);
  return place;
}

std::unique_ptr<SuiteDatabase::Place> SuiteDatabase::make_own() {
  auto place = std::make_unique<Place>();
  place->run = workspace_.begin_run({.database = target_, .keep = keep_});
  place->database = workspace_.open(place->url().to_string());
  return place;
}

void SuiteDatabase::let_go() noexcept {
  own_.reset();
  shared_.reset();
}

void SuiteDatabase::give_back() noexcept {
  const bool rewound = stage_ == Stage::between_tests && shared_ && shared_->noted;
  if (!rewound || !shared_->pooled) return;
  try {
    shared_->database.reset();
    shared_->pooled->give_back();
  } catch (const std::exception&) {
    // It is dropped.
  }
}

TestIsolation SuiteDatabase::chosen(TestIsolation isolation) {
  if (isolation != TestIsolation::automatic) return isolation;
  const std::string* left = remembered_.find(test_);
  if (left == nullptr) return TestIsolation::rewind;
  reason_ = fmt::format("a database of its own, since before it left {}", *left);
  return TestIsolation::clone;
}

// What cannot be noted gets a database for each test.
void SuiteDatabase::note_or_clone() {
  Database& database = *shared_->database;
  try {
    if (!shared_->noted) {
      prepare_factory_tables(database.connection());
      begin_notes(database.connection());
      shared_->noted = true;
    }
    if (verify_ != VerifyReset::never && !shared_->baseline) {
      shared_->baseline = measure_state(database.connection(), database.schema(), progress_);
    }
  } catch (const Error& error) {
    const bool cannot =
        error.code() == ErrorCode::refused || error.code() == ErrorCode::unsupported;
    if (!cannot || asked_ != TestIsolation::automatic) throw;
    reason_ = error.what();
    isolation_ = TestIsolation::clone;
    own_ = std::move(shared_);
  }
}

void SuiteDatabase::begin_test(std::string_view name, TestIsolation isolation) {
  stage_ = Stage::beginning;
  test_ = name;
  reason_.clear();
  changes_.clear();
  asked_ = isolation;
  isolation_ = chosen(isolation);
  if (isolation_ == TestIsolation::clone) {
    own_ = make_own();
  } else if (!shared_) {
    shared_ = take_shared();
  }
  if (isolation_ == TestIsolation::rewind) note_or_clone();
  if (isolation_ == TestIsolation::rollback) {
    shared_->scope = std::make_unique<TestScope>(database(), TestScopeOptions{.test = test_});
  } else {
    database().begin_test(test_);
  }
  stage_ = Stage::in_test;
}

std::vector<std::string> SuiteDatabase::end_test(bool failed) {
  std::vector<std::string> lines;
  if (stage_ != Stage::in_test) return lines;
  if (failed) lines.push_back(database().seed_note());
  try {
    if (isolation_ == TestIsolation::rollback) {
      shared_->scope->close();
      shared_->scope.reset();
    } else if (own_) {
      end_own(failed, lines);
    } else {
      end_rewound(failed, lines);
    }
  } catch (const Error& error) {
    reason_ = error.what();
    let_go();
    write_report(failed);
    throw;
  }
  stage_ = Stage::between_tests;
  write_report(failed);
  return lines;
}

void SuiteDatabase::end_own(bool failed, std::vector<std::string>& lines) {
  if (!reason_.empty()) lines.push_back(reason_);
  if (failed && keep_) lines.push_back("the database is kept: " + client_url(own_->url()));
  own_.reset();
}

void SuiteDatabase::end_rewound(bool failed, std::vector<std::string>& lines) {
  Connection& connection = shared_->database->connection();
  if (connection.in_transaction()) connection.execute("ROLLBACK");
  if (failed || !report_.empty()) describe_changes(failed, lines);
  if (failed && keep_) {
    lines.push_back("the database is kept: " + client_url(shared_->url()));
    return shared_.reset();
  }
  const auto undone = connection.engine().undo_log().undo(connection);
  for (const auto& left : undone.left) lines.push_back("still there: " + left);
  if (undone.undoable()) {
    verify(undone);
    return shared_->database->start_over();
  }
  auto why = undone.obstacles;
  std::ranges::copy(undone.schema, std::back_inserter(why));
  reason_ = fmt::format("the next test gets a new database: {}", join(why, "; "));
  lines.push_back(reason_);
  if (asked_ == TestIsolation::automatic) remembered_.add(test_, join(why, "; "));
  shared_.reset();
}

void SuiteDatabase::describe_changes(bool failed, std::vector<std::string>& lines) {
  constexpr std::size_t kRowsToName = 5;
  Connection& connection = shared_->database->connection();
  const auto changes =
      without_own_tables(connection.engine().undo_log().changes(connection, kRowsToName));
  if (failed) std::ranges::move(describe(changes), std::back_inserter(lines));
  changes_ = to_json_text(changes);
}

// What the baseline is, a new clone of the same template tells.
void SuiteDatabase::verify(const Changes& undone) {
  if (!shared_->baseline) return;
  Database& database = *shared_->database;
  const auto differing =
      find_differing_tables(database, *shared_->baseline, verify_, undone, progress_);
  if (!differing) return;
  const auto fresh = workspace_.begin_run({.database = target_});
  const auto clone = workspace_.open(fresh->databases().front().to_string());
  const auto rows =
      find_differing_rows(clone->connection(), database.connection(), differing->tables);
  const auto seed = database.seed_note();
  const std::string address = client_url(shared_->url());
  shared_->leave();
  left_.push_back(std::move(shared_));
  throw Error{
      ErrorCode::corrupt,
      fmt::format("the database is not the baseline after test '{}' and its rewind ({}); it "
                  "stays for a look until the next run: {}; {}",
                  test_, describe_difference(*differing, rows), address, seed)};
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
