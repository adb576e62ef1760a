#include "seedbed/schema/cell_encoding.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/schema/cell_text.hpp"

namespace seedbed {

namespace {

// What follows the backslash for the four characters that are escaped; 0 for others.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> table{};
  table['\\'] = '\\';
  table['\t'] = 't';
  table['\n'] = 'n';
  table['\r'] = 'r';
  return table;
}();

constexpr std::string_view kEscaped = "\\\t\n\r";
constexpr std::string_view kUtc = "+00:00";
constexpr std::size_t kUuidBytes = 16;
constexpr double kIntegerLimit = 9223372036854775808.0;  // the first double beyond int64

[[noreturn]] void throw_kind(ValueKind held, const ColumnType& type) {
  throw Error{ErrorCode::invalid_input,
              fmt::format("a cell is {}, which a column of type {} cannot hold", to_string(held),
                          to_string(type.type_class))};
}

[[noreturn]] void throw_corrupt(std::string_view what) {
  throw Error{ErrorCode::corrupt, fmt::format("a stored cell is not {}", what)};
}

// One cell, whichever kind it has; `text` also holds bytes.
struct Cell {
  ValueKind kind = ValueKind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text{};
};

Cell cell_of(const BatchColumn& cells, std::size_t row) {
  Cell cell{.kind = cells.kind(row)};
  switch (cell.kind) {
    case ValueKind::null: break;
    case ValueKind::boolean: cell.integer = cells.boolean(row) ? 1 : 0; break;
    case ValueKind::integer: cell.integer = cells.integer(row); break;
    case ValueKind::real: cell.real = cells.real(row); break;
    case ValueKind::text:
    case ValueKind::bytes: cell.text = cells.text(row); break;
  }
  return cell;
}

bool is_integral(const Cell& cell) noexcept {
  return cell.kind == ValueKind::integer || cell.kind == ValueKind::boolean;
}

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 24> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  out.append(buffer.data(), result.ptr);
}

std::string_view checked_text(const Cell& cell, const ColumnType& type) {
  if (cell.kind != ValueKind::text) throw_kind(cell.kind, type);
  if (cell.text.find('\0') != std::string_view::npos) {
    throw Error{ErrorCode::invalid_input, "a text cell holds a NUL character"};
  }
  if (find_invalid_utf8(cell.text)) {
    throw Error{ErrorCode::invalid_input, "a text cell is not well-formed UTF-8"};
  }
  return cell.text;
}

void append_boolean(std::string& out, const Cell& cell, const ColumnType& type) {
  if (is_integral(cell)) return append_number(out, cell.integer);  // TINYINT(1) may hold 2
  const std::string word = to_lower(checked_text(cell, type));
  if (word == "t" || word == "true") {
    out += '1';
  } else if (word == "f" || word == "false") {
    out += '0';
  } else {
    out += detail::integer_text(word);
  }
}

void append_integer(std::string& out, const Cell& cell, const ColumnType& type) {
  if (is_integral(cell)) return append_number(out, cell.integer);
  if (cell.kind == ValueKind::real) {
    if (!(cell.real >= -kIntegerLimit && cell.real < kIntegerLimit) ||
        cell.real != std::trunc(cell.real)) {
      throw_kind(cell.kind, type);
    }
    return append_number(out, static_cast<std::int64_t>(cell.real));
  }
  out += detail::integer_text(checked_text(cell, type));
}

void append_decimal(std::string& out, const Cell& cell, const ColumnType& type) {
  if (is_integral(cell)) {
    out += detail::decimal_text(std::to_string(cell.integer), type.scale);
  } else if (cell.kind == ValueKind::real) {
    out += detail::decimal_text(cell.real, type.scale);
  } else {
    out += detail::decimal_text(checked_text(cell, type), type.scale);
  }
}

double parse_real(std::string_view text, const ColumnType& type) {
  const auto parse = [&](auto number) {
    const auto* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    if (text.empty() || result.ec != std::errc{} || result.ptr != end) {
      throw Error{ErrorCode::invalid_input, "a cell is not a floating-point number"};
    }
    return static_cast<double>(number);
  };
  return type.length == 4 ? parse(0.0F) : parse(0.0);
}

