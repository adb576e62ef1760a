#include "seedbed/factories/fitting.hpp"

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

[[noreturn]] void refuse_type(const Scalar& value, const ColumnType& type) {
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

/// How many bits a signed integer of this declaration has.
int integer_bits(const ColumnType& type) {
  const auto name = to_lower(type.declared);
  if (name.starts_with("tinyint")) return 8;
  if (name.starts_with("smallint") || name.starts_with("int2")) return 16;
  if (name.starts_with("mediumint")) return 24;
  // SQLite's INTEGER has 64 bits, as has every bigint.
  const bool short_word = name == "int4" || name.starts_with("int(") || name == "int unsigned";
  return short_word || (name == "integer" && type.precision) ? 32 : 64;
}

void check_range(std::int64_t value, const ColumnType& type) {
  if (value >= 0 && value <= std::numeric_limits<std::int8_t>::max()) return;  // fits them all
  const int bits = integer_bits(type);
  std::int64_t low = type.is_unsigned ? 0 : std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  if (bits < 64) {
    const std::int64_t half = std::int64_t{1} << (bits - 1);
    low = type.is_unsigned ? 0 : -half;
    high = type.is_unsigned ? 2 * half - 1 : half - 1;
  }
  if (value < low || value > high) {
    refuse(fmt::format("a number outside {} to {} does not fit {}", low, high, type.declared));
  }
}

Scalar fit_integer(const Scalar& value, const ColumnType& type) {
  if (const auto* boolean = std::get_if<bool>(&value)) return std::int64_t{*boolean ? 1 : 0};
  if (const auto* text = std::get_if<std::string>(&value)) {
    // Beyond int64 (bigint unsigned) a number travels as its digits.
    if (is_numeral(*text) && text->find('.') == std::string::npos && type.is_unsigned) return value;
    refuse_type(value, type);
  }
  const auto rounded = to_decimal(value, 0);
  if (!rounded) refuse_type(value, type);
  check_range(rounded->coefficient, type);
  return rounded->coefficient;
}

Scalar fit_decimal(const Scalar& value, const ColumnType& type) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (!is_numeral(*text)) refuse_type(value, type);
    return value;
  }
  Scalar number = value;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) number = Decimal{*integer, 0};
  if (type.scale && *type.scale >= 0 && *type.scale <= 18) {
    const auto fitted = to_decimal(number, *type.scale);
    if (!fitted) refuse_type(value, type);
    number = *fitted;
  } else if (const auto* real = std::get_if<double>(&value)) {
    const auto fitted = std::isfinite(*real) ? to_decimal(number, 6) : std::nullopt;
    if (!fitted) refuse_type(value, type);
    number = *fitted;
  }
  const auto* decimal = std::get_if<Decimal>(&number);
  if (decimal == nullptr) refuse_type(value, type);
  if (type.precision && type.scale && *type.precision <= 18) {
    std::int64_t limit = 1;
    for (int digit = 0; digit < *type.precision; ++digit) limit *= 10;
    if (decimal->coefficient >= limit || decimal->coefficient <= -limit) {
      refuse(fmt::format("a number of more than {} digits does not fit {}", *type.precision,
                         type.declared));
    }
  }
  return number;
}

Scalar fit_real(const Scalar& value, const ColumnType& type) {
  const auto real = to_real(value);
  if (!real) refuse_type(value, type);
  if (type.length == 4) return static_cast<double>(static_cast<float>(*real));
  return *real;
}

Scalar fit_boolean(const Scalar& value, const ColumnType& type) {
  if (std::holds_alternative<bool>(value)) return value;
  if (const auto* integer = std::get_if<std::int64_t>(&value);
      integer && (*integer == 0 || *integer == 1)) {
    return *integer == 1;
  }
  refuse_type(value, type);
}

Scalar fit_text(Scalar value, const ColumnType& type) {
  if (!std::holds_alternative<std::string>(value)) value = to_text(value);
  const auto& text = std::get<std::string>(value);
  const auto most = static_cast<std::size_t>(type.length.value_or(0));
  if (type.length && text.size() > most && count_code_points(text) > most) {
    refuse(fmt::format("a text of {} characters does not fit {}", count_code_points(text),
                       type.declared));
  }
  return value;
}

Scalar fit_label(const Scalar& value, const ColumnType& type) {
  const auto text = to_text(value);
  const auto known = [&](std::string_view label) {
    return std::find(type.labels.begin(), type.labels.end(), label) != type.labels.end();
  };
  const bool set = type.type_class == TypeClass::set;
  for (const auto& label : set ? split(text, ',') : std::vector<std::string>{text}) {
    if (known(label) || (set && label.empty())) continue;
    refuse(fmt::format("a value that is none of {} does not fit {}", join(type.labels, ", "),
                       type.declared));
  }
  return text;
}

