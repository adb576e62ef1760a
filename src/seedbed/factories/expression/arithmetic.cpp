#include "seedbed/factories/expression/arithmetic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"

namespace seedbed::detail {

namespace {

using Type = ExpressionType;

[[noreturn]] void fail(std::string message) {
  throw Error{ErrorCode::invalid_input, std::move(message)};
}

constexpr std::array<std::string_view, 10> kOperatorSymbols{
    "+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">="};

std::string_view symbol_of(Operator op) {
  return kOperatorSymbols[static_cast<std::size_t>(op)];
}

bool is_comparison(Operator op) {
  return op >= Operator::equal;
}

[[noreturn]] void fail_types(Operator op, const ScalarView& left, const ScalarView& right) {
  fail(fmt::format("'{}' does not fit {} and {}", symbol_of(op), to_string(type_of(left)),
                   to_string(type_of(right))));
}

std::optional<Decimal> exact(const ScalarView& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return Decimal{*integer, 0};
  if (const auto* decimal = std::get_if<Decimal>(&value)) return *decimal;
  return std::nullopt;
}

WideInteger raised(const Decimal& decimal, int scale) {
  WideInteger value = decimal.coefficient;
  for (int i = decimal.scale; i < scale; ++i) value *= 10;
  return value;
}

std::int64_t whole(WideInteger value) {
  if (value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min()) {
    fail("the result is too large");
  }
  return static_cast<std::int64_t>(value);
}

// Rounded half away from zero.
template <typename Integer>
Integer rounded_quotient(Integer numerator, Integer divisor) {
  if (divisor < 0) {
    numerator = -numerator;
    divisor = -divisor;
  }
  const Integer quotient = numerator / divisor;
  const Integer rest = numerator % divisor;
  if (rest >= divisor - rest) return quotient + 1;
  if (-rest >= divisor + rest) return quotient - 1;
  return quotient;
}

// Takes zeros off its end, down to `least` places.
template <typename Integer>
Decimal shortened(Integer coefficient, int scale, int least) {
  while (scale > least && coefficient % 10 == 0) {
    coefficient /= 10;
    --scale;
  }
  return fitted(coefficient, scale);
}

// Whether it can be negated in 64 bits, whose division is many times faster.
bool is_narrow(WideInteger value) {
  return value <= std::numeric_limits<std::int64_t>::max() &&
         value >= -std::numeric_limits<std::int64_t>::max();
}

Decimal divided(const Decimal& left, const Decimal& right) {
  if (right.coefficient == 0) fail("division by zero");
  constexpr int kPlaces = 6;
  const int least = std::max(left.scale, right.scale);
  int scale = std::max(least, kPlaces);
  // left / right = (l * 10^(scale - ls + rs)) / r / 10^scale; at most 18 + 18 + 18 digits would not
  // fit in 128 bits, so the places shrink until they do.
  while (scale > kPlaces && scale - left.scale + right.scale > 19) --scale;
  WideInteger numerator = left.coefficient;
  WideInteger divisor = right.coefficient;
  const int shift = scale - left.scale + right.scale;
  for (int i = 0; i < std::min(shift, 19); ++i) numerator *= 10;
  for (int i = 0; i < -shift; ++i) divisor *= 10;
  if (shift > 19) fail("the result has too many digits");
  if (is_narrow(numerator) && is_narrow(divisor)) {
    const auto quotient =
        rounded_quotient(static_cast<std::int64_t>(numerator), static_cast<std::int64_t>(divisor));
    return shortened(quotient, scale, least);
  }
  return shortened(rounded_quotient(numerator, divisor), scale, least);
}

// The sum, difference or product of integers, unless it overflows.
std::optional<ScalarView> integer_result(Operator op, const ScalarView& left,
                                         const ScalarView& right) {
  const auto* l = std::get_if<std::int64_t>(&left);
  const auto* r = std::get_if<std::int64_t>(&right);
  std::int64_t result = 0;
  if (l == nullptr || r == nullptr) return std::nullopt;
  if (op == Operator::add && !__builtin_add_overflow(*l, *r, &result)) return result;
  if (op == Operator::subtract && !__builtin_sub_overflow(*l, *r, &result)) return result;
  if (op == Operator::multiply && !__builtin_mul_overflow(*l, *r, &result)) return result;
  return std::nullopt;
}

ScalarView exact_result(Operator op, const ScalarView& left_value, const ScalarView& right_value) {
  const Decimal left = *exact(left_value);
  const Decimal right = *exact(right_value);
  const int scale = std::max(left.scale, right.scale);
  if (op == Operator::divide) return divided(left, right);
  Decimal result;
  if (op == Operator::multiply) {
    result = fitted(WideInteger{left.coefficient} * right.coefficient, left.scale + right.scale);
  } else {
    const WideInteger l = raised(left, scale);
    const WideInteger r = raised(right, scale);
    result = fitted(op == Operator::add ? l + r : l - r, scale);
  }
  const bool integers =
      left_value.index() == right_value.index() && std::holds_alternative<std::int64_t>(left_value);
  return integers ? ScalarView{result.coefficient} : ScalarView{result};
}

ScalarView real_result(Operator op, double left, double right) {
  double result = 0;
  if (op == Operator::add) result = left + right;
  if (op == Operator::subtract) result = left - right;
  if (op == Operator::multiply) result = left * right;
  if (op == Operator::divide) {
    if (right == 0) fail("division by zero");
    result = left / right;
  }
  if (!std::isfinite(result)) fail("the result is too large");
  return result;
}

Duration combined(const Duration& left, const Duration& right, int sign) {
  const auto part = [sign](std::int64_t l, std::int64_t r) {
    return whole(WideInteger{l} + sign * WideInteger{r});
  };
  return {part(left.months, right.months), part(left.days, right.days),
          part(left.micros, right.micros)};
}

ScalarView moved(const ScalarView& moment, Duration duration, int sign) {
  duration = combined({}, duration, sign);
  const auto* date = std::get_if<Date>(&moment);
  const auto result = add(
      date != nullptr ? Instant{date->days * kMicrosPerDay} : std::get<Instant>(moment), duration);
  if (!result) fail("the result is outside the years 1 to 9999");
  if (date == nullptr || duration.micros != 0) return *result;
  const auto micros = result->micros;
  return Date{micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0)};
}

std::optional<ScalarView> moment_result(Operator op, const ScalarView& left,
                                        const ScalarView& right) {
  const auto* duration = std::get_if<Duration>(&right);
  const bool additive = op == Operator::add || op == Operator::subtract;
  if (!additive) return std::nullopt;
  const int sign = op == Operator::add ? 1 : -1;
  if (const auto* first = std::get_if<Duration>(&left)) {
    if (duration != nullptr) return combined(*first, *duration, sign);
    if (op == Operator::add && is_moment(type_of(right))) return moved(right, *first, 1);
    return std::nullopt;
  }
  if (!is_moment(type_of(left))) return std::nullopt;
  if (duration != nullptr) return moved(left, *duration, sign);
  if (op == Operator::add || !is_moment(type_of(right))) return std::nullopt;
  const auto* first = std::get_if<Date>(&left);
  const auto* second = std::get_if<Date>(&right);
  if (first != nullptr && second != nullptr) return Duration{0, first->days - second->days, 0};
  const auto micros = [](const ScalarView& value) {
    const auto* date = std::get_if<Date>(&value);
    return date != nullptr ? date->days * kMicrosPerDay : std::get<Instant>(value).micros;
  };
  return Duration{0, 0, micros(left) - micros(right)};
}

std::optional<ScalarView> duration_product(Operator op, const ScalarView& left,
                                           const ScalarView& right) {
  if (op != Operator::multiply) return std::nullopt;
  const auto* duration = std::get_if<Duration>(&left);
  const auto* factor = std::get_if<std::int64_t>(&right);
  if (duration == nullptr) {
    duration = std::get_if<Duration>(&right);
    factor = std::get_if<std::int64_t>(&left);
  }
  if (duration == nullptr || factor == nullptr) return std::nullopt;
  const auto times = [&](std::int64_t part) { return whole(WideInteger{part} * *factor); };
  return Duration{times(duration->months), times(duration->days), times(duration->micros)};
}

ScalarView compared(Operator op, const ScalarView& left, const ScalarView& right) {
  const bool equality = op == Operator::equal || op == Operator::unequal;
  if (is_null(left) || is_null(right)) {
    const bool equal = is_null(left) && is_null(right);
    return equality && (equal == (op == Operator::equal));
  }
  const auto order = compare(left, right);
  if (!order) {
    // Durations of different months are neither before nor after, but they are not equal.
    if (equality && left.index() == right.index()) return op == Operator::unequal;
    fail_types(op, left, right);
  }
  if (op == Operator::equal) return *order == 0;
  if (op == Operator::unequal) return *order != 0;
  if (op == Operator::less) return *order < 0;
  if (op == Operator::less_or_equal) return *order <= 0;
  return op == Operator::greater ? *order > 0 : *order >= 0;
}

Type type_of_numbers(Operator op, Type left, Type right) noexcept {
  if (left == Type::real || right == Type::real) return Type::real;
  if (op == Operator::divide) return Type::decimal;
  return left == Type::integer && right == Type::integer ? Type::integer : Type::decimal;
}

/// A date moved by hours is an instant: which of the two is known only with the value.
Type type_of_moved(Type moment) noexcept {
  return moment == Type::date ? Type::any : Type::instant;
}

std::optional<Type> type_of_times(Operator op, Type left, Type right) noexcept {
  const bool left_duration = left == Type::duration;
  const bool right_duration = right == Type::duration;
  if (op == Operator::multiply) {
    const bool scaled =
        (left_duration && right == Type::integer) || (left == Type::integer && right_duration);
    return scaled ? std::optional{Type::duration} : std::nullopt;
  }
  if (op != Operator::add && op != Operator::subtract) return std::nullopt;
  if (left_duration && right_duration) return Type::duration;
  if (is_moment(left) && right_duration) return type_of_moved(left);
  if (!is_moment(right)) return std::nullopt;
  if (op == Operator::add) {
    return left_duration ? std::optional{type_of_moved(right)} : std::nullopt;
  }
  return is_moment(left) ? std::optional{Type::duration} : std::nullopt;
}

std::optional<Type> type_of_arithmetic(Operator op, Type left, Type right) noexcept {
  if (is_number(left) && is_number(right)) return type_of_numbers(op, left, right);
  return type_of_times(op, left, right);
}

}  // namespace

std::optional<Operator> operator_of(std::string_view symbol) noexcept {
  const auto* const found = std::find(kOperatorSymbols.begin(), kOperatorSymbols.end(), symbol);
  if (found == kOperatorSymbols.end()) return std::nullopt;
  return static_cast<Operator>(found - kOperatorSymbols.begin());
}

Decimal fitted(WideInteger coefficient, int scale) {
  constexpr int kMaximumScale = 18;
  constexpr int kKeptPlaces = 6;
  const auto fits = [&] {
    return scale <= kMaximumScale && coefficient <= std::numeric_limits<std::int64_t>::max() &&
           coefficient >= std::numeric_limits<std::int64_t>::min();
  };
  while (!fits() && scale > 0 && coefficient % 10 == 0) {
    coefficient /= 10;
    --scale;
  }
  int surplus = 0;
  WideInteger divisor = 1;
  const WideInteger original = coefficient;
  const int original_scale = scale;
  while (!fits() && scale > kKeptPlaces) {
    ++surplus;
    divisor *= 10;
    scale = original_scale - surplus;
    coefficient = rounded_quotient(original, divisor);  // once, not digit by digit
  }
  if (!fits()) fail("the result has too many digits");
  return {static_cast<std::int64_t>(coefficient), scale};
}

bool is_number(Type type) noexcept {
  return type == Type::integer || type == Type::decimal || type == Type::real;
}
bool is_moment(Type type) noexcept {
  return type == Type::date || type == Type::instant;
}

ScalarView calculate(Operator op, const ScalarView& left, const ScalarView& right) {
  if (is_comparison(op)) return compared(op, left, right);
  if (auto result = integer_result(op, left, right)) return *result;
  if (is_null(left) || is_null(right)) return Null{};
  if (exact(left) && exact(right)) return exact_result(op, left, right);
  if (const auto l = to_real(left), r = to_real(right); l && r) return real_result(op, *l, *r);
  if (auto result = moment_result(op, left, right)) return *result;
  if (auto result = duration_product(op, left, right)) return *result;
  fail_types(op, left, right);
}

ScalarView negated(const ScalarView& value) {
  if (is_null(value)) return Null{};
  if (const auto* duration = std::get_if<Duration>(&value)) return combined({}, *duration, -1);
  if (const auto* real = std::get_if<double>(&value)) return -*real;
  if (exact(value)) return exact_result(Operator::subtract, std::int64_t{0}, value);
  fail(fmt::format("'-' does not fit {}", to_string(type_of(value))));
}

ScalarView modulo(const ScalarView& left, const ScalarView& right) {
  const auto l = exact(left);
  const auto r = exact(right);
  if (!l || !r) fail("'mod' takes integers or decimals");
  if (r->coefficient == 0) fail("division by zero");
  const int scale = std::max(l->scale, r->scale);
  const WideInteger divisor = raised(*r, scale);
  WideInteger rest = raised(*l, scale) % divisor;
  if (rest != 0 && (rest < 0) != (divisor < 0)) rest += divisor;
  return scale == 0 ? ScalarView{whole(rest)} : ScalarView{fitted(rest, scale)};
}

std::optional<Type> common_type(Type left, Type right) noexcept {
  if (left == right || right == Type::null_) return left;
  if (left == Type::null_) return right;
  if (left == Type::any || right == Type::any) return Type::any;
  if (is_number(left) && is_number(right)) {
    return left == Type::real || right == Type::real ? Type::real : Type::decimal;
  }
  if (is_moment(left) && is_moment(right)) return Type::any;
  return std::nullopt;
}

std::optional<Type> type_of_operation(Operator op, Type left, Type right) noexcept {
  if (is_comparison(op)) {
    return common_type(left, right) ? std::optional{Type::boolean} : std::nullopt;
  }
  if (left == Type::any || right == Type::any) return Type::any;
  if (left == Type::null_ || right == Type::null_) return Type::null_;
  return type_of_arithmetic(op, left, right);
}

}  // namespace seedbed::detail
