#include "seedbed/factories/rows/fitting.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error{ErrorCode::invalid_input, message};
}

[[noreturn]] void refuse_type(const ScalarView& value, const ColumnType& type) {
  refuse(fmt::format("{} does not fit {}", to_string(type_of(value)), type.declared));
}

bool is_numeral(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const auto dot = text.find('.');
  const auto digits = [](std::string_view part) {
    return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  const auto whole = text.substr(0, dot);
  const auto fraction = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
  return digits(whole) && digits(fraction) && !(whole.empty() && fraction.empty());
}

/// What a column's type says of its values, found out once for many of them.
class Fitting {
 public:
  Fitting(const Column& column, Arena& arena) : column_{column}, type_{column.type}, arena_{arena} {
    if (type_.type_class == TypeClass::integer || type_.type_class == TypeClass::year) set_range();
    if (type_.type_class == TypeClass::decimal) set_digits();
    for (int digit = type_.scale.value_or(6); digit < 6; ++digit) unit_ *= 10;
  }

  /// Whether the values are what the column holds already; seen fast where that is usual.
  [[nodiscard]] bool all_fit(ScalarColumn values) const {
    constexpr auto kAny = [](const auto& /*value*/) { return true; };
    const auto type = type_.type_class;
    if (type == TypeClass::boolean) return all_fit<bool>(values, kAny);
    if (type == TypeClass::date) return all_fit<Date>(values, kAny);
    if (type == TypeClass::integer)
      return all_fit<std::int64_t>(values, [this](const auto& held) { return in_range(held); });
    if (type == TypeClass::decimal)
      return all_fit<Decimal>(values, [this](const auto& held) { return of_digits(held); });
    if (type == TypeClass::text)
      return all_fit<TextView>(values, [this](const auto& held) { return of_length(held); });
    const bool instants = type == TypeClass::timestamp || type == TypeClass::timestamptz;
    return instants && all_fit<Instant>(values, [this](const auto& held) { return of_unit(held); });
  }

  [[nodiscard]] ScalarView fit(const ScalarView& value) const {
    if (is_null(value)) {
      if (!column_.nullable) refuse("NULL does not fit a column that is NOT NULL");
      return value;
    }
    switch (type_.type_class) {
      case TypeClass::boolean: return fit_boolean(value);
      case TypeClass::integer:
      case TypeClass::year: return fit_integer(value);
      case TypeClass::decimal: return fit_decimal(value);
      case TypeClass::real: return fit_real(value);
      case TypeClass::bytes: return fit_bytes(value);
      case TypeClass::date: return fit_date(value);
      case TypeClass::timestamp:
      case TypeClass::timestamptz: return fit_instant(value);
      case TypeClass::json: return fit_json(value);
      case TypeClass::enumeration:
      case TypeClass::set: return fit_label(value);
      case TypeClass::text: return fit_text(value);
      case TypeClass::time:
      case TypeClass::interval:
      case TypeClass::uuid:
      case TypeClass::array:
      case TypeClass::bit:
      case TypeClass::other: return TextView{text_of(value)};
    }
    return value;
  }

 private:
  /// Whether each is of the type and `fits`, or null where that is allowed.
  template <typename T, typename Fits>
  [[nodiscard]] bool all_fit(ScalarColumn values, Fits fits) const {
    return std::all_of(values.begin(), values.end(), [&](const ScalarView& value) {
      const auto* held = std::get_if<T>(&value);
      return held != nullptr ? fits(*held) : column_.nullable && is_null(value);
    });
  }

  [[nodiscard]] bool in_range(const std::int64_t& value) const {
    return value >= low_ && value <= high_;
  }
  [[nodiscard]] bool of_length(const TextView& value) const {
    return value.text.size() <= static_cast<std::size_t>(type_.length.value_or(kAnyLength));
  }
  [[nodiscard]] bool of_digits(const Decimal& value) const {
    return (!has_places() || value.scale == *type_.scale) &&
           (limit_ == 0 || (value.coefficient < limit_ && value.coefficient > -limit_));
  }
  [[nodiscard]] bool of_unit(const Instant& value) const {
    return unit_ == 1 || value.micros % unit_ == 0;
  }

  void set_range() {
    const int bits = integer_bits(type_);
    if (bits < 64) {
      const std::int64_t half = std::int64_t{1} << (bits - 1);
      low_ = -half;
      high_ = type_.is_unsigned ? 2 * half - 1 : half - 1;
    }
    if (type_.is_unsigned) low_ = 0;
  }

  void set_digits() {
    if (!type_.precision || !type_.scale || *type_.precision > 18) return;
    limit_ = 1;
    for (int digit = 0; digit < *type_.precision; ++digit) limit_ *= 10;
  }

  [[nodiscard]] std::string_view text_of(const ScalarView& value) const {
    return text_in(arena_, value);
  }

  [[nodiscard]] ScalarView fit_integer(const ScalarView& value) const {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      check_range(*integer);
      return value;
    }
    if (const auto* boolean = std::get_if<bool>(&value)) return std::int64_t{*boolean ? 1 : 0};
    if (const auto* text = std::get_if<TextView>(&value)) {
      // Beyond int64 (bigint unsigned) a number travels as its digits.
      const bool whole = is_numeral(text->text) && text->text.find('.') == std::string_view::npos;
      if (whole && type_.is_unsigned) return value;
      refuse_type(value, type_);
    }
    const auto rounded = to_decimal(value, 0);
    if (!rounded) refuse_type(value, type_);
    check_range(rounded->coefficient);
    return rounded->coefficient;
  }

  void check_range(std::int64_t value) const {
    if (value >= low_ && value <= high_) return;
    refuse(fmt::format("a number outside {} to {} does not fit {}", low_, high_, type_.declared));
  }

  [[nodiscard]] ScalarView fit_decimal(const ScalarView& value) const {
    if (const auto* text = std::get_if<TextView>(&value)) {
      if (!is_numeral(text->text)) refuse_type(value, type_);
      return value;
    }
    const auto decimal = decimal_of(value);
    if (!decimal) refuse_type(value, type_);
    if (!of_digits(*decimal)) {
      refuse(fmt::format("a number of more than {} digits does not fit {}", *type_.precision,
                         type_.declared));
    }
    return *decimal;
  }

  [[nodiscard]] bool has_places() const {
    return type_.scale && *type_.scale >= 0 && *type_.scale <= 18;
  }

  [[nodiscard]] std::optional<Decimal> decimal_of(const ScalarView& value) const {
    constexpr int kPlacesOfReals = 6;
    if (has_places()) return to_decimal(value, *type_.scale);
    if (const auto* real = std::get_if<double>(&value)) {
      return std::isfinite(*real) ? to_decimal(value, kPlacesOfReals) : std::nullopt;
    }
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return Decimal{*integer, 0};
    const auto* decimal = std::get_if<Decimal>(&value);
    return decimal != nullptr ? std::optional{*decimal} : std::nullopt;
  }

  [[nodiscard]] ScalarView fit_real(const ScalarView& value) const {
    const auto real = to_real(value);
    if (!real) refuse_type(value, type_);
    if (type_.length == 4) return static_cast<double>(static_cast<float>(*real));
    return *real;
  }

  [[nodiscard]] ScalarView fit_boolean(const ScalarView& value) const {
    if (std::holds_alternative<bool>(value)) return value;
    if (const auto* integer = std::get_if<std::int64_t>(&value);
        integer != nullptr && (*integer == 0 || *integer == 1)) {
      return *integer == 1;
    }
    refuse_type(value, type_);
  }

  [[nodiscard]] ScalarView fit_text(const ScalarView& value) const {
    const auto text = text_of(value);
    const auto most = static_cast<std::size_t>(type_.length.value_or(0));
    if (type_.length && text.size() > most && count_code_points(text) > most) {
      refuse(fmt::format("a text of {} characters does not fit {}", count_code_points(text),
                         type_.declared));
    }
    return TextView{text};
  }

  [[nodiscard]] ScalarView fit_label(const ScalarView& value) const {
    const auto text = text_of(value);
    if (type_.type_class == TypeClass::set) {
      for (const auto& label : split(text, ',')) require_label(label, true);
    } else {
      require_label(text, false);
    }
    return TextView{text};
  }

  void require_label(std::string_view label, bool may_be_empty) const {
    if (may_be_empty && label.empty()) return;
    if (std::find(type_.labels.begin(), type_.labels.end(), label) != type_.labels.end()) return;
    refuse(fmt::format("a value that is none of {} does not fit {}", join(type_.labels, ", "),
                       type_.declared));
  }

  [[nodiscard]] ScalarView fit_date(const ScalarView& value) const {
    if (std::holds_alternative<Date>(value)) return value;
    if (const auto* instant = std::get_if<Instant>(&value)) {
      const std::int64_t day = instant->micros / kMicrosPerDay;
      return Date{instant->micros % kMicrosPerDay < 0 ? day - 1 : day};
    }
    if (const auto* text = std::get_if<TextView>(&value)) {
      if (const auto days = parse_date(text->text)) return Date{*days};
    }
    refuse_type(value, type_);
  }

  [[nodiscard]] ScalarView fit_instant(const ScalarView& value) const {
    const auto micros = micros_of(value);
    if (!micros) refuse_type(value, type_);
    const std::int64_t rest = *micros % unit_;
    return Instant{*micros - (rest < 0 ? rest + unit_ : rest)};
  }

  [[nodiscard]] static std::optional<std::int64_t> micros_of(const ScalarView& value) {
    if (const auto* instant = std::get_if<Instant>(&value)) return instant->micros;
    if (const auto* date = std::get_if<Date>(&value)) return date->days * kMicrosPerDay;
    const auto* text = std::get_if<TextView>(&value);
    if (text == nullptr) return std::nullopt;
    if (const auto micros = parse_timestamp(text->text)) return micros;
    const auto days = parse_date(text->text);
    return days ? std::optional{*days * kMicrosPerDay} : std::nullopt;
  }

  [[nodiscard]] ScalarView fit_bytes(const ScalarView& value) const {
    const auto* bytes = std::get_if<BytesView>(&value);
    const auto* text = std::get_if<TextView>(&value);
    if (bytes == nullptr && text == nullptr) refuse_type(value, type_);
    const auto data = bytes != nullptr ? bytes->data : text->text;
    if (type_.length && data.size() > static_cast<std::size_t>(*type_.length)) {
      refuse(fmt::format("{} bytes do not fit {}", data.size(), type_.declared));
    }
    return BytesView{data};
  }

  [[nodiscard]] ScalarView fit_json(const ScalarView& value) const {
    if (std::holds_alternative<JsonView>(value)) return value;
    return JsonView{text_of(value)};
  }

  static constexpr auto kAnyLength = std::numeric_limits<std::int32_t>::max();

  const Column& column_;
  const ColumnType& type_;
  Arena& arena_;
  std::int64_t low_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t high_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t limit_ = 0;  // that a decimal's digits stay below; 0: none
  std::int64_t unit_ = 1;   // microseconds of an instant's last digit
};

