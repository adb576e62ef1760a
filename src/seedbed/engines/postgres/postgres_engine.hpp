#pragma once

#include <memory>

#include "seedbed/engines/engine.hpp"

namespace seedbed {

/// PostgreSQL 13 or newer, through libpqxx, and libpq for COPY and streams.
[[nodiscard]] std::unique_ptr<Engine> make_postgres_engine();

}  // namespace seedbed
