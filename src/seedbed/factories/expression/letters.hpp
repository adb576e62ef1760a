#pragma once

#include <string>
#include <string_view>

namespace seedbed::detail {

/// Case of Latin, Greek and Cyrillic letters (up to U+045F), without locale; other characters stay.
[[nodiscard]] std::string upper_case(std::string_view text);
[[nodiscard]] std::string lower_case(std::string_view text);
/// Upper case for the first letter of each word.
[[nodiscard]] std::string title_case(std::string_view text);

/// Lower-case ASCII letters and digits, everything else as single hyphens between them; Latin
/// letters lose their marks ("Zoë Weiß" is "zoe-weiss").
[[nodiscard]] std::string slug_of(std::string_view text);

}  // namespace seedbed::detail
