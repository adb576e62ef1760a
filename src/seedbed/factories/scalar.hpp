#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "seedbed/core/value.hpp"

namespace seedbed {

class Arena;

/// coefficient / 10^scale, exact. The scale is part of the spelling: 1.50 is {150, 2}.
struct Decimal {
  std::int64_t coefficient = 0;
  int scale = 0;                                                     ///< 0 to 18
  friend bool operator==(const Decimal&, const Decimal&) = default;  ///< same spelling
};

/// Days since 1970-01-01.
struct Date {
  std::int64_t days = 0;
  friend auto operator<=>(const Date&, const Date&) = default;
};

/// Microseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t micros = 0;
  friend auto operator<=>(const Instant&, const Instant&) = default;  // NOLINT(*-use-nullptr)
};

/// A span of the calendar: months and days have no fixed length, so the parts stay apart.
struct Duration {
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t micros = 0;
  friend bool operator==(const Duration&, const Duration&) = default;
};

/// A JSON document as text.
struct Json {
  std::string text{};
  friend bool operator==(const Json&, const Json&) = default;
};

/// A value of the expression language.
using Scalar = std::variant<Null, bool, std::int64_t, Decimal, double, std::string, Bytes, Date,
                            Instant, Duration, Json>;

/// Characters that stand elsewhere: in an arena, a `Scalar`, or the program.
struct TextView {
  std::string_view text{};
  friend bool operator==(const TextView&, const TextView&) = default;
};
struct BytesView {
  std::string_view data{};
  friend bool operator==(const BytesView&, const BytesView&) = default;
};
struct JsonView {
  std::string_view text{};
  friend bool operator==(const JsonView&, const JsonView&) = default;
};

/// A scalar while rows are made: what it is made of text stands elsewhere, so that it is copied as
/// plain memory.
class ScalarView : public std::variant<Null, bool, std::int64_t, Decimal, double, TextView,
                                       BytesView, Date, Instant, Duration, JsonView> {
 public:
  using variant::variant;
  ScalarView() = default;
  ScalarView(const Scalar& scalar) noexcept;  // NOLINT(google-explicit-constructor)
};
static_assert(std::is_trivially_copyable_v<ScalarView>);

/// The values of one column for a batch of rows.
using ScalarColumn = std::span<const ScalarView>;

/// The scalar with text of its own.
[[nodiscard]] Scalar to_scalar(const ScalarView& view);

/// What is known of an expression's value before it is evaluated. `any` is not known; `null_` is
/// the type of `null`. The others are the alternatives of `Scalar` and
/// of `ScalarView`, in their order.
enum class ExpressionType : std::uint8_t {
  null_,
  boolean,
  integer,
  decimal,
  real,
  text,
  bytes,
  date,
  instant,
  duration,
  json,
  any,
};
/// The spelling in messages: "an integer" is `integer`, `null_` is "null".
[[nodiscard]] std::string_view to_string(ExpressionType type) noexcept;
[[nodiscard]] ExpressionType type_of(const ScalarView& scalar) noexcept;
[[nodiscard]] inline bool is_null(const ScalarView& scalar) noexcept {
  return std::holds_alternative<Null>(scalar);
}

/// The text of a value as templates and text columns show it: null is empty, "true", "12", "1.50",
/// "2026-01-31", "2026-01-31 08:00:00.5" (UTC), "1 mon 2 days 03:00:00", bytes in hexadecimal.
[[nodiscard]] std::string to_text(const ScalarView& scalar);
/// The same text, its own or in the arena.
[[nodiscard]] std::string_view text_in(Arena& arena, const ScalarView& scalar);
/// Appends that text.
void append_text(std::string& out, const ScalarView& scalar);
/// Writes the decimal's text where there is room for `kLongestDecimal` characters; gives its end.
char* write_decimal(char* out, const Decimal& decimal) noexcept;
inline constexpr std::size_t kLongestDecimal = 32;
/// The value as a database cell, nothing rounded: decimals, dates, instants, durations and JSON as
/// their text.
[[nodiscard]] Value to_value(const ScalarView& scalar);

/// "12", "-1.50", ".5" (no exponent) as spelled; nullopt when it is no number or has over 18
/// digits.
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text) noexcept;
[[nodiscard]] std::string to_text(const Decimal& decimal);
/// The number at `scale` (0 to 18) places, rounded half away from zero (as PostgreSQL's numeric);
/// nullopt when it is no number, not finite, or too large.
[[nodiscard]] std::optional<Decimal> to_decimal(const ScalarView& number, int scale) noexcept;
/// The nearest double; nullopt when it is no number.
[[nodiscard]] std::optional<double> to_real(const ScalarView& number) noexcept;

/// Negative, zero or positive as `left` is before, equal to or after `right`; numbers by their
/// value whatever their type, a date as its midnight. nullopt when the two cannot be ordered.
[[nodiscard]] std::optional<int> compare(const ScalarView& left, const ScalarView& right) noexcept;

/// `instant` moved by `duration`: months first (the day cut to the month's length), then days, then
/// the rest. nullopt outside the years 1 to 9999.
[[nodiscard]] std::optional<Instant> add(Instant instant, const Duration& duration) noexcept;

}  // namespace seedbed
