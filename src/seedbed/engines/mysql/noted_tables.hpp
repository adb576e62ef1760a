#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/mysql/undo_sql.hpp"
#include "seedbed/engines/undo_log.hpp"

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

/// Keeps what InnoDB calls the tables, and their counters, in "_state". Tables are stored before.
void store_state(Connection& connection, std::string_view prefix);
/// Takes tables that were truncated for the same as before.
void store_numbers(Connection& connection, std::string_view prefix);

struct MovedCounter {
  std::string table{};
  std::string next{};  ///< the value it is to hand out next
};

/// What InnoDB says of the tables, against what it said at the beginning; for people but for
/// `moved`.
struct Drift {
  std::vector<std::string> truncated{};
  std::vector<std::string> schema{};  ///< altered or gone; also views, by their names
  std::vector<std::string> fresh{};   ///< "table extra", "view extra"
  std::vector<std::string> drops{};   ///< statements that would drop those
  std::vector<MovedCounter> moved{};  ///< by table
};
[[nodiscard]] Drift read_drift(Connection& connection, std::string_view prefix);
/// DDL, so after the rows: until it has run, counters are found moved. Those of tables that open
/// transactions have used are told in `changes.left`.
void set_counters_back(Connection& connection, const std::vector<MovedCounter>& moved,
                       Changes& changes);

}  // namespace seedbed::mysql
