#pragma once

#include <span>
#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/load_guard.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::postgres {

/// Drops what a row costs most for, and builds it again at once: foreign keys of the tables and
/// those that lead to them, unique and primary keys, and indexes. All of it is DDL inside the
/// caller's transaction, so a crash or rollback undoes it. What cannot be built again as it was
/// stays: what others depend on or have remarks about, what is clustered, of a replica's identity
/// or in another tablespace, and everything of partitioned tables.
class DeferredConstraints final : public LoadGuard {
 public:
  /// Throws refused unless the role owns the tables and those that their keys lie between.
  DeferredConstraints(Connection& connection, std::span<const TableName> tables);
  void finish() override;

 private:
  void drop(const std::string& statement, const std::string& build);

  Connection& connection_;
  std::vector<std::string> build_;  // in the order that things were dropped
};

/// What it runs, but that it lets stay what others depend on.
[[nodiscard]] SurroundingSql deferred_constraints_sql(Connection& connection,
                                                      std::span<const TableName> tables);

}  // namespace seedbed::postgres