void append_real(std::string& out, const Cell& cell, const ColumnType& type) {
  double number = cell.real;
  if (is_integral(cell)) {
    number = static_cast<double>(cell.integer);
  } else if (cell.kind != ValueKind::real) {
    number = parse_real(checked_text(cell, type), type);
  }
  out += type.length == 4 ? shortest(static_cast<float>(number)) : shortest(number);
}

void append_text(std::string& out, const Cell& cell, const ColumnType& type) {
  if (is_integral(cell)) return append_number(out, cell.integer);
  if (cell.kind == ValueKind::real) {
    out += shortest(cell.real);
    return;
  }
  std::string_view text = checked_text(cell, type);
  if (type.fixed) text = text.substr(0, text.find_last_not_of(' ') + 1);
  out += text;
}

void append_bytes(std::string& out, const Cell& cell, const ColumnType& type) {
  if (cell.kind != ValueKind::bytes && cell.kind != ValueKind::text) throw_kind(cell.kind, type);
  out += "\\x";
  out += to_hex(cell.text);
}

std::string bits_of(std::int64_t number, std::optional<int> length) {
  const auto bits = std::bit_cast<std::uint64_t>(number);
  return fmt::format("{:0>{}b}", bits, length.value_or(1));
}

// Types that travel as the engine's text, each with its own spelling.
std::string spelled(const Cell& cell, const ColumnType& type) {
  if (type.type_class == TypeClass::uuid && cell.kind == ValueKind::bytes) {
    if (cell.text.size() != kUuidBytes) throw_kind(cell.kind, type);
    return detail::uuid_text(to_hex(cell.text));
  }
  if (type.type_class == TypeClass::bit && is_integral(cell))
    return bits_of(cell.integer, type.length);
  if (type.type_class == TypeClass::other && cell.kind == ValueKind::bytes) {
    return "\\x" + to_hex(cell.text);
  }
  std::string text;
  append_text(text, cell, {.type_class = type.type_class});
  switch (type.type_class) {
    case TypeClass::time: return detail::time_text(text);
    case TypeClass::timestamp: return detail::timestamp_text(text, false);
    case TypeClass::timestamptz: return detail::timestamp_text(text, true);
    case TypeClass::uuid: return detail::uuid_text(text);
    case TypeClass::json: return type.json_binary ? canonical_json(text) : text;
    case TypeClass::bit: return detail::bit_text(text);
    case TypeClass::year: return detail::year_text(text);
    case TypeClass::boolean:
    case TypeClass::integer:
    case TypeClass::decimal:
    case TypeClass::real:
    case TypeClass::text:
    case TypeClass::bytes:
    case TypeClass::date:
    case TypeClass::interval:
    case TypeClass::enumeration:
    case TypeClass::set:
    case TypeClass::array:
    case TypeClass::other: break;
  }
  return text;
}

void append_plain(std::string& out, const Cell& cell, const ColumnType& type) {
  switch (type.type_class) {
    case TypeClass::boolean: return append_boolean(out, cell, type);
    case TypeClass::integer: return append_integer(out, cell, type);
    case TypeClass::decimal: return append_decimal(out, cell, type);
    case TypeClass::real: return append_real(out, cell, type);
    case TypeClass::text: return append_text(out, cell, type);
    case TypeClass::bytes: return append_bytes(out, cell, type);
    case TypeClass::date:
    case TypeClass::time:
    case TypeClass::timestamp:
    case TypeClass::timestamptz:
    case TypeClass::interval:
    case TypeClass::uuid:
    case TypeClass::json:
    case TypeClass::enumeration:
    case TypeClass::set:
    case TypeClass::array:
    case TypeClass::bit:
    case TypeClass::year:
    case TypeClass::other: out += spelled(cell, type); return;
  }
}

void escape_from(std::string& line, std::size_t start) {
  if (line.find_first_of(kEscaped, start) == std::string::npos) return;
  const std::string text = line.substr(start);
  line.resize(start);
  append_escaped(line, text);
}

void read_integer(std::string_view text, BatchColumn& cells) {
  std::int64_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (text.empty() || result.ptr != end || result.ec == std::errc::invalid_argument) {
    throw_corrupt("an integer");
  }
  if (result.ec == std::errc::result_out_of_range) return cells.append_text(text);
  cells.append_integer(number);
}

