#include "seedbed/migrations/migrator.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/migrations/file_runner.hpp"
#include "seedbed/migrations/ledger.hpp"

namespace seedbed {

namespace {

using detail::Direction;
using detail::FileRunner;
using detail::Ledger;
using detail::LedgerEntry;
using detail::LedgerState;
using detail::StatementState;

constexpr std::string_view kLock = "migrations";

/// Holds the lock of all migrators of one database.
class MigrationLock {
 public:
  MigrationLock(Connection& connection, int wait_ms) : connection_{connection} {
    if (connection.engine().try_lock(connection, kLock, wait_ms)) return;
    throw Error{
        ErrorCode::conflict,
        fmt::format("another process has been migrating database '{}' for {} ms; try again when it "
                    "is done",
                    connection.database_name(), wait_ms)};
  }
  ~MigrationLock() {
    try {
      connection_.engine().unlock(connection_, kLock);
    } catch (const Error&) {
      // The connection is lost, and its lock with it.
      return;
    }
  }
  MigrationLock(const MigrationLock&) = delete;
  MigrationLock& operator=(const MigrationLock&) = delete;

 private:
  Connection& connection_;
};

std::string describe_stop(Ledger& ledger, const LedgerEntry& entry) {
  const bool undo = entry.state == LedgerState::undoing;
  const std::string_view command = undo ? "seedbed migrate down" : "seedbed migrate up";
  for (const auto& statement : ledger.statements(entry.version, undo)) {
    if (statement.state == StatementState::failed) {
      return fmt::format("stopped at statement {}, line {}: {}", statement.ordinal, statement.line,
                         statement.error);
    }
    if (statement.state == StatementState::running) {
      return fmt::format(
          "stopped at statement {}, line {}, whose outcome is not known; run '{}' for "
          "what to do",
          statement.ordinal, statement.line, command);
    }
  }
  return fmt::format("stopped between two statements; run '{}' to go on", command);
}

MigrationStatus status_of(Ledger& ledger, const LedgerEntry& entry, const Migration* file) {
  MigrationStatus status{.version = entry.version,
                         .label = entry.label,
                         .state = MigrationState::applied,
                         .applied_at = entry.applied_at,
                         .duration_ms = entry.duration_ms};
  if (entry.state != LedgerState::applied) {
    status.state = MigrationState::failed;
    status.applied_at.clear();
    status.note = describe_stop(ledger, entry);
  } else if (file == nullptr) {
    status.state = MigrationState::missing;
    status.note = "its file is gone: bring it back";
  } else if (file->checksum.to_string() != entry.checksum) {
    status.state = MigrationState::edited;
    status.note = fmt::format(
        "'{}' has changed since: put it back as it was, and write a new migration "
        "for the change",
        file->up_file.string());
  }
  return status;
}

std::vector<MigrationStatus> statuses(Ledger& ledger, const MigrationSet& set) {
  std::map<std::int64_t, MigrationStatus> by_version;
  std::int64_t last_applied = -1;
  for (const auto& entry : ledger.entries()) {
    by_version[entry.version] = status_of(ledger, entry, set.find(entry.version));
    last_applied = entry.version;
  }
  for (const auto& migration : set.all()) {
    if (by_version.contains(migration.version)) continue;
    by_version[migration.version] = {.version = migration.version,
                                     .label = migration.label(),
                                     .state = migration.version < last_applied
                                                  ? MigrationState::out_of_order
                                                  : MigrationState::pending};
  }
  std::vector<MigrationStatus> result;
  result.reserve(by_version.size());
  for (auto& [version, status] : by_version) result.push_back(std::move(status));
  return result;
}

void refuse_edited_and_missing(const std::vector<MigrationStatus>& all) {
  Diagnostics findings;
  for (const auto& status : all) {
    if (status.state != MigrationState::edited && status.state != MigrationState::missing) continue;
    findings.push_back({ErrorCode::conflict, fmt::format("migration '{}' is applied, but {}",
                                                         status.label, status.note)});
  }
  throw_if_any(std::move(findings));
}

// A file that stopped while it was undone is neither applied nor undone; only `down` can finish it.
void refuse_stopped(Ledger& ledger, LedgerState state) {
  for (const auto& entry : ledger.entries()) {
    if (entry.state != state) continue;
    throw Error{ErrorCode::conflict,
                fmt::format("migration '{}' {}", entry.label, describe_stop(ledger, entry))};
  }
}

std::vector<Migration> plan_up(Ledger& ledger, const MigrationSet& set,
                               const MigrateOptions& options) {
  if (options.to && set.find(*options.to) == nullptr) {
    throw Error{ErrorCode::not_found,
                fmt::format("there is no migration of version {}", *options.to)};
  }
  const auto all = statuses(ledger, set);
  refuse_edited_and_missing(all);
  refuse_stopped(ledger, LedgerState::undoing);
  std::vector<Migration> plan;
  for (const auto& status : all) {
    if (status.state == MigrationState::applied || (options.to && status.version > *options.to))
      continue;
    const Migration* const migration = set.find(status.version);
    if (migration == nullptr) {
      throw Error{ErrorCode::conflict,
                  fmt::format("migration '{}' {}, and its file is gone: bring it back",
                              status.label, status.note)};
    }
    plan.push_back(*migration);
  }
  return plan;
}

std::vector<Migration> plan_down(Ledger& ledger, const MigrationSet& set,
                                 const MigrateOptions& options) {
  if (options.steps < 1) {
    throw Error{
        ErrorCode::invalid_input,
        fmt::format("{} is no number of migrations to undo: it starts at 1", options.steps)};
  }
  refuse_stopped(ledger, LedgerState::applying);
  auto entries = ledger.entries();
  std::reverse(entries.begin(), entries.end());
  if (std::cmp_greater(entries.size(), options.steps)) {
    entries.resize(static_cast<std::size_t>(options.steps));
  }
  std::vector<Migration> plan;
  Diagnostics findings;
  for (const auto& entry : entries) {
    const Migration* const migration = set.find(entry.version);
    if (migration == nullptr || migration->down_file.empty()) {
      findings.push_back(
          {ErrorCode::invalid_input,
           fmt::format("migration '{0}' cannot be undone: there is no file '{0}.down.sql'",
                       entry.label)});
    } else {
      plan.push_back(*migration);
    }
  }
  throw_if_any(std::move(findings));
  return plan;
}

std::vector<Migration> run_all(FileRunner& runner, Ledger& ledger,
                               const std::vector<Migration>& plan, Direction direction) {
  std::vector<Migration> result;
  if (!plan.empty()) ledger.create();
  for (const auto& migration : plan) {
    if (runner.run(migration, direction)) result.push_back(migration);
  }
  return result;
}

}  // namespace

std::string_view to_string(MigrationState state) noexcept {
  switch (state) {
    case MigrationState::applied: return "applied";
    case MigrationState::pending: return "pending";
    case MigrationState::edited: return "edited";
    case MigrationState::missing: return "missing";
    case MigrationState::failed: return "failed";
    case MigrationState::out_of_order: break;
  }
  return "out_of_order";
}

std::vector<MigrationStatus> Migrator::status() {
  Ledger ledger{connection_};
  return statuses(ledger, set_);
}

std::vector<Migration> Migrator::up(const MigrateOptions& options, Progress& progress) {
  Ledger ledger{connection_};
  if (options.dry_run) return plan_up(ledger, set_, options);
  const MigrationLock lock{connection_, options.lock_wait_ms};
  FileRunner runner{connection_, ledger, options, progress};
  return run_all(runner, ledger, plan_up(ledger, set_, options), Direction::up);
}

std::vector<Migration> Migrator::down(const MigrateOptions& options, Progress& progress) {
  Ledger ledger{connection_};
  if (options.dry_run) return plan_down(ledger, set_, options);
  const MigrationLock lock{connection_, options.lock_wait_ms};
  FileRunner runner{connection_, ledger, options, progress};
  return run_all(runner, ledger, plan_down(ledger, set_, options), Direction::down);
}

}  // namespace seedbed
