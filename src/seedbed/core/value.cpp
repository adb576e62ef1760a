#include "seedbed/core/value.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {

[[noreturn]] void throw_wrong_kind(ValueKind held, std::string_view wanted) {
  throw Error{ErrorCode::invalid_input,
              fmt::format("value is {}, not {}", to_string(held), wanted)};
}

template <typename T>
T parse_number(const std::string& text, std::string_view wanted) {
  T result{};
  const char* end = text.data() + text.size();
  const auto [position, problem] = std::from_chars(text.data(), end, result);
  if (problem != std::errc{} || position != end) {
    throw Error{ErrorCode::invalid_input, fmt::format("text value is not {}", wanted)};
  }
  return result;
}

template <typename T>
std::string shortest_of(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

}  // namespace

std::string_view to_string(ValueKind kind) noexcept {
  switch (kind) {
    case ValueKind::null: return "null";
    case ValueKind::boolean: return "boolean";
    case ValueKind::integer: return "integer";
    case ValueKind::real: return "real";
    case ValueKind::text: return "text";
    case ValueKind::bytes: return "bytes";
  }
  return "unknown";
}

std::string shortest(double value) {
  return shortest_of(value);
}
std::string shortest(float value) {
  return shortest_of(value);
}

bool Value::boolean() const {
  if (const auto* held = std::get_if<bool>(&data_)) return *held;
  throw_wrong_kind(kind(), "boolean");
}

std::int64_t Value::integer() const {
  if (const auto* held = std::get_if<std::int64_t>(&data_)) return *held;
  throw_wrong_kind(kind(), "integer");
}

double Value::real() const {
  if (const auto* held = std::get_if<double>(&data_)) return *held;
  throw_wrong_kind(kind(), "real");
}

const std::string& Value::text() const {
  if (const auto* held = std::get_if<std::string>(&data_)) return *held;
  throw_wrong_kind(kind(), "text");
}

const Bytes& Value::bytes() const {
  if (const auto* held = std::get_if<Bytes>(&data_)) return *held;
  throw_wrong_kind(kind(), "bytes");
}

template <>
bool Value::as<bool>() const {
  if (kind() == ValueKind::integer && (integer() == 0 || integer() == 1)) return integer() == 1;
  return boolean();
}

template <>
std::int64_t Value::as<std::int64_t>() const {
  if (kind() == ValueKind::boolean) return boolean() ? 1 : 0;
  if (kind() == ValueKind::text) return parse_number<std::int64_t>(text(), "an integer");
  return integer();
}

template <>
int Value::as<int>() const {
  const auto wide = as<std::int64_t>();
  if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max()) {
    throw Error{ErrorCode::invalid_input, "integer value does not fit an int"};
  }
  return static_cast<int>(wide);
}

template <>
double Value::as<double>() const {
  if (kind() == ValueKind::text) return parse_number<double>(text(), "a number");
  if (kind() == ValueKind::integer) {
    const std::int64_t held = integer();
    const auto result = static_cast<double>(held);
    constexpr double kLimit = 9223372036854775808.0;
    if (result >= kLimit || static_cast<std::int64_t>(result) != held) {
      throw Error{ErrorCode::invalid_input, "integer value has no exact double"};
    }
    return result;
  }
  return real();
}

template <>
std::string Value::as<std::string>() const {
  if (kind() == ValueKind::text) return text();
  if (kind() == ValueKind::null) throw_wrong_kind(kind(), "text");
  return display();
}

template <>
Bytes Value::as<Bytes>() const {
  if (kind() == ValueKind::text) return Bytes{text()};
  return bytes();
}

std::string Value::display() const {
  switch (kind()) {
    case ValueKind::null: return "NULL";
    case ValueKind::boolean: return boolean() ? "true" : "false";
    case ValueKind::integer: return std::to_string(integer());
    case ValueKind::real: return shortest(real());
    case ValueKind::text: return text();
    case ValueKind::bytes: return "\\x" + to_hex(bytes().data);
  }
  return {};
}

}  // namespace seedbed
