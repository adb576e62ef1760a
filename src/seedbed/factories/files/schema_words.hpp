#pragma once

#include <array>
#include <string_view>

#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

// The spellings of enumerators in a schema file; the usual ones are left out, and so are empty.
[[nodiscard]] constexpr std::string_view to_word(Generated generated) noexcept {
  switch (generated) {
    case Generated::no: return "";
    case Generated::stored: return "stored";
    case Generated::virtual_: return "virtual";
  }
  return "";
}
[[nodiscard]] constexpr std::string_view to_word(Identity identity) noexcept {
  switch (identity) {
    case Identity::no: return "";
    case Identity::by_default: return "by_default";
    case Identity::always: return "always";
  }
  return "";
}

inline constexpr std::array kGenerated{Generated::stored, Generated::virtual_};
inline constexpr std::array kIdentities{Identity::by_default, Identity::always};
inline constexpr std::array kActions{ReferentialAction::no_action, ReferentialAction::restrict,
                                     ReferentialAction::cascade, ReferentialAction::set_null,
                                     ReferentialAction::set_default};

}  // namespace seedbed::detail
