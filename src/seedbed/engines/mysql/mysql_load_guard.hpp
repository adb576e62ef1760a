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

}  // namespace seedbed::mysql
