#pragma once

#include <span>
#include <string>

#include "seedbed/engines/engine.hpp"

namespace seedbed::postgres {

/// What has to be known of the present state. `own_tables`: of Seedbed, that belong to it.
[[nodiscard]] std::string empty_state_sql(std::span<const EmptyTable> tables,
                                          std::span<const std::string> own_tables);
/// seedbed_empty(how): how is 'look', 'delete' or 'truncate'. Its rows are as `add_change` reads
/// them, and ('vacuum', ...) with the name of a table whose file has grown large.
[[nodiscard]] std::string empty_function_sql(std::span<const std::string> own_tables);

}  // namespace seedbed::postgres
