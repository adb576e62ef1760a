#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/error.hpp"

namespace seedbed::detail {

/// The bytes of a user's file, with the way from a byte position to a place a person can find.
/// Does not own the text.
class SourceText {
 public:
  SourceText(std::string_view text, std::filesystem::path file);

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  /// The byte at `at`, or NUL past the end.
  [[nodiscard]] char at(std::size_t at) const noexcept {
    return at < text_.size() ? text_[at] : '\0';
  }
  /// Columns count code points.
  [[nodiscard]] SourceSpot spot(std::size_t at) const;
  [[nodiscard]] int line_number(std::size_t at) const;
  /// The line that holds `at`, without its break.
  [[nodiscard]] std::string_view line(std::size_t at) const;
  [[nodiscard]] std::size_t line_start(std::size_t at) const;
  /// The whole text with another line in the place of line `number`, from 1.
  [[nodiscard]] std::string with_line(int number, std::string_view replacement) const;

 private:
  std::string_view text_;
  std::filesystem::path file_;
  std::vector<std::size_t> starts_;
  mutable std::size_t last_at_ = 0;      // the last place asked for, so that a long line is
  mutable std::size_t last_column_ = 0;  // counted once and not once for each of its nodes
};

/// The message for more than `kMaximumDepth` levels.
[[nodiscard]] std::string too_deep();

/// Checks what would make a parser slow, misread or stop: invalid UTF-8, control characters,
/// thousands of unclosed brackets. Throws invalid_input with the place.
void check_bytes(const SourceText& source);

}  // namespace seedbed::detail
