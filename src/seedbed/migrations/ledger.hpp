#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "seedbed/engines/engine.hpp"

namespace seedbed::detail {

/// How far a migration has come. A file that runs in one transaction is recorded as applied with
/// it, so the other two are only seen in files that run statement by statement.
enum class LedgerState : unsigned char { applied, applying, undoing };

struct LedgerEntry {
  std::int64_t version = 0;
  std::string label{};
  std::string checksum{};  ///< "sha256:..." of the up file
  LedgerState state = LedgerState::applied;
  std::string applied_at{};  ///< RFC 3339
  std::int64_t duration_ms = 0;
};

enum class StatementState : unsigned char {
  running,  ///< sent; the process ended before the outcome was recorded
  done,
  failed,
};

/// One statement of a file that runs statement by statement.
struct LedgerStatement {
  std::int64_t version = 0;
  bool undo = false;         ///< of the down file
  std::int64_t ordinal = 0;  ///< in the file, from 1
  std::string digest{};      ///< of the statement's text
  std::int64_t line = 0;
  StatementState state = StatementState::running;
  std::int64_t duration_ms = 0;
  std::string error{};  ///< plain ASCII
};

/// What has been applied to one database: its own tables `seedbed_migrations` and
/// `seedbed_migration_statements`.
class Ledger {
 public:
  /// The connection outlives the ledger.
  explicit Ledger(Connection& connection);

  /// Makes the tables when they are missing.
  void create();
  /// By version; empty when the tables are missing.
  [[nodiscard]] std::vector<LedgerEntry> entries();
  /// The tables must be there.
  [[nodiscard]] std::optional<LedgerEntry> find(std::int64_t version);
  /// Inserts or replaces, atomically.
  void put(const LedgerEntry& entry);
  void put(const LedgerStatement& statement);
  /// Forgets the migration and its statements, atomically.
  void remove(std::int64_t version);
  /// By ordinal, of one direction.
  [[nodiscard]] std::vector<LedgerStatement> statements(std::int64_t version, bool undo);

 private:
  [[nodiscard]] std::string placeholders(std::size_t count) const;
  [[nodiscard]] std::vector<LedgerEntry> read_entries(const std::string& condition,
                                                      const Row& arguments);

  Connection& connection_;
  std::string migrations_;  // quoted
  std::string statements_;
};

}  // namespace seedbed::detail
