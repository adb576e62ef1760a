#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "seedbed/engines/connection.hpp"

namespace seedbed::mysql {

/// As SHOW CREATE TABLE has it, without the counter.
[[nodiscard]] std::string definition_of(Connection& connection, const std::string& table);

/// Views, procedures, functions and events of the database, as SHOW CREATE has them; empty where
/// the user may not see it. By kind ("view") and name.
using CodeDefinitions = std::map<std::pair<std::string, std::string>, std::string>;
[[nodiscard]] CodeDefinitions read_code(Connection& connection);

/// Kept in the table whose name is `prefix` and "_code".
void store_code(Connection& connection, std::string_view prefix);
[[nodiscard]] CodeDefinitions stored_code(Connection& connection, std::string_view prefix);

}  // namespace seedbed::mysql
