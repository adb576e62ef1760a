#pragma once

#include <memory>

#include "seedbed/engines/database_server.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed::postgres {

/// Its session is with the maintenance database, since locks are those of one database.
[[nodiscard]] std::unique_ptr<DatabaseServer> connect_server(const Engine& engine,
                                                             const DatabaseUrl& url);

/// With initdb and postgres of the newest version that Debian's packages put below
/// /usr/lib/postgresql, else those on the path.
[[nodiscard]] ServerRecipe make_server_recipe(const ServerPlace& place);

}  // namespace seedbed::postgres
