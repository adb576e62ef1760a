#include "seedbed/engines/sqlite/sqlite_dialect.hpp"

#include <cmath>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

std::string quoted(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result + quote;
}

std::string real_literal(double value) {
  if (std::isnan(value)) {
    throw Error{ErrorCode::invalid_input, "SQLite has no literal for NaN"};
  }
  if (std::isinf(value)) return value > 0 ? "9e999" : "-9e999";
  std::string text = shortest(value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::string quote_identifier(std::string_view identifier) {
  if (identifier.find('\0') != std::string_view::npos) {
    throw Error{ErrorCode::invalid_input, "a name cannot hold a NUL character"};
  }
  return quoted(identifier, '"');
}

std::string quote_text(std::string_view text) {
  return quoted(text, '\'');
}

std::string sqlite_literal(const Value& value) {
  switch (value.kind()) {
    case ValueKind::null: return "NULL";
    case ValueKind::boolean: return value.boolean() ? "1" : "0";
    case ValueKind::integer: return std::to_string(value.integer());
    case ValueKind::real: return real_literal(value.real());
    case ValueKind::bytes: return "X'" + to_hex(value.bytes().data) + "'";
    case ValueKind::text: break;
  }
  // SQL text ends at a NUL.
  const std::string& text = value.text();
  if (text.find('\0') != std::string::npos) return "CAST(X'" + to_hex(text) + "' AS TEXT)";
  return quote_text(text);
}

}  // namespace seedbed::detail
