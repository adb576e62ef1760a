#pragma once

#include <memory>

#include "seedbed/engines/savepoint_stack.hpp"

namespace soci::details {
class statement_backend;
}

namespace seedbed::detail {

/// The driver's statement, whose failures outside of the code's own transactions leave a sandbox on
/// PostgreSQL usable: each execution is guarded by `sandbox`, which outlives the statement.
[[nodiscard]] std::unique_ptr<soci::details::statement_backend> guarded_statement(
    std::unique_ptr<soci::details::statement_backend> driver, SavepointStack& sandbox);

}  // namespace seedbed::detail
