#pragma once

#include <span>
#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/load_guard.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::postgres {

/// Everything it does is DDL inside the caller's transaction, so a crash or rollback undoes it.
/// Tables without user triggers and cycles are not touched: they need no more rights than INSERT.
class PostgresLoadGuard final : public LoadGuard {
 public:
  PostgresLoadGuard(Connection& connection, const Schema& schema,
                    std::span<const TableName> tables);
  void finish() override;

 private:
  struct LoadedKey {
    TableName table;
    ForeignKey key;
  };

  void disable_triggers(const Schema& schema, std::span<const TableName> tables);
  void disable(const std::string& statement, const TableName& table);
  void defer_keys(const Schema& schema, std::span<const TableName> tables);
  /// False, with nothing changed, when the role does not own all of the tables.
  [[nodiscard]] bool make_deferrable(const std::vector<LoadedKey>& keys);
  void verify_keys();
  [[nodiscard]] std::uint64_t count_orphans(const TableName& table, const ForeignKey& key);

  Connection& connection_;
  std::vector<LoadedKey> keys_;        // of the loaded tables
  std::vector<std::string> put_back_;  // statements, in the order they run
};

}  // namespace seedbed::postgres
