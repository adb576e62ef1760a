#pragma once

#include <memory>
#include <span>

#include "seedbed/engines/engine.hpp"

namespace seedbed::detail {

[[nodiscard]] std::unique_ptr<LoadGuard> guard_sqlite_load(Connection& connection,
                                                           const Schema& schema,
                                                           std::span<const TableName> tables);

/// Drops the tables' indexes, those of UNIQUE and PRIMARY KEY apart, and builds them again at once;
/// DDL inside the caller's transaction.
[[nodiscard]] std::unique_ptr<LoadGuard> defer_sqlite_indexes(Connection& connection,
                                                              const DeferredTables& deferred);
/// What it runs.
[[nodiscard]] SurroundingSql deferred_indexes_sql(Connection& connection,
                                                  const DeferredTables& deferred);

}  // namespace seedbed::detail
