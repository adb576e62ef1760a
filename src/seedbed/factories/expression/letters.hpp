#pragma once

#include <string>
#include <string_view>

#include "seedbed/factories/expression/cell_text.hpp"

namespace seedbed::detail {

/// Case of Latin, Greek and Cyrillic letters (up to U+045F), without locale; other characters stay.
[[nodiscard]] CellText upper_case(std::string_view text);
[[nodiscard]] CellText lower_case(std::string_view text);
/// Upper case for the first letter of each word.
[[nodiscard]] CellText title_case(std::string_view text);

/// Lower-case ASCII letters and digits, everything else as single hyphens between them; Latin
/// letters lose their marks ("Zoë Weiß" is "zoe-weiss").
[[nodiscard]] CellText slug_of(std::string_view text);

/// Takes one code point of well-formed UTF-8 off the front; an ill-formed byte counts as itself.
[[nodiscard]] char32_t take_code_point(std::string_view& text);
void append_code_point(std::string& text, char32_t code_point);

}  // namespace seedbed::detail
