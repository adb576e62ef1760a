#include "seedbed/engines/postgres/cells.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/copy_text.hpp"

namespace seedbed::postgres {

namespace {

using detail::append_hex_text;
using detail::append_integer_text;
using detail::append_real_text;

// Type numbers that have never changed (src/include/catalog/pg_type.dat).
constexpr TypeOid kBool = 16;
constexpr TypeOid kBytea = 17;
constexpr TypeOid kInt8 = 20;
constexpr TypeOid kInt2 = 21;
constexpr TypeOid kInt4 = 23;
constexpr TypeOid kOid = 26;
constexpr TypeOid kFloat4 = 700;
constexpr TypeOid kFloat8 = 701;

template <typename T>
T parsed(std::string_view text) {
  T value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) {
    throw Error{ErrorCode::internal, "the server sent a number that cannot be read"};
  }
  return value;
}

std::string text_of(const Value& value) {
  std::string text;
  if (!value.is_null()) append_text(text, value);
  return text;
}

std::string bytes_of(std::string_view text) {
  const auto bytes = text.starts_with("\\x") ? from_hex(text.substr(2)) : std::nullopt;
  if (!bytes) {
    throw Error{ErrorCode::unsupported,
                "bytes can be read only with the setting bytea_output = hex"};
  }
  return *bytes;
}

}  // namespace

CellKind cell_kind(TypeOid type) noexcept {
  switch (type) {
    case kBool: return CellKind::boolean;
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid: return CellKind::integer;
    case kFloat4: return CellKind::float4;
    case kFloat8: return CellKind::float8;
    case kBytea: return CellKind::bytes;
    default: return CellKind::text;
  }
}

void append_decoded(BatchColumn& column, CellKind kind, std::string_view text) {
  switch (kind) {
    case CellKind::boolean: return column.append_boolean(text == "t");
    case CellKind::integer: return column.append_integer(parsed<std::int64_t>(text));
    // The server prints the shortest text for four bytes: read as such, so that it prints back.
    case CellKind::float4: return column.append_real(static_cast<double>(parsed<float>(text)));
    case CellKind::float8: return column.append_real(parsed<double>(text));
    case CellKind::bytes: return column.append_bytes(bytes_of(text));
    case CellKind::text: return column.append_text(text);
  }
}

Value decoded(CellKind kind, std::string_view text) {
  switch (kind) {
    case CellKind::boolean: return text == "t";
    case CellKind::integer: return parsed<std::int64_t>(text);
    case CellKind::float4: return static_cast<double>(parsed<float>(text));
    case CellKind::float8: return parsed<double>(text);
    case CellKind::bytes: return Bytes{bytes_of(text)};
    case CellKind::text: break;
  }
  return text;
}

Arguments::Arguments(std::span<const Value> values) : given_{values} {
  texts_.reserve(values.size());
  values_.reserve(values.size());
  for (const auto& value : values) {
    if (value.is_null()) {
      values_.push_back(nullptr);
      continue;
    }
    const bool is_text = value.kind() == ValueKind::text;
    const std::string& text = is_text ? value.text() : texts_.emplace_back(text_of(value));
    if (is_text && text.find('\0') != std::string::npos) {
      throw Error{ErrorCode::invalid_input,
                  fmt::format("argument {} holds a NUL character, which PostgreSQL's text cannot",
                              values_.size() + 1),
                  {.engine = "postgres"}};
    }
    size_ += text.size();
    values_.push_back(text.c_str());
  }
}

std::vector<TypeOid> Arguments::types() const {
  std::vector<TypeOid> types(given_.size());
  std::transform(given_.begin(), given_.end(), types.begin(), [](const Value& value) {
    return value.kind() == ValueKind::bytes ? kBytea : TypeOid{0};
  });
  return types;
}

void append_text(std::string& out, const Value& cell) {
  switch (cell.kind()) {
    case ValueKind::null: return;
    case ValueKind::boolean: out += cell.boolean() ? 't' : 'f'; return;
    case ValueKind::integer: return append_integer_text(out, cell.integer());
    case ValueKind::real: return append_real_text(out, cell.real());
    case ValueKind::text: out += cell.text(); return;
    case ValueKind::bytes: out += "\\x"; return append_hex_text(out, cell.bytes().data);
  }
}

void append_quoted(std::string& sql, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    throw Error{ErrorCode::invalid_input,
                "a text holds a NUL character, which PostgreSQL's cannot",
                {.engine = "postgres"}};
  }
  if (text.find('\\') != std::string_view::npos) sql += 'E';
  sql += '\'';
  for (const char c : text) {
    if (c == '\'' || c == '\\') sql += c;
    sql += c;
  }
  sql += '\'';
}

namespace {

void append_untyped_literal(std::string& sql, const BatchColumn& column, std::size_t row) {
  if (column.is_null(row)) {
    sql += "NULL";
  } else if (column.kind(row) == ValueKind::text) {
    append_quoted(sql, column.text(row));
  } else {
    append_quoted(sql, text_of(column.value(row)));
  }
}

}  // namespace

void append_row_literal(std::string& sql, const ColumnBatch& batch, std::size_t row) {
  sql += sql.ends_with(')') ? ",(" : "(";
  for (std::size_t i = 0; i < batch.column_count(); ++i) {
    if (i > 0) sql += ',';
    append_untyped_literal(sql, batch.column(i), row);
  }
  sql += ')';
}

std::string typed_literal(const Value& value) {
  std::string sql;
  switch (value.kind()) {
    case ValueKind::null: return "NULL";
    case ValueKind::boolean: return value.boolean() ? "TRUE" : "FALSE";
    case ValueKind::integer: append_integer_text(sql, value.integer()); return sql;
    case ValueKind::real: append_quoted(sql, text_of(value)); return sql + "::float8";
    case ValueKind::text: append_quoted(sql, value.text()); return sql;
    case ValueKind::bytes: append_quoted(sql, text_of(value)); return sql + "::bytea";
  }
  return sql;
}

}  // namespace seedbed::postgres
