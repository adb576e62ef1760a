#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace seedbed::detail {

/// The text as the YAML parser is to see it, byte by byte in the same place: what the parser would
/// drop (lines that begin with %) or cannot read (\ud83d\ude00, as JSON spells what lies beyond
/// U+FFFF) is marked by two control characters that the file neither holds nor spells by an escape.
class YamlCopy {
 public:
  /// Throws invalid_input when no control character is left.
  explicit YamlCopy(std::string_view text);

  [[nodiscard]] std::string& text() noexcept { return text_; }
  /// Takes the marks out of a scalar's value again. `decodes` is whether it stands in double
  /// quotes, so that pairs of surrogates are characters. False when one is without its partner.
  [[nodiscard]] bool restore(std::string& value, bool decodes) const;
  /// Whether a value begins with the % of a directive.
  [[nodiscard]] bool is_directive(std::string_view value) const noexcept {
    return value.starts_with(percent_);
  }

 private:
  std::string text_;
  char percent_;
  char backslash_;
};

/// Where half of a surrogate pair stands in the text between double quotes; nullopt when there is
/// none.
[[nodiscard]] std::optional<std::size_t> find_half_pair(std::string_view text) noexcept;

}  // namespace seedbed::detail