Scalar literal_number(const std::string& text) {
  std::int64_t integer = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (error == std::errc{} && stop == text.data() + text.size()) return integer;
  if (const auto decimal = parse_decimal(text)) return *decimal;
  return text;
}

Scalar literal_real(const std::string& text) {
  double real = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), real);
  if (error != std::errc{} || stop != text.data() + text.size()) return text;
  return real;
}

Scalar literal_boolean(const std::string& text) {
  for (const char* yes : {"true", "t", "1"}) {
    if (equal_ignoring_case(text, yes)) return true;
  }
  for (const char* no : {"false", "f", "0"}) {
    if (equal_ignoring_case(text, no)) return false;
  }
  return text;
}

}  // namespace

int integer_bits(const ColumnType& type) {
  const auto name = to_lower(type.declared);
  if (name.starts_with("tinyint")) return 8;
  if (name.starts_with("smallint") || name.starts_with("int2")) return 16;
  if (name.starts_with("mediumint")) return 24;
  // SQLite's INTEGER has 64 bits, as has every bigint.
  const bool short_word = name == "int4" || name.starts_with("int(") || name == "int unsigned";
  return short_word || (name == "integer" && type.precision) ? 32 : 64;
}

ScalarColumn fit(ScalarColumn values, const Column& column, Arena& arena) {
  const Fitting fitting{column, arena};
  if (fitting.all_fit(values)) return values;
  const auto fitted = arena.uninitialised<ScalarView>(values.size());
  std::transform(values.begin(), values.end(), fitted.begin(),
                 [&](const ScalarView& value) { return fitting.fit(value); });
  return fitted;
}

