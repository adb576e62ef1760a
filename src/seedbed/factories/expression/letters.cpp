#include "seedbed/factories/expression/letters.hpp"

#include <array>
#include <cstdint>

#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

bool within(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

// Latin Extended-A has its pairs at even and odd, or at odd and even, code points.
char32_t paired(char32_t c, bool upper) {
  const bool even_first = within(c, 0x100, 0x12F) || within(c, 0x132, 0x137) ||
                          within(c, 0x14A, 0x177) || within(c, 0x460, 0x481);
  const bool odd_first = within(c, 0x139, 0x148) || within(c, 0x179, 0x17E);
  if (even_first) return upper ? c & ~char32_t{1} : c | 1U;
  if (odd_first) return upper ? c - (c % 2 == 0 ? 1 : 0) : c + (c % 2 == 0 ? 0 : 1);
  return c;
}

char32_t upper(char32_t c) {
  if (within(c, 'a', 'z') || (within(c, 0xE0, 0xFE) && c != 0xF7)) return c - 0x20;
  if (c == 0xFF) return 0x178;
  if ((within(c, 0x3B1, 0x3C9) && c != 0x3C2) || within(c, 0x430, 0x44F)) return c - 0x20;
  if (within(c, 0x450, 0x45F)) return c - 0x50;
  return paired(c, true);
}

char32_t lower(char32_t c) {
  if (within(c, 'A', 'Z') || (within(c, 0xC0, 0xDE) && c != 0xD7)) return c + 0x20;
  if (c == 0x178) return 0xFF;
  if ((within(c, 0x391, 0x3A9) && c != 0x3A2) || within(c, 0x410, 0x42F)) return c + 0x20;
  if (within(c, 0x400, 0x40F)) return c + 0x50;
  return paired(c, false);
}

template <typename Change>
CellText mapped(std::string_view text, Change change) {
  CellText result;
  while (!text.empty()) {
    const auto before = text;
    const char32_t c = take_code_point(text);
    const char32_t changed = change(c);
    if (changed == c || c > 0x4FF) {
      result += before.substr(0, before.size() - text.size());
    } else {
      std::string encoded;
      append_code_point(encoded, changed);
      result += encoded;
    }
  }
  return result;
}

bool is_letter_or_digit(char32_t c) {
  return within(c, 'a', 'z') || within(c, 'A', 'Z') || within(c, '0', '9') ||
         (c >= 0xC0 && c != 0xD7 && c != 0xF7 && !within(c, 0x2000, 0x206F));
}

// U+00E0 to U+00FF, and U+0100 to U+017F, without their marks.
constexpr std::array<std::string_view, 32> kLatin1{
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "y"};
constexpr std::string_view kLatinA =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatinA.size() == 128);

std::string_view plain_letter(char32_t c, char& buffer) {
  c = lower(c);
  if (within(c, 'a', 'z') || within(c, '0', '9')) {
    buffer = static_cast<char>(c);
    return {&buffer, 1};
  }
  if (c == 0xDF) return "ss";
  if (c == 0x153) return "oe";
  if (within(c, 0xE0, 0xFF)) return kLatin1[c - 0xE0];
  if (within(c, 0x100, 0x17F)) return kLatinA.substr(c - 0x100, 1);
  return {};
}

}  // namespace

char32_t take_code_point(std::string_view& text) {
  const auto sequence = first_code_points(text, 1);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  char32_t c = byte(0);
  if (sequence.size() == 2) c = c & 0x1FU;
  if (sequence.size() == 3) c = c & 0x0FU;
  if (sequence.size() == 4) c = c & 0x07U;
  for (std::size_t i = 1; i < sequence.size(); ++i) c = c << 6U | (byte(i) & 0x3FU);
  text.remove_prefix(sequence.size());
  return c;
}

void append_code_point(std::string& text, char32_t code_point) {
  constexpr char32_t kLow = 0x3F;
  if (code_point < 0x80) {
    text += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    text += static_cast<char>(0xC0U | code_point >> 6U);
    text += static_cast<char>(0x80U | (code_point & kLow));
  } else if (code_point < 0x10000) {
    text += static_cast<char>(0xE0U | code_point >> 12U);
    text += static_cast<char>(0x80U | (code_point >> 6U & kLow));
    text += static_cast<char>(0x80U | (code_point & kLow));
  } else {
    text += static_cast<char>(0xF0U | code_point >> 18U);
    text += static_cast<char>(0x80U | (code_point >> 12U & kLow));
    text += static_cast<char>(0x80U | (code_point >> 6U & kLow));
    text += static_cast<char>(0x80U | (code_point & kLow));
  }
}

CellText upper_case(std::string_view text) {
  return mapped(text, upper);
}
CellText lower_case(std::string_view text) {
  return mapped(text, lower);
}

CellText title_case(std::string_view text) {
  bool inside = false;
  return mapped(text, [&inside](char32_t c) {
    const bool begins = !inside;
    inside = is_letter_or_digit(c) || c == '\'' || c == 0x2019;
    return begins ? upper(c) : c;
  });
}

CellText slug_of(std::string_view text) {
  CellText result;
  bool gap = false;
  while (!text.empty()) {
    char buffer = 0;
    const char32_t c = take_code_point(text);
    const auto letter = plain_letter(c, buffer);
    if (letter.empty()) {
      gap = gap || (c != '\'' && c != 0x2019);  // O'Neil is one word
      continue;
    }
    if (gap && !result.empty()) result += '-';
    gap = false;
    result += letter;
  }
  return result;
}

}  // namespace seedbed::detail
