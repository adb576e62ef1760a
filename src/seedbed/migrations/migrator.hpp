#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/migrations/migration_set.hpp"

namespace seedbed {

enum class MigrationState : unsigned char {
  applied,
  pending,
  edited,        ///< applied, but the file's bytes have changed since
  missing,       ///< applied, but the file is gone
  failed,        ///< a non-transactional file stopped in the middle
  out_of_order,  ///< pending, but a later version is applied
};
[[nodiscard]] std::string_view to_string(MigrationState state) noexcept;

struct MigrationStatus {
  std::int64_t version = 0;
  std::string label{};
  MigrationState state = MigrationState::pending;
  std::string applied_at{};  ///< RFC 3339, UTC; empty when not applied
  std::int64_t duration_ms = 0;
  std::string note{};  ///< what to do about edited, missing and failed ones
};

/// What `up` and `down` do about a statement that was sent, but whose outcome nobody saw, since the
/// process or the connection ended. Only files that run statement by statement can stop there.
enum class UnknownStatement : unsigned char {
  refuse,     ///< say so
  run_again,  ///< it did not take effect
  skip,       ///< it did
};

struct MigrateOptions {
  std::optional<std::int64_t> to{};  ///< last version to apply; all when absent
  std::int64_t steps = 1;            ///< for `down`
  int lock_wait_ms = 60'000;
  bool dry_run = false;  ///< report what would run; send nothing that writes
  UnknownStatement unknown = UnknownStatement::refuse;
};

/// Applies and undoes migrations, each file once whatever the number of processes: a session-wide
/// lock is taken first and the ledger read after it. Each file runs in one transaction with its
/// ledger entry where the engine's DDL is transactional; elsewhere, and for "-- seedbed:
/// no-transaction", the ledger records each statement, so that a file that failed in the middle
/// goes on at the statement that failed.
class Migrator {
 public:
  /// Both outlive the migrator.
  Migrator(Connection& connection, const MigrationSet& set) : connection_{connection}, set_{set} {}

  /// By version; writes nothing, not even the ledger.
  [[nodiscard]] std::vector<MigrationStatus> status();
  /// Applies what is pending, by version, also versions below the last applied one; returns what it
  /// applied (or would). Throws not_found (no version `to`), conflict (an applied file was edited
  /// or is missing, the lock is held, a stopped file cannot go on), and, with file, line and what
  /// stays applied when a statement fails: invalid_input, constraint_violation, unsupported or
  /// unavailable as the engine judged it.
  std::vector<Migration> up(const MigrateOptions& options, Progress& progress);
  /// Undoes the last `options.steps`, newest first, or as many as there are. Throws invalid_input
  /// when one has no down file, which is found before any is undone; otherwise as `up`. The caller
  /// has checked the mark.
  std::vector<Migration> down(const MigrateOptions& options, Progress& progress);

 private:
  Connection& connection_;
  const MigrationSet& set_;
};

}  // namespace seedbed
