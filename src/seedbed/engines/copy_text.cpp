#include "seedbed/engines/copy_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "seedbed/schema/cell_encoding.hpp"

namespace seedbed::detail {

namespace {

void append_copy_field(std::string& line, const BatchColumn& column, std::size_t row) {
  switch (column.kind(row)) {
    case ValueKind::null: line += "\\N"; return;
    case ValueKind::boolean: line += column.boolean(row) ? 't' : 'f'; return;
    case ValueKind::integer: return append_integer_text(line, column.integer(row));
    case ValueKind::real: return append_real_text(line, column.real(row));
    case ValueKind::text: return append_escaped(line, column.text(row));
    case ValueKind::bytes: line += "\\\\x"; return append_hex_text(line, column.text(row));
  }
}

}  // namespace

void append_real_text(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "Infinity" : "-Infinity";
  } else {
    std::array<char, 32> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    out.append(buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data()));
  }
}

void append_integer_text(std::string& out, std::int64_t value) {
  std::array<char, 24> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data()));
}

void append_hex_text(std::string& out, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::size_t start = out.size();
  out.resize(start + bytes.size() * 2);
  char* digit = out.data() + start;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *digit++ = kDigits[byte >> 4U];
    *digit++ = kDigits[byte & 0xFU];
  }
}

void append_copy_line(std::string& lines, const ColumnBatch& batch, std::size_t row) {
  for (std::size_t i = 0; i < batch.column_count(); ++i) {
    if (i > 0) lines += '\t';
    append_copy_field(lines, batch.column(i), row);
  }
  lines += '\n';
}

}  // namespace seedbed::detail
