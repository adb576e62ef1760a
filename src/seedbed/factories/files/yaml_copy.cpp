#include "seedbed/factories/files/yaml_copy.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "seedbed/core/error.hpp"
#include "seedbed/factories/expression/letters.hpp"

namespace seedbed::detail {

namespace {

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

// Two control characters that no escape of the text spells.
std::array<char, 2> free_controls(std::string_view text) {
  std::array<bool, 0x20> used{};
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] != '\\') continue;
    const char kind = text[at + 1];
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    std::uint32_t value = 0x20;
    const auto hex = text.substr(at + 2, digits);
    std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
    if (value < used.size()) used[value] = true;
  }
  std::array<char, 2> found{};
  std::size_t count = 0;
  for (std::size_t c = 1; c < used.size(); ++c) {
    const bool space = c >= '\t' && c <= '\r';
    if (count < found.size() && !used[c] && !space) found[count++] = static_cast<char>(c);
  }
  if (count < found.size()) {
    throw Error{ErrorCode::invalid_input, "a file spells fewer control characters than all"};
  }
  return found;
}

}  // namespace

YamlCopy::YamlCopy(std::string_view text) : text_{text} {
  const auto free = free_controls(text);
  percent_ = free[0];
  backslash_ = free[1];
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && (at == 0 || text[at - 1] == '\n')) text_[at] = percent_;
    if (text[at] == '\\' && half_at(text, at) != 0 && is_escape(text, at)) text_[at] = backslash_;
  }
}

bool YamlCopy::restore(std::string& value, bool decodes) const {
  const std::array<char, 2> marks{percent_, backslash_};
  if (value.find_first_of(marks.data(), 0, marks.size()) == std::string::npos) return true;
  std::string result;
  bool whole = true;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    if (c != backslash_ || !decodes) {
      result += c == percent_ ? '%' : c == backslash_ ? '\\' : c;
      continue;
    }
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
  value = std::move(result);
  return whole;
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
