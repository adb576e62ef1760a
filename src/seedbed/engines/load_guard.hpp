#pragma once

namespace seedbed {

/// What is changed around a bulk write into some tables, inside a transaction, and put back after
/// it. `Engine::defer_constraints` puts off what makes rows expensive. `Engine::guard_load` makes a
/// write possible without side effects: user triggers do not fire, and foreign keys need not hold
/// until `finish()`.
///
///   PostgreSQL  triggers disabled and keys made DEFERRABLE for the transaction (as owner)
///   SQLite      triggers dropped and put back in the transaction, PRAGMA defer_foreign_keys
///   MySQL       foreign_key_checks off for the session, keys verified by query at the end; a table
///   with
///               triggers is refused (unsupported), since they would rewrite the rows
class LoadGuard {
 public:
  LoadGuard() = default;
  /// Puts everything back when `finish()` was not reached; what is transactional is left to the
  /// rollback.
  virtual ~LoadGuard() = default;
  LoadGuard(const LoadGuard&) = delete;
  LoadGuard& operator=(const LoadGuard&) = delete;

  /// Verifies the foreign keys of the tables (constraint_violation names the key and the number of
  /// orphans) and puts triggers and settings back.
  virtual void finish() = 0;
};

}  // namespace seedbed
