#include "seedbed/workspace/suite_database.hpp"

#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "seedbed/cleanup/reset.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/own_tables.hpp"
#include "seedbed/workspace/run_environment.hpp"

namespace seedbed {

namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): never set here
  return value != nullptr && *value != '\0' && std::string_view{value} != "0";
}

/// "orders: 2 inserted (7, 8), 1 deleted (3)".
std::string told(const TableChanges& changes) {
  std::string line = changes.table.to_string() + ':';
  const auto add = [&](std::uint64_t count, ChangeKind kind, std::string_view word) {
    if (count == 0) return;
    std::vector<std::string> keys;
    for (const auto& row : changes.rows) {
      if (row.change == kind) keys.push_back(join(row.key, "/"));
    }
    line += fmt::format("{} {} {}", line.back() == ':' ? "" : ",", count, word);
    if (!keys.empty()) line += fmt::format(" ({})", join(keys, ", "));
  };
  add(changes.inserted, ChangeKind::inserted, "inserted");
  add(changes.updated, ChangeKind::updated, "updated");
  add(changes.deleted, ChangeKind::deleted, "deleted");
  return line;
}

}  // namespace

SuiteDatabase::SuiteDatabase(const EngineRegistry& engines, ProjectConfig project,
                             std::string database)
    : project_{std::move(project)},
      workspace_{engines, project_, progress_},
      target_{std::move(database)},
      keep_{is_set("SEEDBED_KEEP")} {}

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

void SuiteDatabase::begin_test(std::string_view name, TestIsolation isolation) {
  if (database_ == nullptr || isolation == TestIsolation::clone) open();
  isolation_ = isolation;
  if (isolation == TestIsolation::rewind && !noted_) {
    prepare_factory_tables(database_->connection());
    begin_notes(database_->connection());
    noted_ = true;
  }
  const std::string test{name};
  if (isolation == TestIsolation::rollback) {
    scope_ = std::make_unique<TestScope>(*database_, TestScopeOptions{.test = test});
  } else {
    database_->begin_test(test);
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
  } catch (const Error&) {
    let_go();
    throw;
  }
  return lines;
}

void SuiteDatabase::end_rewound(bool failed, std::vector<std::string>& lines) {
  Connection& connection = database_->connection();
  if (connection.in_transaction()) connection.execute("ROLLBACK");
  const UndoLog& log = connection.engine().undo_log();
  if (failed && noted_) {
    constexpr std::size_t kRowsToName = 5;
    const auto changes = log.changes(connection, kRowsToName);
    for (const auto& table : changes.tables) {
      if (!is_own_name(table.table)) lines.push_back(told(table));
    }
    for (const auto& change : changes.schema) lines.push_back("schema: " + change);
  }
  if (failed && keep_) {
    lines.push_back("the database is kept: " + client_url(run_->databases().front()));
    return let_go();
  }
  if (!noted_) return let_go();
  const auto changes = log.undo(connection);
  for (const auto& left : changes.left) lines.push_back("still there: " + left);
  if (!changes.undoable()) return let_go();  // the next test has another database
  database_->start_over();
}

}  // namespace seedbed
