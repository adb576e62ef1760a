#include "seedbed/engines/mysql/dialect.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed::mysql {

namespace {

std::string text_literal(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\0') {
      result += "\\0";
      continue;
    }
    if (c == '\'' || c == '\\') result += c;
    result += c;
  }
  return result + "'";
}

// An exponent makes it a double for the server, not a decimal.
std::string real_literal(double value) {
  require_finite(value);
  std::string text = shortest(value);
  if (text.find('e') == std::string::npos) text += "e0";
  return text;
}

bool is_geometry(const ColumnType& type) noexcept {
  constexpr std::array<std::string_view, 9> kTypes{
      "geometry",        "point",        "linestring",         "polygon",       "multipoint",
      "multilinestring", "multipolygon", "geometrycollection", "geomcollection"};
  return type.type_class == TypeClass::other &&
         std::ranges::any_of(kTypes, [&](auto name) { return type.declared.starts_with(name); });
}

}  // namespace

std::string backticked(std::string_view identifier) {
  if (identifier.find('\0') != std::string_view::npos) {
    throw Error{ErrorCode::invalid_input, "mysql: a name cannot hold a NUL character"};
  }
  std::string result = "`";
  for (const char c : identifier) {
    if (c == '`') result += c;
    result += c;
  }
  return result + "`";
}

std::string backticked(const TableName& table) {
  return table.schema.empty()
             ? backticked(table.name)
             : fmt::format("{}.{}", backticked(table.schema), backticked(table.name));
}

void require_finite(double value) {
  if (std::isfinite(value)) return;
  throw Error{ErrorCode::invalid_input,
              "mysql: a float cannot be NaN or infinite",
              {.engine = "mysql", .sqlstate = "22003", .statement = {}, .where = {}}};
}

std::string literal(const Value& value) {
  switch (value.kind()) {
    case ValueKind::null: return "NULL";
    case ValueKind::boolean: return value.boolean() ? "TRUE" : "FALSE";
    case ValueKind::integer: return std::to_string(value.integer());
    case ValueKind::real: return real_literal(value.real());
    case ValueKind::text: return text_literal(value.text());
    case ValueKind::bytes: return fmt::format("x'{}'", to_hex(value.bytes().data));
  }
  return {};
}

Form form_of(const ColumnType& type) noexcept {
  if (type.type_class == TypeClass::bytes) return Form::hex;
  if (type.type_class == TypeClass::bit) return Form::bits;
  if (type.type_class == TypeClass::timestamptz) return Form::instant;
  return is_geometry(type) ? Form::wkb : Form::plain;
}

std::string_view without_utc(std::string_view text) noexcept {
  for (const std::string_view zone : {"+00:00", "+00", "Z"}) {
    if (text.ends_with(zone)) return text.substr(0, text.size() - zone.size());
  }
  return text;
}

std::string write_expression(const Column& column, const std::string& placeholder) {
  switch (form_of(column.type)) {
    case Form::plain:
    case Form::hex: return placeholder;  // bytes are bound as bytes
    case Form::wkb: return fmt::format("UNHEX({})", placeholder);
    case Form::bits: return fmt::format("CAST(CONV({}, 2, 10) AS UNSIGNED)", placeholder);
    case Form::instant:
      return fmt::format("REGEXP_REPLACE({}, '(Z|[+]00(:00)?)$', '')", placeholder);
  }
  return placeholder;
}

std::string read_expression(const Column& column) {
  const std::string name = backticked(column.name);
  return form_of(column.type) == Form::wkb ? fmt::format("HEX({})", name) : name;
}

std::string order_expression(const Column& column) {
  std::string name = backticked(column.name);
  switch (column.type.type_class) {
    case TypeClass::boolean:
    case TypeClass::integer:
    case TypeClass::bytes: return name;
    case TypeClass::bit: return name + " + 0";
    case TypeClass::text:
    case TypeClass::json: return fmt::format("CAST(CONVERT({} USING utf8mb4) AS BINARY)", name);
    case TypeClass::real:  // a FLOAT as text has six digits only
      return fmt::format("CAST(CAST(CAST({} AS DOUBLE) AS CHAR) AS BINARY)", name);
    case TypeClass::other:
      return fmt::format("CAST(CAST({} AS CHAR) AS BINARY)", read_expression(column));
    case TypeClass::decimal:
    case TypeClass::date:
    case TypeClass::time:
    case TypeClass::timestamp:
    case TypeClass::timestamptz:
    case TypeClass::interval:
    case TypeClass::uuid:
    case TypeClass::enumeration:
    case TypeClass::set:
    case TypeClass::array:
    case TypeClass::year: break;
  }
  return fmt::format("CAST(CAST({} AS CHAR) AS BINARY)", name);
}

}  // namespace seedbed::mysql
