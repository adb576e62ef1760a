#pragma once

#include <string_view>

#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// What a declared type says about a column. SQLite itself enforces none of it, apart from STRICT
/// tables.
[[nodiscard]] ColumnType parse_declared_type(std::string_view declared);

}  // namespace seedbed::detail
