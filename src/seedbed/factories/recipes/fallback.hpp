#pragma once

#include <string>

#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// The expression that fills a column which no factory mentions, which has no default and may not
/// be NULL: from its labels, its type, and for texts its name. Unique columns get the row number.
/// Never longer than the column.
[[nodiscard]] std::string fallback_expression(const Table& table, const Column& column);

}  // namespace seedbed::detail
