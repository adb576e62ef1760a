#pragma once

#include <string>
#include <string_view>

#include "seedbed/core/value.hpp"

namespace seedbed::detail {

/// In double quotes, inner ones doubled; throws invalid_input for a NUL.
[[nodiscard]] std::string quote_identifier(std::string_view identifier);
/// In single quotes, inner ones doubled.
[[nodiscard]] std::string quote_text(std::string_view text);
/// A literal that SQLite reads back as the same value; throws invalid_input for NaN.
[[nodiscard]] std::string sqlite_literal(const Value& value);

}  // namespace seedbed::detail
