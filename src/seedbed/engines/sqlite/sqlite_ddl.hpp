#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// What only the text of a CREATE TABLE tells; no PRAGMA does.
struct TableText {
  struct Reference {
    std::string constraint{};  ///< empty when the key has no name
    bool deferrable = false;
    bool initially_deferred = false;
  };

  std::vector<Check> checks{};          ///< in written order
  std::vector<Reference> references{};  ///< one per foreign key, in written order
  bool autoincrement = false;
};

/// Reads the statement as SQLite keeps it in sqlite_schema; a text that is no CREATE TABLE with a
/// list of columns gives nothing.
[[nodiscard]] TableText parse_table_text(std::string_view sql);

}  // namespace seedbed::detail
