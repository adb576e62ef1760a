#include "seedbed/factories/yaml_copy.hpp"

#include <charconv>
#include <cstdint>

#include "seedbed/factories/expression/letters.hpp"

namespace seedbed::detail {

namespace {

constexpr char kPercent = '\x01';
constexpr char kBackslash = '\x02';
constexpr std::size_t kEscapeLength = 6;  // \ud83d

// The half of a surrogate pair that `text` spells at `at`, behind its backslash; 0 for none.
std::uint32_t half_at(std::string_view text, std::size_t at) noexcept {
  if (at + kEscapeLength > text.size() || text[at + 1] != 'u') return 0;
  std::uint32_t value = 0;
  const auto* begin = text.data() + at + 2;
  const auto [stop, error] = std::from_chars(begin, begin + 4, value, 16);
  const bool whole = error == std::errc{} && stop == begin + 4;
  return whole && value >= 0xD800 && value <= 0xDFFF ? value : 0;
}

bool is_high(std::uint32_t half) noexcept {
  return half >= 0xD800 && half < 0xDC00;
}

bool is_low(std::uint32_t half) noexcept {
  return half >= 0xDC00;
}

// Whether an even number of backslashes stands before `at`.
bool is_escape(std::string_view text, std::size_t at) noexcept {
  std::size_t count = 0;
  while (count < at && text[at - count - 1] == '\\') ++count;
  return count % 2 == 0;
}

}  // namespace

std::string yaml_copy(std::string_view text) {
  std::string copy{text};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && (at == 0 || text[at - 1] == '\n')) copy[at] = kPercent;
    if (text[at] == '\\' && half_at(text, at) != 0 && is_escape(text, at)) copy[at] = kBackslash;
  }
  return copy;
}

bool restore(std::string& value, bool decodes) {
  if (value.find_first_of("\x01\x02") == std::string::npos) return true;
  std::string result;
  bool whole = true;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    if (c == kPercent) result += '%';
    if (c == kBackslash && !decodes) result += '\\';
    if (c == kBackslash && decodes) {
      const auto high = half_at(value, at);
      const bool pair = at + kEscapeLength < value.size() && value[at + kEscapeLength] == c;
      const auto low = pair ? half_at(value, at + kEscapeLength) : 0;
      if (is_high(high) && is_low(low)) {
        append_code_point(result, 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00));
        at += 2 * kEscapeLength - 1;
      } else {
        whole = false;
      }
    }
    if (c != kPercent && c != kBackslash) result += c;
  }
  value = std::move(result);
  return whole;
}

bool is_directive(std::string_view value) noexcept {
  return value.starts_with(kPercent);
}

std::optional<std::size_t> find_half_pair(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') continue;
    const auto half = half_at(text, at);
    if (half != 0) {
      const auto next = at + kEscapeLength;
      const bool pair =
          is_high(half) && next < text.size() && text[next] == '\\' && is_low(half_at(text, next));
      if (!pair) return at;
      at = next;
    }
    ++at;
  }
  return std::nullopt;
}

}  // namespace seedbed::detail