Scalar fit_date(const Scalar& value, const ColumnType& type) {
  if (std::holds_alternative<Date>(value)) return value;
  if (const auto* instant = std::get_if<Instant>(&value)) {
    const std::int64_t day = instant->micros / kMicrosPerDay;
    return Date{instant->micros % kMicrosPerDay < 0 ? day - 1 : day};
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (const auto days = parse_date(*text)) return Date{*days};
  }
  refuse_type(value, type);
}

Scalar fit_instant(const Scalar& value, const ColumnType& type) {
  std::int64_t micros = 0;
  if (const auto* instant = std::get_if<Instant>(&value)) {
    micros = instant->micros;
  } else if (const auto* date = std::get_if<Date>(&value)) {
    micros = date->days * kMicrosPerDay;
  } else {
    const auto* text = std::get_if<std::string>(&value);
    auto parsed = text != nullptr ? parse_timestamp(*text) : std::nullopt;
    if (text != nullptr && !parsed) {
      if (const auto days = parse_date(*text)) parsed = *days * kMicrosPerDay;
    }
    if (!parsed) refuse_type(value, type);
    micros = *parsed;
  }
  std::int64_t unit = 1;
  for (int digit = type.scale.value_or(6); digit < 6; ++digit) unit *= 10;
  const std::int64_t rest = micros % unit;
  return Instant{micros - (rest < 0 ? rest + unit : rest)};
}

Scalar fit_bytes(const Scalar& value, const ColumnType& type) {
  Bytes bytes;
  if (const auto* held = std::get_if<Bytes>(&value)) {
    bytes = *held;
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    bytes.data = *text;
  } else {
    refuse_type(value, type);
  }
  if (type.length && bytes.data.size() > static_cast<std::size_t>(*type.length)) {
    refuse(fmt::format("{} bytes do not fit {}", bytes.data.size(), type.declared));
  }
  return bytes;
}

Scalar fit_json(const Scalar& value) {
  if (std::holds_alternative<Json>(value)) return value;
  return Json{to_text(value)};
}

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

Scalar fit(Scalar value, const Column& column) {
  const auto& type = column.type;
  if (is_null(value)) {
    if (!column.nullable) refuse("NULL does not fit a column that is NOT NULL");
    return value;
  }
  switch (type.type_class) {
    case TypeClass::boolean: return fit_boolean(value, type);
    case TypeClass::integer:
    case TypeClass::year: return fit_integer(value, type);
    case TypeClass::decimal: return fit_decimal(value, type);
    case TypeClass::real: return fit_real(value, type);
    case TypeClass::bytes: return fit_bytes(value, type);
    case TypeClass::date: return fit_date(value, type);
    case TypeClass::timestamp:
    case TypeClass::timestamptz: return fit_instant(value, type);
    case TypeClass::json: return fit_json(value);
    case TypeClass::enumeration:
    case TypeClass::set: return fit_label(value, type);
    case TypeClass::text: return fit_text(std::move(value), type);
    case TypeClass::time:
    case TypeClass::interval:
    case TypeClass::uuid:
    case TypeClass::array:
    case TypeClass::bit:
    case TypeClass::other: return to_text(value);
  }
  return value;
}

Scalar typed_literal(const Value& literal, const Column& column) {
  switch (literal.kind()) {
    case ValueKind::null: return Null{};
    case ValueKind::boolean: return fit(literal.boolean(), column);
    case ValueKind::integer: return fit(literal.integer(), column);
    case ValueKind::real: return fit(literal.real(), column);
    case ValueKind::bytes: return fit(literal.bytes(), column);
    case ValueKind::text: break;
  }
  const auto& text = literal.text();
  const auto type = column.type.type_class;
  if (type == TypeClass::boolean) return fit(literal_boolean(text), column);
  if (type == TypeClass::real) return fit(literal_real(text), column);
  const bool number =
      type == TypeClass::integer || type == TypeClass::decimal || type == TypeClass::year;
  return fit(number ? literal_number(text) : Scalar{text}, column);
}

Value to_cell(const Scalar& value, const Column& column) {
  if (const auto* instant = std::get_if<Instant>(&value)) {
    return format_timestamp(instant->micros);
  }
  const bool text = column.type.type_class == TypeClass::decimal;
  if (const auto* integer = std::get_if<std::int64_t>(&value); integer != nullptr && text) {
    return std::to_string(*integer);
  }
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
