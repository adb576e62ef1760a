#pragma once

#include <memory>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/load_streams.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::postgres {

/// As `Engine::open_streams`, for Seedbed's own connections and tables without triggers, foreign
/// keys (from and to it), rules and policies; from PostgreSQL 13. nullptr also when the server
/// takes no more sessions, or somebody else goes on writing the table.
[[nodiscard]] std::unique_ptr<LoadStreams> open_streams(Connection& connection, const Table& table);

}  // namespace seedbed::postgres
