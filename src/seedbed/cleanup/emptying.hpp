#pragma once

#include <string>
#include <vector>

#include "seedbed/engines/engine.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

struct EmptyingOptions {
  EmptyBy by = EmptyBy::delete_;
  std::vector<std::string> keep{};  ///< tables left as they are, whatever becomes of their rows
};

/// Makes the present state, whose tables hold no rows, the one that `Engine::empty_baseline` brings
/// back. Throws, with every finding: conflict (a table holds rows, or is kept and refers to one
/// that is not), not_found (a kept table that does not exist), unsupported (`delete_`: as
/// `plan_clean`); and as `EmptyBaseline::begin`.
void begin_emptying(Connection& connection, const Schema& schema, const EmptyingOptions& options);

namespace detail {

/// Seedbed's own tables that belong to the state, quoted: row numbers and named records.
[[nodiscard]] std::vector<std::string> own_tables_of_state(Connection& connection);

}  // namespace detail

}  // namespace seedbed
