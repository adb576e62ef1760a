#pragma once

#include <memory>
#include <span>

#include "seedbed/engines/engine.hpp"

namespace seedbed::detail {

[[nodiscard]] std::unique_ptr<LoadGuard> guard_sqlite_load(Connection& connection,
                                                           const Schema& schema,
                                                           std::span<const TableName> tables);

}  // namespace seedbed::detail
