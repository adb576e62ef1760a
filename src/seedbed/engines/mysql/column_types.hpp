#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/value.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::mysql {

/// What information_schema.columns says about a column's type.
struct TypeFacts {
  std::string data_type{};    ///< "int", "enum"
  std::string column_type{};  ///< "int(10) unsigned", "enum('a','b')"
  Value characters{};
  Value octets{};
  Value precision{};
  Value scale{};
  Value fraction{};
};

/// TINYINT(1) is a boolean, as BOOLEAN declares it; its cells are integers, since other numbers
/// than 0 and 1 fit it. JSON on MariaDB is longtext here; its CHECK tells (`catalog.cpp`).
[[nodiscard]] ColumnType column_type(const TypeFacts& facts);

/// The labels of "enum('a','b''c')", in order, unquoted.
[[nodiscard]] std::vector<std::string> parse_labels(std::string_view column_type);

}  // namespace seedbed::mysql