Scalar fit(const ScalarView& value, const Column& column) {
  Arena arena;
  return to_scalar(Fitting{column, arena}.fit(value));
}

Scalar typed_literal(const Value& literal, const Column& column) {
  switch (literal.kind()) {
    case ValueKind::null: return Null{};
    case ValueKind::boolean: return fit(literal.boolean(), column);
    case ValueKind::integer: return fit(literal.integer(), column);
    case ValueKind::real: return fit(literal.real(), column);
    case ValueKind::bytes: return fit(BytesView{literal.bytes().data}, column);
    case ValueKind::text: break;
  }
  const auto& text = literal.text();
  const auto type = column.type.type_class;
  if (type == TypeClass::boolean) return fit(literal_boolean(text), column);
  if (type == TypeClass::real) return fit(literal_real(text), column);
  const bool number =
      type == TypeClass::integer || type == TypeClass::decimal || type == TypeClass::year;
  return number ? fit(literal_number(text), column) : fit(TextView{text}, column);
}

Value to_cell(const ScalarView& value, const Column& column) {
  const bool text = column.type.type_class == TypeClass::decimal;
  if (text && std::holds_alternative<std::int64_t>(value)) return to_text(value);
  return to_value(value);
}

ExpressionType expression_type(const ColumnType& type) noexcept {
  switch (type.type_class) {
    case TypeClass::boolean: return ExpressionType::boolean;
    case TypeClass::integer:
    case TypeClass::year: return ExpressionType::integer;
    case TypeClass::decimal: return ExpressionType::decimal;
    case TypeClass::real: return ExpressionType::real;
    case TypeClass::bytes: return ExpressionType::bytes;
    case TypeClass::date: return ExpressionType::date;
    case TypeClass::timestamp:
    case TypeClass::timestamptz: return ExpressionType::instant;
    case TypeClass::json: return ExpressionType::json;
    case TypeClass::text:
    case TypeClass::enumeration:
    case TypeClass::set:
    case TypeClass::time:
    case TypeClass::interval:
    case TypeClass::uuid:
    case TypeClass::array:
    case TypeClass::bit: return ExpressionType::text;
    case TypeClass::other: return ExpressionType::any;
  }
  return ExpressionType::any;
}

}  // namespace seedbed::detail
