#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/mysql/undo_sql.hpp"

namespace seedbed::mysql {

/// The tables of the database whose rows are to be noted, as they are now, numbered by name; those
/// of Seedbed that are listed, and the user's. Throws unsupported for tables without transactions.
[[nodiscard]] std::vector<NotedTable> read_noted_tables(Connection& connection,
                                                        std::span<const std::string> own_tables);

/// Keeps what an undo needs to know, in the table whose name is `prefix` and "_tables".
void store_tables(Connection& connection, std::string_view prefix,
                  const std::vector<NotedTable>& tables);
/// A row (rel, name, columns, user_triggers) of it.
[[nodiscard]] NotedTable stored_table(const Row& row);

}  // namespace seedbed::mysql