void read_bytes(std::string_view text, BatchColumn& cells) {
  const auto bytes = text.starts_with("\\x") ? from_hex(text.substr(2)) : std::nullopt;
  if (!bytes) throw_corrupt("a byte string");
  cells.append_bytes(*bytes);
}

void read_real(std::string_view text, const ColumnType& type, BatchColumn& cells) {
  try {
    cells.append_real(parse_real(text, type));
  } catch (const Error&) {
    throw_corrupt("a floating-point number");
  }
}

std::string logical_text(std::string_view escaped, const ColumnType& type) {
  std::string text = unescaped(escaped);
  if (type.type_class == TypeClass::decimal)
    return std::string{detail::without_fraction_zeros(text)};
  if (type.type_class == TypeClass::timestamptz && text.ends_with(kUtc)) {
    text.resize(text.size() - kUtc.size());
  }
  if (type.type_class != TypeClass::json) return text;
  try {
    return canonical_json(text);
  } catch (const Error&) {
    return text;  // a column that is JSON by name only
  }
}

}  // namespace

void append_escaped(std::string& line, std::string_view text) {
  if (is_plain(text)) {
    line += text;
    return;
  }
  for (;;) {
    const auto* const special = std::find_if(text.begin(), text.end(), [](char c) {
      return kEscapes[static_cast<unsigned char>(c)] != 0;
    });
    const auto plain = static_cast<std::size_t>(special - text.begin());
    line.append(text.data(), plain);
    if (plain == text.size()) return;
    line += '\\';
    line += kEscapes[static_cast<unsigned char>(*special)];
    text.remove_prefix(plain + 1);
  }
}

std::string unescaped(std::string_view cell) {
  std::string text;
  for (;;) {
    const auto at = cell.find_first_of(kEscaped);
    text += cell.substr(0, at);
    if (at == std::string_view::npos) return text;
    if (cell[at] != '\\' || at + 1 == cell.size()) throw_corrupt("well escaped");
    switch (cell[at + 1]) {
      case '\\': text += '\\'; break;
      case 't': text += '\t'; break;
      case 'n': text += '\n'; break;
      case 'r': text += '\r'; break;
      default: throw_corrupt("well escaped");
    }
    cell.remove_prefix(at + 2);
  }
}

void append_cell(std::string& line, const BatchColumn& cells, std::size_t row,
                 const ColumnType& type) {
  const Cell cell = cell_of(cells, row);
  if (cell.kind == ValueKind::null) {
    line += kNullCell;
    return;
  }
  const std::size_t start = line.size();
  append_plain(line, cell, type);
  escape_from(line, start);
}

std::string canonical_text(const Value& value, const ColumnType& type) {
  if (value.is_null()) throw Error{ErrorCode::invalid_input, "NULL has no canonical text"};
  BatchColumn cells;
  cells.append(value);
  std::string text;
  append_plain(text, cell_of(cells, 0), type);
  return text;
}

void read_cell(std::string_view escaped, const ColumnType& type, BatchColumn& cells) {
  if (escaped == kNullCell) return cells.append_null();
  const std::string text = unescaped(escaped);
  if (text.find('\0') != std::string::npos || find_invalid_utf8(text))
    throw_corrupt("well-formed UTF-8");
  if (type.type_class == TypeClass::boolean && (text == "0" || text == "1")) {
    cells.append_boolean(text == "1");
  } else if (type.type_class == TypeClass::boolean || type.type_class == TypeClass::integer) {
    read_integer(text, cells);
  } else if (type.type_class == TypeClass::real) {
    read_real(text, type, cells);
  } else if (type.type_class == TypeClass::bytes) {
    read_bytes(text, cells);
  } else {
    cells.append_text(text);
  }
}

bool append_logical_cell(std::string& line, std::string_view escaped, const ColumnType& type) {
  if (type.type_class == TypeClass::other) return false;
  const bool as_is = type.type_class != TypeClass::decimal && type.type_class != TypeClass::json &&
                     type.type_class != TypeClass::timestamptz;
  if (as_is || escaped == kNullCell) {
    line += escaped;
  } else {
    append_escaped(line, logical_text(escaped, type));
  }
  return true;
}

}  // namespace seedbed
