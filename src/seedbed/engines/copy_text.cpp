#include "seedbed/engines/copy_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include "seedbed/core/text.hpp"
#include "seedbed/schema/cell_encoding.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kLongestNumber = 32;

char* write(char* out, std::string_view text) {
  return std::copy(text.begin(), text.end(), out);
}

/// Copies the text, with what stands behind it, in blocks; gives false when it may hold what has to
/// be escaped, or not so much may be read. There is room for a block more than the text.
bool copied_plain(char* out, std::string_view text, std::size_t readable) {
  constexpr std::size_t kBlock = 16;
  using Words = std::array<std::uint64_t, kBlock / sizeof(std::uint64_t)>;
  if (text.size() + kBlock > readable) return false;
  std::uint64_t special = 0;
  for (std::size_t at = 0; at < text.size(); at += kBlock) {
    Words words;  // NOLINT(*-member-init): read below
    std::memcpy(words.data(), text.data() + at, kBlock);
    std::memcpy(out + at, words.data(), kBlock);
    special |= special_bytes(words[0]) | special_bytes(words[1]);
  }
  return special == 0;
}

char* write_escaped(char* out, std::string_view text, std::size_t readable) {
  if (copied_plain(out, text, readable)) return out + text.size();
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

/// Writes lines at the end of a string, for which it makes room now and then.
class LineWriter {
 public:
  explicit LineWriter(std::string& lines)
      : lines_{lines}, at_{lines.data() + lines.size()}, end_{at_} {}

  void write_line(const ColumnBatch& batch, std::size_t row) {
    for (std::size_t i = 0; i < batch.column_count(); ++i) {
      write_field(batch.column(i), row);
      *at_++ = '\t';
    }
    at_[-1] = '\n';
  }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(at_ - lines_.data()); }
  void finish() { lines_.resize(size()); }

 private:
  void write_field(const BatchColumn& column, std::size_t row) {
    const auto kind = column.kind(row);
    if (kind == ValueKind::text) {
      const auto text = column.text(row);
      make_room(2 * text.size());
      at_ = write_escaped(at_, text, column.readable(row));
    } else if (kind == ValueKind::bytes) {
      const auto bytes = column.text(row);
      make_room(2 * bytes.size());
      at_ = write_hex(write(at_, "\\\\x"), bytes);
    } else {
      make_room(0);
      at_ = write_number(column, row);
    }
  }

  [[nodiscard]] char* write_number(const BatchColumn& column, std::size_t row) const {
    switch (column.kind(row)) {
      case ValueKind::boolean: *at_ = column.boolean(row) ? 't' : 'f'; return at_ + 1;
      case ValueKind::integer:
        return std::to_chars(at_, at_ + kLongestNumber, column.integer(row)).ptr;
      case ValueKind::real: return write_real(at_, column.real(row));
      case ValueKind::null:
      case ValueKind::text:
      case ValueKind::bytes: break;
    }
    return write(at_, "\\N");
  }

  /// For so many bytes, a number, and what stands between fields.
  void make_room(std::size_t bytes) {
    const auto most = bytes + kLongestNumber + 1;
    if (static_cast<std::size_t>(end_ - at_) < most) grow(most);
  }

  void grow(std::size_t most) {
    constexpr std::size_t kStep = 512;  // it is filled with zeros first
    const auto used = size();
    lines_.resize(used + std::max(most, kStep));
    at_ = lines_.data() + used;
    end_ = lines_.data() + lines_.size();
  }

  std::string& lines_;
  char* at_;
  char* end_;
};

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
  LineWriter writer{lines};
  writer.write_line(batch, row);
  writer.finish();
}

std::size_t append_copy_lines(std::string& lines, const ColumnBatch& batch, std::size_t first,
                              std::size_t enough) {
  LineWriter writer{lines};
  auto row = first;
  while (row < batch.row_count() && writer.size() < enough) writer.write_line(batch, row++);
  writer.finish();
  return row;
}

}  // namespace seedbed::detail
