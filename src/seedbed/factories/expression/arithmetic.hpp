#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "seedbed/core/random.hpp"
#include "seedbed/factories/expression.hpp"
#include "seedbed/factories/scalar.hpp"

namespace seedbed::detail {

class RowDraws;

enum class Operator : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  equal,
  unequal,
  less,
  less_or_equal,
  greater,
  greater_or_equal
};
[[nodiscard]] std::optional<Operator> operator_of(std::string_view symbol) noexcept;

/// `left op right`. Null with anything is null in arithmetic; `==` and `!=` treat null as a value
/// equal to itself; null is before and after nothing. Throws invalid_input without a place when the
/// types do not fit, on overflow and on division by zero.
[[nodiscard]] ScalarView calculate(Operator op, const ScalarView& left, const ScalarView& right);
[[nodiscard]] ScalarView negated(const ScalarView& value);

/// The type of `left op right`; nullopt when no values of these types fit. `any` where it is not
/// known.
[[nodiscard]] std::optional<ExpressionType> type_of_operation(Operator op, ExpressionType left,
                                                              ExpressionType right) noexcept;
/// The type that holds values of both; nullopt when they have nothing in common.
[[nodiscard]] std::optional<ExpressionType> common_type(ExpressionType left,
                                                        ExpressionType right) noexcept;
[[nodiscard]] bool is_number(ExpressionType type) noexcept;  ///< integer, decimal or real
[[nodiscard]] bool is_moment(ExpressionType type) noexcept;  ///< date or instant

/// The remainder with the sign of `right`, so that `mod(n - 1, 3)` is never negative.
[[nodiscard]] ScalarView modulo(const ScalarView& left, const ScalarView& right);

/// The exact result of `coefficient / 10^scale`: trailing zeros and places past the sixth are given
/// up when it does not fit. Throws invalid_input when it still does not.
__extension__ using WideInteger = __int128;
[[nodiscard]] Decimal fitted(WideInteger coefficient, int scale);

/// The values from `first` to `last`, as `first .. last` draws them: both included, at the finer
/// scale or resolution of the two (reals: uniform in between). Throws invalid_input when it is
/// empty or the ends do not fit each other.
class Range {
 public:
  Range(const ScalarView& first, const ScalarView& last);
  [[nodiscard]] ScalarView draw(CellRandom& random) const;
  /// Draws a value for each row.
  void draw_all(const RowDraws& draws, std::span<ScalarView> values) const;
  /// nullptr for reals.
  [[nodiscard]] std::shared_ptr<const Domain> domain() const;

 private:
  friend class RangeDomain;
  enum class Kind : std::uint8_t { integer, decimal, real, date, instant, months, days, time };
  [[nodiscard]] ScalarView value(std::int64_t step) const;
  [[nodiscard]] bool set_numbers(const ScalarView& first, const ScalarView& last);
  [[nodiscard]] bool set_moments(const ScalarView& first, const ScalarView& last);
  [[nodiscard]] bool set_durations(const ScalarView& first, const ScalarView& last);

  Kind kind_ = Kind::integer;
  std::int64_t first_ = 0;  // in steps
  std::int64_t last_ = 0;
  std::int64_t step_ = 1;  // microseconds
  int scale_ = 0;
  double real_first_ = 0;
  double real_last_ = 0;
};

}  // namespace seedbed::detail
