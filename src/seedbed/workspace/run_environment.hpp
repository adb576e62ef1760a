#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "seedbed/engines/url.hpp"

namespace seedbed {

/// Variables to add to a program's environment; nullopt takes one away.
using EnvironmentChanges = std::map<std::string, std::optional<std::string>>;

/// The database's URL as most clients take it. SQLite: `sqlite:////abs/path`. What PGSSLMODE says
/// is left out where that is enough.
[[nodiscard]] std::string client_url(const DatabaseUrl& url);

/// How a program finds its databases: DATABASE_URL and SEEDBED_DATABASE (the first), DATABASE_URL_0
/// and so on, and the variables that the engine's own clients read. `inherited` are the names of
/// the variables that are set: those of the kind that would lead elsewhere are taken away.
[[nodiscard]] EnvironmentChanges run_environment(std::span<const DatabaseUrl> databases,
                                                 std::span<const std::string> inherited);

}  // namespace seedbed
