#include "seedbed/factories/files/invisible.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "seedbed/factories/expression/letters.hpp"

namespace seedbed::detail {

namespace {

struct Characters {
  char32_t first;
  char32_t last;
  bool is_space;
};

constexpr std::array<Characters, 14> kInvisible{{
    {0x0080, 0x009F, false},  // control characters
    {0x00A0, 0x00A0, true},   // no-break space
    {0x00AD, 0x00AD, false},  // soft hyphen
    {0x061C, 0x061C, false},
    {0x1680, 0x1680, true},
    {0x180E, 0x180E, false},
    {0x2000, 0x200A, true},
    {0x200B, 0x200F, false},  // zero width, marks of direction
    {0x2028, 0x2029, true},   // line and paragraph separators
    {0x202A, 0x202E, false},  // direction
    {0x202F, 0x202F, true},
    {0x205F, 0x205F, true},
    {0x2060, 0x206F, false},
    {0xFEFF, 0xFEFF, false},  // byte order mark
}};

}  // namespace

std::string Invisible::described() const {
  return fmt::format("U+{:04X}, which looks like {}", static_cast<std::uint32_t>(code_point),
                     is_space ? "a space" : "nothing");
}

std::optional<Invisible> find_invisible(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    auto rest = text.substr(at);
    const auto before = rest.size();
    const char32_t code_point = take_code_point(rest);
    const auto length = before - rest.size();
    for (const auto& [first, last, is_space] : kInvisible) {
      if (code_point >= first && code_point <= last)
        return Invisible{at, length, code_point, is_space};
    }
    at += length;
  }
  return std::nullopt;
}

std::string without_invisible(std::string_view text) {
  std::string result;
  while (const auto found = find_invisible(text)) {
    result += text.substr(0, found->at);
    if (found->is_space) result += ' ';
    text.remove_prefix(found->at + found->length);
  }
  return result += text;
}

std::string escape_invisible(std::string_view text) {
  std::string result;
  const auto add = [&result](std::string_view plain) {
    for (const char c : plain) {
      if (c == '"' || c == '\\') result += '\\';
      result += c;
    }
  };
  while (const auto found = find_invisible(text)) {
    add(text.substr(0, found->at));
    result += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(found->code_point));
    text.remove_prefix(found->at + found->length);
  }
  add(text);
  return result;
}

}  // namespace seedbed::detail
