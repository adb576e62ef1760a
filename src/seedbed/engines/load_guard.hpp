#pragma once

#include <string>
#include <vector>

#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// Tables whose constraints are to be put off.
struct DeferredTables {
  std::vector<TableName> empty{};  ///< those without rows
  bool alone = true;  ///< nothing else is written meanwhile, of other tables or by statements
};

/// Statements before the rows of a load, and after them.
struct SurroundingSql {
  std::vector<std::string> before{};
  std::vector<std::string> after{};
};

/// What is changed around a bulk write into some tables, inside a transaction, and put back after
/// it.
///
/// `Engine::guard_load` makes a write possible without side effects: user triggers do not fire, and
/// foreign keys need not hold until `finish()`.
///
///   PostgreSQL  triggers disabled and keys made DEFERRABLE for the transaction (as owner)
///   SQLite      triggers dropped and put back in the transaction, PRAGMA defer_foreign_keys
///   MySQL       foreign_key_checks off for the session, keys verified by query at the end; a table
///               with triggers is refused (unsupported), since they would rewrite the rows
///
/// `Engine::defer_constraints` puts off what makes rows expensive.
///
///   PostgreSQL  foreign keys, keys and indexes dropped and built again (as owner)
///   SQLite      the same for indexes, but for those of UNIQUE and PRIMARY KEY
///   MariaDB     unique_checks and foreign_key_checks off for the session, with which InnoDB fills
///               an empty table by sorting (from 10.7) and still refuses equal values; keys
///               verified by query at the end. The settings hold for all statements: only for
///               tables that are written alone.
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
