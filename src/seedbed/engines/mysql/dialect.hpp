#pragma once

#include <string>
#include <string_view>

#include "seedbed/core/value.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::mysql {

/// In backticks, doubled inside.
[[nodiscard]] std::string backticked(std::string_view identifier);
[[nodiscard]] std::string backticked(const TableName& table);

/// A literal under a sql_mode with backslash escapes and without ANSI_QUOTES. Throws
/// constraint_violation for NaN and infinities, which the product does not have.
[[nodiscard]] std::string literal(const Value& value);

void require_finite(double value);  ///< throws as `literal` does

/// How the text of a column's cells gets into the column.
enum class Form : unsigned char {
  plain,    ///< as it is
  hex,      ///< bytes: hexadecimal digits through UNHEX
  wkb,      ///< geometry: the cell is hexadecimal text already
  bits,     ///< BIT: zeros and ones
  instant,  ///< TIMESTAMP: "+00:00" behind it is cut, which the server would not take
};
[[nodiscard]] Form form_of(const ColumnType& type) noexcept;

/// The expression that gives the column's value from `source`, a placeholder or a variable that
/// holds text in the column's form.
[[nodiscard]] std::string from_text(Form form, const std::string& source);

[[nodiscard]] std::string read_expression(const Column& column);
[[nodiscard]] std::string order_expression(const Column& column);

}  // namespace seedbed::mysql
