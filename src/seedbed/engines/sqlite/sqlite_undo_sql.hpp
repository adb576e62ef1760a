#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace seedbed::detail {

/// A table whose rows are noted.
struct NotedTable {
  std::size_t number = 0;
  std::string name{};
  std::string rowid{};  ///< the name by which its rowid is reached; empty: it has none
  std::vector<std::string> columns{};              ///< stored ones
  std::vector<std::string> key{};                  ///< primary key
  bool key_is_rowid = false;                       ///< INTEGER PRIMARY KEY
  std::vector<std::vector<std::string>> unique{};  ///< all keys on plain columns
};

/// seedbed_undo holds notes: rel is the table's number; op is I (appeared), D (vanished), U
/// (changed), R (perhaps replaced by a row that is written); row is the rowid; v1, v2, ... are the
/// stored columns of the row before, and of one that appeared its key.
[[nodiscard]] std::string undo_tables_sql(std::size_t widest);
/// The triggers of one table.
[[nodiscard]] std::vector<std::string> noting_sql(const NotedTable& table);
/// The statements that bring its rows back, in order.
[[nodiscard]] std::vector<std::string> undo_sql(const NotedTable& table);
/// One row: how many rows were inserted, updated and deleted.
[[nodiscard]] std::string count_sql(const NotedTable& table);
/// Rows (change, key...): up to `rows` of them.
[[nodiscard]] std::string rows_sql(const NotedTable& table, std::size_t rows);
/// The columns that the key in `rows_sql` has.
[[nodiscard]] std::vector<std::string> shown_key(const NotedTable& table);

}  // namespace seedbed::detail
