#pragma once

#include "seedbed/engines/savepoint_stack.hpp"

namespace soci {
class session;
namespace details {
class session_backend;
}
}  // namespace soci

namespace seedbed::detail {

/// The driver's own backend of a session, also behind that of `savepoints`; nullptr when the
/// session is not open.
[[nodiscard]] soci::details::session_backend* driver_backend(soci::session& session);

/// nullptr when the session was not opened by `savepoints`.
[[nodiscard]] SavepointStack* savepoints_of(soci::session& session);

}  // namespace seedbed::detail
