#pragma once

#include <memory>
#include <span>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/load_guard.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::mysql {

/// Switches the session's foreign key checks off until the guard is finished or destroyed. Throws
/// unsupported, naming them, when a table has triggers.
[[nodiscard]] std::unique_ptr<LoadGuard> guard_load(Connection& connection, const Schema& schema,
                                                    std::span<const TableName> tables);

/// Switches the session's foreign key and unique checks off, with which InnoDB fills an empty table
/// by sorting. Throws unsupported for a server that would take equal values then. Without effect,
/// nullptr, when other rows are written meanwhile, whose keys nobody would check.
[[nodiscard]] std::unique_ptr<LoadGuard> defer_constraints(Connection& connection,
                                                           const Schema& schema,
                                                           const DeferredTables& deferred);
/// What it runs; empty where that is nothing.
[[nodiscard]] SurroundingSql deferred_sql(Connection& connection, const Schema& schema,
                                          const DeferredTables& deferred);

}  // namespace seedbed::mysql
