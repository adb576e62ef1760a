#pragma once

#include <string>
#include <vector>

#include "seedbed/engines/engine.hpp"

namespace seedbed::postgres {

/// A column of a table whose rows are noted.
struct NotedColumn {
  std::string name{};
  std::string type{};      ///< as the server prints it, with its schema
  bool generated = false;  ///< computed from others
  bool plain_text = true;  ///< its text is the same under all settings of a session
  bool in_key = false;
};

struct NotedTable {
  std::string number{};  ///< its oid
  TableName name{};      ///< with its schema
  std::vector<NotedColumn> columns{};

  [[nodiscard]] std::vector<const NotedColumn*> key() const;
};

/// The tables, the views over them and the functions that all noted tables share. With `replica`
/// the role may set session_replication_role.
[[nodiscard]] std::string shared_objects_sql(bool replica);
/// The functions and triggers of one table, and its line in `seedbed_undo_tables`.
[[nodiscard]] std::string noting_sql(const Engine& engine, const NotedTable& table);
/// Event triggers, for superusers.
[[nodiscard]] std::string schema_watch_sql();

}  // namespace seedbed::postgres
