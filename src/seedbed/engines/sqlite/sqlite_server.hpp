#pragma once

#include <memory>

#include "seedbed/engines/database_server.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed::detail {

/// The directory that the URL's file is in: databases are files `NAME.db`, their notes `NAME.note`,
/// locks `NAME.lock` that are held by flock.
[[nodiscard]] std::unique_ptr<DatabaseServer> connect_sqlite_directory(const Engine& engine,
                                                                       const DatabaseUrl& url);

}  // namespace seedbed::detail
