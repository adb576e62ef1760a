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

struct MigrateOptions {
  std::optional<std::int64_t> to{};  ///< last version to apply; all when absent
  std::int64_t steps = 1;            ///< for `down`
  int lock_wait_ms = 60'000;
  bool dry_run = false;  ///< report what would run; send nothing
};

/// Applies and undoes migrations, each file once whatever the number of processes: a session-wide
/// lock is taken first and the ledger read after it. Each file runs in one transaction with its
/// ledger entry where the engine's DDL is transactional; elsewhere the ledger records each
/// statement, so that a file that failed in the middle is reported with the statement to resume at.
class Migrator {
 public:
  /// Both outlive the migrator.
  Migrator(Connection& connection, const MigrationSet& set) : connection_{connection}, set_{set} {}

  /// By version; writes nothing, not even the ledger.
  [[nodiscard]] std::vector<MigrationStatus> status();
  /// Applies what is pending; returns what it applied (or would). Throws conflict (an applied file
  /// was edited or is missing, the lock is held), invalid_input with file and line when a statement
  /// fails.
  std::vector<Migration> up(const MigrateOptions& options, Progress& progress);
  /// Undoes the last `options.steps`, newest first. Throws invalid_input when one has no down file.
  std::vector<Migration> down(const MigrateOptions& options, Progress& progress);

 private:
  Connection& connection_;
  const MigrationSet& set_;
};

}  // namespace seedbed
