#pragma once

#include <string>
#include <vector>

#include "seedbed/engines/engine.hpp"

namespace seedbed::testing {

/// All rows, counters, and the schema of a database, as lines to compare.
[[nodiscard]] std::vector<std::string> database_state(Connection& connection);

}  // namespace seedbed::testing
