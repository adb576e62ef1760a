#include "seedbed/engines/sqlite/sqlite_affinity.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>

#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

// Every integer up to here has a double of its own.
constexpr std::int64_t kLargestExact = std::int64_t{1} << 53U;

// A decimal number as digits * 10^exponent, without zeros at either end: equal when the numbers
// are.
struct Decimal {
  bool negative = false;
  std::string digits{};
  std::int64_t exponent = 0;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  const auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

bool take_sign(std::string_view& text) {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  return negative;
}

std::optional<std::int64_t> take_exponent(std::string_view& text) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return 0;
  text.remove_prefix(1);
  const bool negative = take_sign(text);
  const auto digits = take_digits(text);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || problem != std::errc{} || value > 1'000'000) return std::nullopt;
  return negative ? -value : value;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal result;
  result.negative = take_sign(text);
  const auto whole = take_digits(text);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  const auto exponent = take_exponent(text);
  if ((whole.empty() && fraction.empty()) || !exponent || !text.empty()) return std::nullopt;
  result.digits = std::string{whole} + std::string{fraction};
  result.exponent = *exponent - static_cast<std::int64_t>(fraction.size());
  result.digits.erase(0, result.digits.find_first_not_of('0'));
  const auto last = result.digits.find_last_not_of('0');
  if (last == std::string::npos) return Decimal{};
  result.exponent += static_cast<std::int64_t>(result.digits.size() - 1 - last);
  result.digits.erase(last + 1);
  return result;
}

bool is_number(TypeClass type_class) {
  return type_class == TypeClass::decimal || type_class == TypeClass::integer ||
         type_class == TypeClass::real || type_class == TypeClass::boolean;
}

template <typename T>
std::optional<T> parse_whole(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool has_exact_double(std::int64_t value) {
  return value >= -kLargestExact && value <= kLargestExact;
}

// Of digits and a point, as most decimals are: up to 15 digits a double holds them exactly enough
// to be read back, and the division of two exact numbers is rounded once, as reading the text is.
std::optional<double> plain_decimal(std::string_view text) {
  constexpr std::size_t kDigits = 15;
  constexpr std::array<double, kDigits + 1> kPowers{1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = take_sign(text);
  const auto point = text.find('.');
  if (text.size() > kDigits + 1 || point == std::string_view::npos || point == 0) return {};
  std::int64_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == point) continue;
    if (text[i] < '0' || text[i] > '9') return {};
    digits = digits * 10 + (text[i] - '0');
  }
  const auto places = text.size() - 1 - point;
  if (places == 0 || (negative && digits == 0)) return {};
  return static_cast<double>(negative ? -digits : digits) / kPowers.at(places);
}

Fitted fit_text(std::string_view text, Affinity affinity, TypeClass type_class) {
  if (is_number(type_class)) {
    if (const auto real = plain_decimal(text)) return {Fitted::How::real, 0, *real};
  }
  const std::string_view number = trimmed(text);
  const auto wanted = parse_decimal(number);
  if (!wanted) return {};
  const auto same = [&](const std::string& spelling) {
    return is_number(type_class) ? parse_decimal(spelling) == wanted : spelling == text;
  };
  if (const auto integer = parse_whole<std::int64_t>(number)) {
    const bool kept = affinity != Affinity::real || has_exact_double(*integer);
    if (kept && same(std::to_string(*integer))) return {Fitted::How::integer, *integer};
  } else if (const auto real = parse_whole<double>(number); real && same(shortest(*real))) {
    return {Fitted::How::real, 0, *real};
  }
  return {Fitted::How::changed};
}

}  // namespace

Affinity affinity_of(std::string_view declared) {
  const std::string type = to_lower(declared);
  const auto has = [&](std::string_view part) { return type.find(part) != std::string::npos; };
  if (has("int")) return Affinity::integer;
  if (has("char") || has("clob") || has("text")) return Affinity::text;
  if (type.empty() || has("blob")) return Affinity::blob;
  if (has("real") || has("floa") || has("doub")) return Affinity::real;
  return Affinity::numeric;
}

Fitted fit_cell(const BatchColumn& cells, std::size_t row, Affinity affinity,
                TypeClass type_class) {
  if (affinity == Affinity::blob) return {};
  const ValueKind kind = cells.kind(row);
  if (affinity == Affinity::text) {
    // SQLite would write 15 digits of a double, and so another number.
    return {kind == ValueKind::real ? Fitted::How::changed : Fitted::How::as_given};
  }
  if (kind == ValueKind::text) return fit_text(cells.text(row), affinity, type_class);
  if (kind == ValueKind::integer && affinity == Affinity::real &&
      !has_exact_double(cells.integer(row))) {
    return {Fitted::How::changed};
  }
  return {};
}

}  // namespace seedbed::detail
