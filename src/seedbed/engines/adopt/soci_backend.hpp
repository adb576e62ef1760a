#pragma once

#include "seedbed/engines/savepoint_stack.hpp"

namespace soci {
class session;
}

namespace seedbed::detail {

/// nullptr when the session was not opened by `savepoints`.
[[nodiscard]] SavepointStack* savepoints_of(soci::session& session);

}  // namespace seedbed::detail
