#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace seedbed::detail {

/// A character that looks like a blank, or like nothing, and is none of ASCII's.
struct Invisible {
  std::size_t at = 0;
  std::size_t length = 0;
  char32_t code_point = 0;
  bool is_space = false;

  /// "U+00A0, which looks like a space".
  [[nodiscard]] std::string described() const;
};

/// The first in well-formed UTF-8; nullopt when there is none.
[[nodiscard]] std::optional<Invisible> find_invisible(std::string_view text) noexcept;

/// The text with blanks in the place of those that look like one, and without the others.
[[nodiscard]] std::string without_invisible(std::string_view text);
/// What stands for the text between double quotes: "\u00a0".
[[nodiscard]] std::string escape_invisible(std::string_view text);

}  // namespace seedbed::detail
