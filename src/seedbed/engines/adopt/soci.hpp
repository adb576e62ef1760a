#pragma once

#include <memory>

#include "seedbed/engines/connection.hpp"

namespace soci {
class session;
}

namespace seedbed {

/// A Connection over the user's own SOCI session on SQLite. The session stays the user's: it
/// outlives the result, is not closed, and its settings are not changed. Throws unsupported for
/// another backend.
[[nodiscard]] std::unique_ptr<Connection> adopt(soci::session& session);

}  // namespace seedbed
