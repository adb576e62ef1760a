#pragma once

#include <memory>

#include "seedbed/engines/database_server.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed::mysql {

/// Records the databases that it makes in `seedbed_server`.`seedbed_databases` before they are
/// there, so that none is lost.
[[nodiscard]] std::unique_ptr<DatabaseServer> connect_server(const Engine& engine,
                                                             const DatabaseUrl& url);

/// With mariadb-install-db and mariadbd.
[[nodiscard]] ServerRecipe make_server_recipe(const ServerPlace& place);

}  // namespace seedbed::mysql
