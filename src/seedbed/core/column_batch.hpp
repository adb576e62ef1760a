#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/core/value.hpp"

namespace seedbed {

/// Rows in a full batch. Readers fill batches up to this; writers accept any number of rows.
inline constexpr std::size_t kBatchRows = 4096;

/// The cells of one column of a batch, stored column-wise: a kind per cell (which is also its
/// validity), a 64-bit slot per cell, and one arena for text and bytes. A column is usually of one
/// kind; SQLite's may mix them. `clear()` keeps the memory, so a batch that is filled again and
/// again does not allocate.
class BatchColumn {
 public:
  void append_null() { push(ValueKind::null, 0); }
  void append_boolean(bool value) { push(ValueKind::boolean, value ? 1 : 0); }
  void append_integer(std::int64_t value) {
    push(ValueKind::integer, std::bit_cast<std::uint64_t>(value));
  }
  void append_real(double value) { push(ValueKind::real, std::bit_cast<std::uint64_t>(value)); }
  void append_text(std::string_view value) { push_string(ValueKind::text, value); }
  void append_bytes(std::string_view value) { push_string(ValueKind::bytes, value); }
  /// Appends as a text what `write` appends to a string of other texts.
  template <typename Write>
  void append_written(Write&& write) {
    const std::uint64_t offset = arena_.size();
    std::forward<Write>(write)(arena_);
    const std::uint64_t size = arena_.size() - offset;
    if (arena_.size() > kLengthMask) fail_too_long();
    push(ValueKind::text, offset << kOffsetShift | size);
  }
  /// Appends `count` cells of one kind at once, cell i of them being `value(i)`.
  template <typename Value>
  void append_booleans(std::size_t count, Value&& value) {
    const auto slots = push_all(ValueKind::boolean, count);
    for (std::size_t i = 0; i < count; ++i) slots[i] = value(i) ? 1 : 0;
  }
  template <typename Value>
  void append_integers(std::size_t count, Value&& value) {
    const auto slots = push_all(ValueKind::integer, count);
    for (std::size_t i = 0; i < count; ++i) slots[i] = static_cast<std::uint64_t>(value(i));
  }
  template <typename Value>
  void append_texts(std::size_t count, Value&& value) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < count; ++i) size += value(i).size();
    append_written(count, size, [&](char* out, std::size_t i) {
      const std::string_view text = value(i);
      return std::copy(text.begin(), text.end(), out);
    });
  }
  /// Appends `count` texts, which have at most `room` bytes altogether: `write(out, i)` writes text
  /// i to `out`, and gives its end.
  template <typename Write>
  void append_written(std::size_t count, std::size_t room, Write&& write) {
    const auto offset = arena_.size();
    if (offset + room > kLengthMask) fail_too_long();
    arena_.resize(offset + room);
    const auto slots = push_all(ValueKind::text, count);
    char* const begin = arena_.data();
    char* out = begin + offset;
    for (std::size_t i = 0; i < count; ++i) {
      char* const end = write(out, i);
      slots[i] = static_cast<std::uint64_t>(out - begin) << kOffsetShift |
                 static_cast<std::uint64_t>(end - out);
      out = end;
    }
    arena_.resize(static_cast<std::size_t>(out - begin));
  }
  void append(const Value& value);
  /// A cell of another column.
  void append(const BatchColumn& other, std::size_t row) {
    const auto kind = other.kinds_[row];
    const bool owns_text = kind == ValueKind::text || kind == ValueKind::bytes;
    owns_text ? push_string(kind, other.text(row)) : push(kind, other.slots_[row]);
  }

  [[nodiscard]] std::size_t size() const noexcept { return kinds_.size(); }
  [[nodiscard]] ValueKind kind(std::size_t row) const { return kinds_[row]; }
  [[nodiscard]] bool is_null(std::size_t row) const { return kinds_[row] == ValueKind::null; }
  /// The cell as the kind it has; reading it as another kind is a bug (asserted).
  [[nodiscard]] bool boolean(std::size_t row) const { return slots_[row] != 0; }
  [[nodiscard]] std::int64_t integer(std::size_t row) const {
    return std::bit_cast<std::int64_t>(slots_[row]);
  }
  [[nodiscard]] double real(std::size_t row) const { return std::bit_cast<double>(slots_[row]); }
  /// Text or bytes; valid until the next append or clear.
  [[nodiscard]] std::string_view text(std::size_t row) const {
    assert(kinds_[row] == ValueKind::text || kinds_[row] == ValueKind::bytes);
    return {arena_.data() + (slots_[row] >> kOffsetShift), slots_[row] & kLengthMask};
  }
  /// Bytes from the start of that text on that may be read, so that it can be read word by word.
  [[nodiscard]] std::size_t readable(std::size_t row) const {
    return arena_.size() - (slots_[row] >> kOffsetShift);
  }
  [[nodiscard]] Value value(std::size_t row) const;
  [[nodiscard]] std::size_t bytes() const noexcept { return arena_.size() + 8 * slots_.size(); }

  void clear() noexcept;

 private:
  void push(ValueKind kind, std::uint64_t slot) {
    kinds_.push_back(kind);
    slots_.push_back(slot);
  }
  /// Where the slots of `count` more cells go.
  [[nodiscard]] std::span<std::uint64_t> push_all(ValueKind kind, std::size_t count) {
    const auto size = slots_.size();
    kinds_.resize(size + count, kind);
    slots_.resize(size + count);
    return {slots_.data() + size, count};
  }
  void push_string(ValueKind kind, std::string_view value) {
    const std::uint64_t offset = arena_.size();
    if (offset + value.size() > kLengthMask) fail_too_long();
    arena_.append(value);
    push(kind, offset << kOffsetShift | value.size());
  }
  [[noreturn]] static void fail_too_long();

  static constexpr std::uint64_t kLengthMask = 0xFFFFFFFFU;
  static constexpr unsigned kOffsetShift = 32;

  std::vector<ValueKind> kinds_;
  std::vector<std::uint64_t> slots_;  // numbers as bits; text and bytes as offset << 32 | length
  std::string arena_;
};

/// Some rows, column by column. Every column has the same number of cells.
class ColumnBatch {
 public:
  explicit ColumnBatch(std::size_t columns = 0) : columns_(columns) {}

  [[nodiscard]] std::size_t column_count() const noexcept { return columns_.size(); }
  [[nodiscard]] std::size_t row_count() const noexcept {
    return columns_.empty() ? 0 : columns_.front().size();
  }
  [[nodiscard]] BatchColumn& column(std::size_t index) { return columns_[index]; }
  [[nodiscard]] const BatchColumn& column(std::size_t index) const { return columns_[index]; }
  [[nodiscard]] Row row(std::size_t index) const;

  /// Appends one row; `row` has a value for every column.
  void append(const Row& row);
  /// What the rows amount to: their texts and bytes, and 8 for each cell.
  [[nodiscard]] std::size_t bytes() const noexcept;
  /// Empties all columns, keeping their memory.
  void clear() noexcept;
  /// Empties the batch and gives it `columns` columns.
  void reset(std::size_t columns);

 private:
  std::vector<BatchColumn> columns_;
};

}  // namespace seedbed
