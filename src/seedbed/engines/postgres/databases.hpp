#pragma once

#include "seedbed/engines/engine.hpp"

namespace seedbed::postgres {

[[nodiscard]] bool database_exists(const Engine& engine, const DatabaseUrl& url);
void create_database(const Engine& engine, const DatabaseUrl& url);
void drop_database(const Engine& engine, const DatabaseUrl& url);
[[nodiscard]] Capabilities probe_capabilities(Connection& connection);

}  // namespace seedbed::postgres
