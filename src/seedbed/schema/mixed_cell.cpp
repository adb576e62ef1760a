#include "seedbed/schema/mixed_cell.hpp"

#include <bit>
#include <charconv>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/schema/cell_encoding.hpp"

namespace seedbed {

namespace {

[[noreturn]] void throw_corrupt() {
  throw Error{ErrorCode::corrupt, "a stored cell of a mixed column is not 'kind:value'"};
}

bool same_cell(const BatchColumn& left, std::size_t row, const BatchColumn& right) {
  const ValueKind kind = left.kind(row);
  if (right.kind(0) != kind) return false;
  // Bit by bit: -0 is not 0.
  if (kind == ValueKind::real) {
    return std::bit_cast<std::uint64_t>(left.real(row)) ==
           std::bit_cast<std::uint64_t>(right.real(0));
  }
  return left.value(row) == right.value(0);
}

template <typename T>
T parse(std::string_view text) {
  T number{};
  const auto* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (text.empty() || result.ec != std::errc{} || result.ptr != end) throw_corrupt();
  return number;
}

bool plain_text(std::string_view text) {
  return text.find('\0') == std::string_view::npos && !find_invalid_utf8(text);
}

}  // namespace

bool fits_type(const BatchColumn& cells, std::size_t row, const ColumnType& type) {
  const ValueKind kind = cells.kind(row);
  if (kind == ValueKind::null) return true;
  if (kind == ValueKind::integer && type.type_class == TypeClass::integer) return true;
  if (kind == ValueKind::bytes && type.type_class == TypeClass::bytes) return true;
  if (kind == ValueKind::text && type.type_class == TypeClass::text && !type.fixed) {
    return plain_text(cells.text(row));
  }
  try {
    std::string text;
    append_cell(text, cells, row, type);
    BatchColumn back;
    read_stored_cell(text, type, back);
    return same_cell(cells, row, back);
  } catch (const Error&) {
    return false;
  }
}

void read_stored_cell(std::string_view escaped, const ColumnType& type, BatchColumn& cells) {
  BatchColumn plain;
  read_cell(escaped, type, plain);
  if (plain.kind(0) == ValueKind::boolean) {
    cells.append_integer(plain.boolean(0) ? 1 : 0);
  } else if (type.type_class == TypeClass::decimal && !plain.is_null(0)) {
    const auto text = plain.text(0);
    const auto whole = text.substr(0, text.find('.'));
    std::int64_t number = 0;
    const auto result = std::from_chars(whole.data(), whole.data() + whole.size(), number);
    const bool fraction = whole.size() < text.size() &&
                          text.find_first_not_of('0', whole.size() + 1) != std::string_view::npos;
    if (!fraction && result.ec == std::errc{} && result.ptr == whole.data() + whole.size()) {
      cells.append_integer(number);
    } else {
      cells.append_real(parse<double>(text));
    }
  } else {
    cells.append(plain.value(0));
  }
}

void append_mixed_cell(std::string& line, const BatchColumn& cells, std::size_t row) {
  switch (cells.kind(row)) {
    case ValueKind::null: line += kNullCell; return;
    case ValueKind::boolean: line += cells.boolean(row) ? "i:1" : "i:0"; return;
    case ValueKind::integer: line += fmt::format("i:{}", cells.integer(row)); return;
    case ValueKind::real: line += "r:" + shortest(cells.real(row)); return;
    case ValueKind::bytes: line += "b:" + to_hex(cells.text(row)); return;
    case ValueKind::text: break;
  }
  const auto text = cells.text(row);
  if (plain_text(text)) {
    line += "t:";
    append_escaped(line, text);
  } else {
    line += "x:" + to_hex(text);
  }
}

void read_mixed_cell(std::string_view escaped, BatchColumn& cells) {
  if (escaped == kNullCell) return cells.append_null();
  const std::string text = unescaped(escaped);
  if (text.size() < 2 || text[1] != ':') throw_corrupt();
  const std::string_view value = std::string_view{text}.substr(2);
  if (text[0] == 'i') return cells.append_integer(parse<std::int64_t>(value));
  if (text[0] == 'r') return cells.append_real(parse<double>(value));
  if (text[0] == 't') return cells.append_text(value);
  const auto bytes = from_hex(value);
  if (!bytes || (text[0] != 'b' && text[0] != 'x')) throw_corrupt();
  text[0] == 'b' ? cells.append_bytes(*bytes) : cells.append_text(*bytes);
}

bool append_logical_mixed_cell(std::string& line, std::string_view escaped,
                               const ColumnType& type) {
  if (type.type_class == TypeClass::other) return false;
  BatchColumn cells;
  read_mixed_cell(escaped, cells);
  try {
    std::string canonical;
    append_cell(canonical, cells, 0, type);
    return append_logical_cell(line, canonical, type);
  } catch (const Error&) {
    line += escaped;  // no value of the type: unlike anything another engine could hold
    return true;
  }
}

}  // namespace seedbed
