#pragma once

#include <string>
#include <string_view>

#include "seedbed/core/value.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::mysql {

/// In backticks, doubled inside. Throws invalid_input for a NUL, which no name has.
[[nodiscard]] std::string backticked(std::string_view identifier);
[[nodiscard]] std::string backticked(const TableName& table);

/// A literal under a sql_mode with backslash escapes and without ANSI_QUOTES. Throws
/// invalid_input for NaN and infinities, which the product does not have.
[[nodiscard]] std::string literal(const Value& value);

void require_finite(double value);  ///< throws as `literal` does

/// How the text of a column's cells gets into the column.
enum class Form : unsigned char {
  plain,    ///< as it is
  hex,      ///< bytes: hexadecimal digits through UNHEX
  wkb,      ///< geometry: the cell is hexadecimal text already
  bits,     ///< BIT: zeros and ones
  instant,  ///< TIMESTAMP: MariaDB does not read the zone at the end of "... 12:00:00+00:00"
};
[[nodiscard]] Form form_of(const ColumnType& type) noexcept;

/// "2024-02-29 12:00:00+00:00" without the zone, when it is UTC: the session's own.
[[nodiscard]] std::string_view without_utc(std::string_view text) noexcept;

[[nodiscard]] std::string read_expression(const Column& column);
/// What stores `placeholder`, bound to a cell as `read_expression` gives it.
[[nodiscard]] std::string write_expression(const Column& column, const std::string& placeholder);
[[nodiscard]] std::string order_expression(const Column& column);

}  // namespace seedbed::mysql
