#pragma once

#include <memory>

#include "seedbed/engines/connection.hpp"

namespace sql {
class Connection;
}

namespace seedbed {

/// A Connection over the user's own Connector/C++ connection, which outlives the result, is not
/// closed, and keeps its settings.
[[nodiscard]] std::unique_ptr<Connection> adopt(sql::Connection& connection);

}  // namespace seedbed
