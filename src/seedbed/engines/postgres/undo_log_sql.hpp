#pragma once

#include <string>

#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/postgres/noted_tables.hpp"

namespace seedbed::postgres {

/// The tables that all noted tables share, and the views over them.
[[nodiscard]] std::string shared_objects_sql();
/// The functions that put rows back. With `replica` the role may set session_replication_role.
[[nodiscard]] std::string functions_sql(bool replica);
/// The functions and triggers of one table, and its line in `seedbed_undo_tables`.
[[nodiscard]] std::string noting_sql(const Engine& engine, const NotedTable& table);
/// Event triggers, for superusers.
[[nodiscard]] std::string schema_watch_sql();

}  // namespace seedbed::postgres
