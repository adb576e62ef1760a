#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::postgres {

/// A column of a table whose rows are noted.
struct NotedColumn {
  std::string name{};
  std::string type{};      ///< as the server prints it, with its schema
  bool generated = false;  ///< computed from others
  bool identity = false;   ///< takes a value in no UPDATE
  bool plain_text = true;  ///< its text is the same under all settings of a session
  bool in_key = false;
};

struct NotedTable {
  std::string number{};   ///< its oid
  TableName name{};       ///< with its schema
  bool loud = false;      ///< has triggers of the user's that fire on changes
  std::size_t place = 0;  ///< after those it refers to, where no cycle is in the way
  std::vector<NotedColumn> columns{};

  [[nodiscard]] std::vector<const NotedColumn*> key() const;
};

/// All tables that hold rows, but Seedbed's: of these `own_tables`.
[[nodiscard]] std::vector<NotedTable> read_noted_tables(Connection& connection,
                                                        std::span<const std::string> own_tables);

}  // namespace seedbed::postgres
