#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace seedbed {

/// SQL NULL.
struct Null {
  friend auto operator<=>(const Null&, const Null&) = default;
};

/// A byte string; may hold NUL and invalid UTF-8.
struct Bytes {
  std::string data{};
  friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

/// How one cell is held. Also the tag of a `BatchColumn`'s cells.
enum class ValueKind : std::uint8_t { null, boolean, integer, real, text, bytes };
[[nodiscard]] std::string_view to_string(ValueKind kind) noexcept;

/// One cell. Decimals, dates, times, UUIDs, JSON and unsigned integers beyond int64 travel as
/// canonical text, so nothing is rounded and no zone is lost.
class Value {
 public:
  Value() = default;
  Value(Null) {}                                              // NOLINT(google-explicit-constructor)
  Value(std::same_as<bool> auto value) : data_{value} {}      // NOLINT(google-explicit-constructor)
  Value(double value) : data_{value} {}                       // NOLINT(google-explicit-constructor)
  Value(const char* text) : data_{std::string{text}} {}       // NOLINT(google-explicit-constructor)
  Value(std::string text) : data_{std::move(text)} {}         // NOLINT(google-explicit-constructor)
  Value(std::string_view text) : data_{std::string{text}} {}  // NOLINT(google-explicit-constructor)
  Value(Bytes bytes) : data_{std::move(bytes)} {}             // NOLINT(google-explicit-constructor)
  /// Unsigned values beyond int64 become their decimal text.
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>)
      Value(T value) {  // NOLINT(google-explicit-constructor)
    if constexpr (std::is_unsigned_v<T> && sizeof(T) >= sizeof(std::int64_t)) {
      if (value > static_cast<T>(std::numeric_limits<std::int64_t>::max())) {
        data_ = std::to_string(value);
        return;
      }
    }
    data_ = static_cast<std::int64_t>(value);
  }

  [[nodiscard]] ValueKind kind() const noexcept { return static_cast<ValueKind>(data_.index()); }
  [[nodiscard]] bool is_null() const noexcept { return kind() == ValueKind::null; }

  /// The held alternative; throws invalid_input, naming both kinds, when another one is held.
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] double real() const;
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] const Bytes& bytes() const;

  /// Converts where nothing is lost (text "12" to int64, int64 to text); throws invalid_input
  /// otherwise. T is bool, int64_t, int, double, std::string or Bytes, or an optional of these,
  /// which is empty for NULL.
  template <typename T>
  [[nodiscard]] T as() const {
    static_assert(
        requires(T optional) { optional.has_value(); }, "no cell is read as this type");
    return is_null() ? T{} : T{as<typename T::value_type>()};
  }

  /// The value as a person would write it: "NULL", "true", "12", "0.5", the text itself, "\x00ff".
  [[nodiscard]] std::string display() const;

  friend bool operator==(const Value&, const Value&) = default;

 private:
  std::variant<Null, bool, std::int64_t, double, std::string, Bytes> data_{};
};

template <>
bool Value::as<bool>() const;
template <>
std::int64_t Value::as<std::int64_t>() const;
template <>
int Value::as<int>() const;
template <>
double Value::as<double>() const;
template <>
std::string Value::as<std::string>() const;
template <>
Bytes Value::as<Bytes>() const;

using Row = std::vector<Value>;  ///< cells in the order of the columns named beside it

/// A whole result held in memory; for small results only.
struct RowSet {
  std::vector<std::string> columns{};
  std::vector<Row> rows{};
};

/// Shortest text that reads back as the same double ("0.1", "1e+300", "-0", "NaN", "Infinity").
[[nodiscard]] std::string shortest(double value);
/// The same for a 4-byte float.
[[nodiscard]] std::string shortest(float value);

}  // namespace seedbed
