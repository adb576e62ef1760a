#include "seedbed/engines/copy_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "seedbed/core/text.hpp"
#include "seedbed/schema/cell_encoding.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kLongestNumber = 32;

/// What the field takes at most.
std::size_t room_for(const BatchColumn& column, std::size_t row) {
  const auto kind = column.kind(row);
  const bool is_string = kind == ValueKind::text || kind == ValueKind::bytes;
  return is_string ? 2 * column.text(row).size() + kLongestNumber : kLongestNumber;
}

char* write(char* out, std::string_view text) {
  return std::copy(text.begin(), text.end(), out);
}

char* write_escaped(char* out, std::string_view text) {
  if (is_plain(text)) return write(out, text);
  std::string escaped;
  append_escaped(escaped, text);
  return write(out, escaped);
}

char* write_real(char* out, double value) {
  if (std::isnan(value)) return write(out, "NaN");
  if (std::isinf(value)) return write(out, value > 0 ? "Infinity" : "-Infinity");
  return std::to_chars(out, out + kLongestNumber, value).ptr;
}

char* write_copy_field(char* out, const BatchColumn& column, std::size_t row) {
  switch (column.kind(row)) {
    case ValueKind::null: return write(out, "\\N");
    case ValueKind::boolean: *out = column.boolean(row) ? 't' : 'f'; return out + 1;
    case ValueKind::integer:
      return std::to_chars(out, out + kLongestNumber, column.integer(row)).ptr;
    case ValueKind::real: return write_real(out, column.real(row));
    case ValueKind::text: return write_escaped(out, column.text(row));
    case ValueKind::bytes: return write_hex(write(out, "\\\\x"), column.text(row));
  }
  return out;
}

/// Appends what `write` puts into room for `most` bytes; it gives the end.
template <typename Write>
void append_by(std::string& text, std::size_t most, Write&& write) {
  const auto size = text.size();
  text.resize(size + most);
  const char* const end = std::forward<Write>(write)(text.data() + size);
  text.resize(static_cast<std::size_t>(end - text.data()));
}

}  // namespace

void append_real_text(std::string& out, double value) {
  append_by(out, kLongestNumber, [&](char* at) { return write_real(at, value); });
}

void append_integer_text(std::string& out, std::int64_t value) {
  append_by(out, kLongestNumber,
            [&](char* at) { return std::to_chars(at, at + kLongestNumber, value).ptr; });
}

void append_hex_text(std::string& out, std::string_view bytes) {
  append_by(out, 2 * bytes.size(), [&](char* at) { return write_hex(at, bytes); });
}

void append_copy_line(std::string& lines, const ColumnBatch& batch, std::size_t row) {
  std::size_t most = 1;
  for (std::size_t i = 0; i < batch.column_count(); ++i) most += room_for(batch.column(i), row);
  append_by(lines, most, [&](char* at) {
    for (std::size_t i = 0; i < batch.column_count(); ++i) {
      if (i > 0) *at++ = '\t';
      at = write_copy_field(at, batch.column(i), row);
    }
    *at++ = '\n';
    return at;
  });
}

}  // namespace seedbed::detail
