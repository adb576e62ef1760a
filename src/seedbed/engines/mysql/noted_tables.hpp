#pragma once

#include <span>
#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/mysql/undo_sql.hpp"

namespace seedbed::mysql {

/// The tables of the database whose rows are to be noted, as they are now, numbered by name; those
/// of Seedbed that are listed, and the user's. Throws unsupported for tables without transactions.
[[nodiscard]] std::vector<NotedTable> read_noted_tables(Connection& connection,
                                                        std::span<const std::string> own_tables);

/// Keeps what an undo needs to know, in seedbed_undo_tables.
void store_tables(Connection& connection, const std::vector<NotedTable>& tables);
/// A row (rel, name, columns, user_triggers) of it.
[[nodiscard]] NotedTable stored_table(const Row& row);

/// Keeps what InnoDB calls the tables, and their counters, in seedbed_undo_state.
void store_state(Connection& connection);
/// Tables that are not the ones they were, for people.
struct ChangedTables {
  std::vector<std::string> truncated{};
  std::vector<std::string> schema{};  ///< altered, new or gone; also views, by their names
};
[[nodiscard]] ChangedTables changed_tables(Connection& connection);

struct MovedCounter {
  std::string table{};
  std::string next{};  ///< the value it is to hand out next
};
[[nodiscard]] std::vector<MovedCounter> moved_counters(Connection& connection);

}  // namespace seedbed::mysql
