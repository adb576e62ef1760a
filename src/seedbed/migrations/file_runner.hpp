#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/migrations/ledger.hpp"
#include "seedbed/migrations/migration_set.hpp"
#include "seedbed/migrations/migrator.hpp"
#include "seedbed/migrations/script.hpp"

namespace seedbed::detail {

enum class Direction : unsigned char { up, down };

/// Runs one migration file with its ledger entry. The caller holds the lock, and the ledger's
/// tables are there.
class FileRunner {
 public:
  FileRunner(Connection& connection, Ledger& ledger, const MigrateOptions& options,
             Progress& progress);

  /// False when another process has done it meanwhile (SQLite, where the transaction is the lock).
  [[nodiscard]] bool run(const Migration& migration, Direction direction);

 private:
  struct Job {
    const Migration& migration;
    Direction direction = Direction::up;
    const std::filesystem::path& file;
    Script script;
  };

  [[nodiscard]] bool run_in_transaction(const Job& job);
  void run_journalled(const Job& job);
  void execute(const Job& job, std::size_t index, const std::string& consequence);
  void run_recorded(const Job& job, std::size_t index);
  void send_recorded(const Job& job, LedgerStatement& record, std::size_t index);
  void record_failure(const LedgerStatement& record);
  [[nodiscard]] std::size_t statements_done(const Job& job);
  void check_unchanged(const Job& job, const LedgerStatement& record, std::size_t index) const;
  [[noreturn]] static void refuse_unknown(const Job& job, const LedgerStatement& record);
  void record_end(const Job& job, std::int64_t duration_ms);
  void record_state(const Job& job, LedgerState state, std::int64_t duration_ms);
  [[nodiscard]] LedgerStatement record_of(const Job& job, std::size_t index) const;

  Connection& connection_;
  Ledger& ledger_;
  const MigrateOptions& options_;
  Progress& progress_;
  bool transactional_ddl_;
};

}  // namespace seedbed::detail
