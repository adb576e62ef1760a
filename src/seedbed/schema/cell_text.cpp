#include "seedbed/schema/cell_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/core/value.hpp"

namespace seedbed::detail {

namespace {

constexpr std::string_view kUtc = "+00:00";
constexpr std::string_view kBeforeChrist = " BC";
constexpr int kMaxExponent =
    100'000;  // more than any engine keeps; bounds what "1e999999999" costs

[[noreturn]] void throw_not(std::string_view what) {
  throw Error{ErrorCode::invalid_input, fmt::format("a cell is not {}", what)};
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool take_sign(std::string_view& text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

std::string_view take_digits(std::string_view& text) noexcept {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

std::string_view without_leading_zeros(std::string_view digits) noexcept {
  const auto first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? std::string_view{"0"} : digits.substr(first);
}

std::string_view special_number(std::string_view text) {
  const std::string lower = to_lower(text);
  if (lower == "nan") return "NaN";
  if (lower == "infinity" || lower == "+infinity" || lower == "inf") return "Infinity";
  if (lower == "-infinity" || lower == "-inf") return "-Infinity";
  return {};
}

struct PlainDecimal {
  bool negative = false;
  std::string whole{};
  std::string fraction{};
};

int take_exponent(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != 'e' && text.front() != 'E') throw_not("a decimal number");
  text.remove_prefix(1);
  const bool negative = take_sign(text);
  int exponent = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (!all_digits(text) || result.ec != std::errc{} || exponent > kMaxExponent) {
    throw_not("a decimal number");
  }
  return negative ? -exponent : exponent;
}

void shift_point(PlainDecimal& number, int exponent) {
  for (; exponent > 0; --exponent) {
    number.whole += number.fraction.empty() ? '0' : number.fraction.front();
    if (!number.fraction.empty()) number.fraction.erase(0, 1);
  }
  if (exponent < 0) {
    const auto places = static_cast<std::size_t>(-exponent);
    if (number.whole.size() < places) number.whole.insert(0, places - number.whole.size(), '0');
    number.fraction.insert(0, number.whole, number.whole.size() - places);
    number.whole.resize(number.whole.size() - places);
  }
}

PlainDecimal parse_decimal(std::string_view text) {
  PlainDecimal number;
  number.negative = take_sign(text);
  number.whole = take_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    number.fraction = take_digits(text);
  }
  if (number.whole.empty() && number.fraction.empty()) throw_not("a decimal number");
  shift_point(number, take_exponent(text));
  number.whole = without_leading_zeros(number.whole);
  return number;
}

void fit_scale(PlainDecimal& number, std::size_t scale) {
  const auto last = number.fraction.find_last_not_of('0');
  if (last != std::string::npos && last >= scale) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("a cell has more than the declared {} digits after the point", scale)};
  }
  number.fraction.resize(scale, '0');
}

// Position of a zone such as "+00", "-03:30" at the end of a time, or npos.
std::size_t find_zone(std::string_view text) noexcept {
  const auto sign = text.find_last_of("+-");
  if (sign == std::string_view::npos || text.find(':') > sign) return std::string_view::npos;
  return sign;
}

}  // namespace

std::string integer_text(std::string_view text) {
  const bool negative = take_sign(text);
  if (!all_digits(text)) throw_not("an integer");
  const auto digits = without_leading_zeros(text);
  return fmt::format("{}{}", negative && digits != "0" ? "-" : "", digits);
}

std::string decimal_text(std::string_view text, std::optional<int> scale) {
  if (const auto special = special_number(text); !special.empty()) return std::string{special};
  PlainDecimal number = parse_decimal(text);
  if (scale) fit_scale(number, static_cast<std::size_t>(std::max(*scale, 0)));
  const bool zero =
      number.whole == "0" && number.fraction.find_first_not_of('0') == std::string::npos;
  return fmt::format("{}{}{}{}", number.negative && !zero ? "-" : "", number.whole,
                     number.fraction.empty() ? "" : ".", number.fraction);
}

std::string decimal_text(double value, std::optional<int> scale) {
  if (!std::isfinite(value)) return shortest(value);
  // The longest double takes 309 digits before the point and 1074 after it.
  std::array<char, 2048> buffer{};
  char* const begin = buffer.data();
  char* const end = begin + buffer.size();
  const int places = std::clamp(scale.value_or(0), 0, 1100);
  const auto result = scale ? std::to_chars(begin, end, value, std::chars_format::fixed, places)
                            : std::to_chars(begin, end, value, std::chars_format::fixed);
  return decimal_text(std::string_view{begin, static_cast<std::size_t>(result.ptr - begin)}, scale);
}

std::string_view without_fraction_zeros(std::string_view decimal) {
  if (decimal.find('.') == std::string_view::npos) return decimal;
  const auto last = decimal.find_last_not_of('0');
  return decimal.substr(0, decimal[last] == '.' ? last : last + 1);
}

std::string time_text(std::string_view text) {
  const auto point = text.find('.');
  if (point == std::string_view::npos) return std::string{text};
  auto end = text.find_first_not_of("0123456789", point + 1);
  if (end == std::string_view::npos) end = text.size();
  return fmt::format("{}{}", without_fraction_zeros(text.substr(0, end)), text.substr(end));
}

std::string timestamp_text(std::string_view text, bool instant) {
  if (const auto micros = parse_timestamp(text)) {
    return format_timestamp(*micros, instant ? kUtc : std::string_view{});
  }
  std::string time = time_text(text);
  std::string_view rest = time;
  const bool before_christ = rest.ends_with(kBeforeChrist);
  if (before_christ) rest.remove_suffix(kBeforeChrist.size());
  if (!instant || rest.find(':') == std::string_view::npos) return time;
  const auto zone = find_zone(rest);
  const bool utc = zone == std::string_view::npos || rest.substr(zone) == "+00";
  return fmt::format("{}{}{}", utc ? rest.substr(0, zone) : rest, utc ? kUtc : std::string_view{},
                     before_christ ? kBeforeChrist : std::string_view{});
}

std::string uuid_text(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               [](char c) { return c != '-'; });
  digits = to_lower(digits);
  if (digits.size() != 32 || !from_hex(digits)) throw_not("a UUID");
  const std::string_view all = digits;
  return fmt::format("{}-{}-{}-{}-{}", all.substr(0, 8), all.substr(8, 4), all.substr(12, 4),
                     all.substr(16, 4), all.substr(20));
}

std::string year_text(std::string_view text) {
  if (!all_digits(text)) throw_not("a year");
  return fmt::format("{:0>4}", without_leading_zeros(text));
}

std::string bit_text(std::string_view text) {
  if (text.find_first_not_of("01") != std::string_view::npos) throw_not("a bit string");
  return std::string{text};
}

}  // namespace seedbed::detail
