#pragma once

#include <memory>
#include <string>

#include "seedbed/engines/engine.hpp"

namespace seedbed::postgres {

[[nodiscard]] bool database_exists(const Engine& engine, const DatabaseUrl& url);
/// A session with database `postgres` of the URL's server, or where that was removed `template1`.
[[nodiscard]] std::unique_ptr<Connection> connect_maintenance(const Engine& engine,
                                                              const DatabaseUrl& url);
/// CREATE DATABASE and DROP DATABASE with what follows the name, on a session with another one.
void create_database_by(Connection& connection, const DatabaseUrl& url, const std::string& options);
void drop_database_by(Connection& connection, const DatabaseUrl& url, const std::string& options);
void create_database(const Engine& engine, const DatabaseUrl& url);
void drop_database(const Engine& engine, const DatabaseUrl& url);
[[nodiscard]] Capabilities probe_capabilities(Connection& connection);

}  // namespace seedbed::postgres
