#pragma once

#include <memory>
#include <span>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/load_guard.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// Drops the tables' indexes, those of UNIQUE and PRIMARY KEY apart, and builds them again at once;
/// DDL inside the caller's transaction.
[[nodiscard]] std::unique_ptr<LoadGuard> defer_sqlite_indexes(Connection& connection,
                                                              std::span<const TableName> tables);

}  // namespace seedbed::detail
