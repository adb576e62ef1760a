#include "seedbed/factories/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "seedbed/core/arena.hpp"
#include "seedbed/core/clock.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {

__extension__ using Wide = __int128;

constexpr int kMaximumScale = 18;

constexpr std::array<std::int64_t, kMaximumScale + 1> kPowersOfTen = [] {
  std::array<std::int64_t, kMaximumScale + 1> powers{};
  std::int64_t power = 1;
  for (auto& entry : powers) {
    entry = power;
    if (power < std::numeric_limits<std::int64_t>::max() / 10) power *= 10;
  }
  return powers;
}();

Wide power_of_ten(int exponent) {
  return kPowersOfTen[static_cast<std::size_t>(exponent)];
}

template <typename T>
int sign_of(const T& left, const T& right) {
  return left < right ? -1 : left > right ? 1 : 0;
}

std::optional<Decimal> exact_number(const ScalarView& scalar) noexcept {
  if (const auto* integer = std::get_if<std::int64_t>(&scalar)) return Decimal{*integer, 0};
  if (const auto* decimal = std::get_if<Decimal>(&scalar)) return *decimal;
  return std::nullopt;
}

std::optional<Instant> moment(const ScalarView& scalar) noexcept {
  if (const auto* instant = std::get_if<Instant>(&scalar)) return *instant;
  if (const auto* date = std::get_if<Date>(&scalar)) return Instant{date->days * kMicrosPerDay};
  return std::nullopt;
}

std::optional<Decimal> scaled(const Decimal& decimal, int scale) noexcept {
  Wide value = decimal.coefficient;
  if (scale >= decimal.scale) {
    value *= power_of_ten(scale - decimal.scale);
  } else {
    const Wide divisor = power_of_ten(decimal.scale - scale);
    const Wide half = divisor / 2;
    value = (value < 0 ? value - half : value + half) / divisor;
  }
  if (value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  return Decimal{static_cast<std::int64_t>(value), scale};
}

std::optional<Decimal> scaled(double value, int scale) noexcept {
  constexpr double kLimit = 9.2e18;
  const double shifted = value * static_cast<double>(power_of_ten(scale));
  if (!(std::fabs(shifted) < kLimit)) return std::nullopt;
  // std::round is exact: half away from zero.
  return Decimal{static_cast<std::int64_t>(std::round(shifted)), scale};
}

std::optional<int> compare_durations(const Duration& left, const Duration& right) noexcept {
  if (left.months != right.months) return std::nullopt;
  const auto length = [](const Duration& d) { return Wide{d.days} * kMicrosPerDay + d.micros; };
  return sign_of(length(left), length(right));
}

std::string to_text(const Duration& duration) {
  std::string text;
  const auto part = [&text](std::int64_t count, std::string_view unit) {
    if (count == 0) return;
    if (!text.empty()) text += ' ';
    text += fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
  };
  part(duration.months, "mon");
  part(duration.days, "day");
  if (duration.micros != 0 || text.empty()) {
    const std::int64_t micros = duration.micros < 0 ? -duration.micros : duration.micros;
    const std::int64_t seconds = micros / kMicrosPerSecond;
    if (!text.empty()) text += ' ';
    text += fmt::format("{}{:02}:{:02}:{:02}", duration.micros < 0 ? "-" : "", seconds / 3600,
                        seconds / 60 % 60, seconds % 60);
    if (const auto fraction = micros % kMicrosPerSecond; fraction != 0) {
      text += fmt::format(".{:06}", fraction);
      text.erase(text.find_last_not_of('0') + 1);
    }
  }
  return text;
}

template <typename Integer>
void append_integer(std::string& out, Integer value) {
  std::array<char, 24> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  out.append(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
}

void append_decimal(std::string& out, const Decimal& decimal) {
  std::array<char, kLongestDecimal> text;  // NOLINT(*-member-init): written below
  out.append(text.data(), write_decimal(text.data(), decimal));
}

struct AppendText {
  std::string& out;

  void operator()(Null) const {}
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) const { append_integer(out, value); }
  void operator()(const Decimal& value) const { append_decimal(out, value); }
  void operator()(double value) const { out += shortest(value); }
  void operator()(TextView value) const { out += value.text; }
  void operator()(BytesView value) const { out += to_hex(value.data); }
  void operator()(Date value) const { append_date(out, value.days); }
  void operator()(Instant value) const { append_timestamp(out, value.micros); }
  void operator()(const Duration& value) const { out += to_text(value); }
  void operator()(JsonView value) const { out += value.text; }
};

struct ViewOf {
  template <typename T>
  ScalarView operator()(const T& value) const {
    return value;
  }
  ScalarView operator()(const std::string& value) const { return TextView{value}; }
  ScalarView operator()(const Bytes& value) const { return BytesView{value.data}; }
  ScalarView operator()(const Json& value) const { return JsonView{value.text}; }
};

struct ScalarOf {
  template <typename T>
  Scalar operator()(const T& value) const {
    return value;
  }
  Scalar operator()(TextView value) const { return std::string{value.text}; }
  Scalar operator()(BytesView value) const { return Bytes{std::string{value.data}}; }
  Scalar operator()(JsonView value) const { return Json{std::string{value.text}}; }
};

}  // namespace

std::string_view to_string(ExpressionType type) noexcept {
  constexpr std::array<std::string_view, 12> kNames{"null",    "boolean",  "integer", "decimal",
                                                    "real",    "text",     "bytes",   "date",
                                                    "instant", "duration", "json",    "any"};
  return kNames[static_cast<std::size_t>(type)];
}

ExpressionType type_of(const ScalarView& scalar) noexcept {
  return static_cast<ExpressionType>(scalar.index());
}

ScalarView::ScalarView(const Scalar& scalar) noexcept : ScalarView{std::visit(ViewOf{}, scalar)} {}

Scalar to_scalar(const ScalarView& view) {
  return std::visit(ScalarOf{}, view);
}

void append_text(std::string& out, const ScalarView& scalar) {
  std::visit(AppendText{out}, scalar);
}

std::string to_text(const ScalarView& scalar) {
  std::string text;
  append_text(text, scalar);
  return text;
}

std::string_view text_in(Arena& arena, const ScalarView& scalar) {
  if (const auto* text = std::get_if<TextView>(&scalar)) return text->text;
  if (const auto* json = std::get_if<JsonView>(&scalar)) return json->text;
  const auto* instant = std::get_if<Instant>(&scalar);
  if (instant == nullptr) return arena.copy(to_text(scalar));
  const auto room = arena.uninitialised<char>(kLongestTimestamp);
  const auto* end = write_timestamp(room.data(), instant->micros);
  return {room.data(), static_cast<std::size_t>(end - room.data())};
}

char* write_decimal(char* out, const Decimal& decimal) noexcept {
  const auto magnitude = decimal.coefficient < 0 ? -static_cast<std::uint64_t>(decimal.coefficient)
                                                 : static_cast<std::uint64_t>(decimal.coefficient);
  if (decimal.coefficient < 0) *out++ = '-';
  const auto unit =
      static_cast<std::uint64_t>(kPowersOfTen[static_cast<std::size_t>(decimal.scale)]);
  const auto whole = magnitude / unit;
  out = std::to_chars(out, out + kLongestDecimal, whole).ptr;
  if (decimal.scale == 0) return out;
  *out++ = '.';
  auto fraction = magnitude - whole * unit;
  for (auto* at = out + decimal.scale; at != out; fraction /= 10) {
    *--at = static_cast<char>('0' + fraction % 10);
  }
  return out + decimal.scale;
}

Value to_value(const ScalarView& scalar) {
  if (is_null(scalar)) return {};
  if (const auto* boolean = std::get_if<bool>(&scalar)) return *boolean;
  if (const auto* integer = std::get_if<std::int64_t>(&scalar)) return *integer;
  if (const auto* real = std::get_if<double>(&scalar)) return *real;
  if (const auto* bytes = std::get_if<BytesView>(&scalar)) return Bytes{std::string{bytes->data}};
  if (const auto* text = std::get_if<TextView>(&scalar)) return text->text;
  return to_text(scalar);
}

std::optional<Decimal> parse_decimal(std::string_view text) noexcept {
  std::array<char, kMaximumScale + 2> digits{};
  std::size_t count = 0;
  if (text.starts_with('-')) {
    digits[count++] = '-';
    text.remove_prefix(1);
  }
  const auto point = std::min(text.find('.'), text.size());
  const auto fraction = text.substr(std::min(point + 1, text.size()));
  const auto all = point + fraction.size();
  if (all == 0 || all > kMaximumScale || (point < text.size() && fraction.empty())) {
    return std::nullopt;
  }
  for (const char c : text) {
    if (c != '.') digits[count++] = c;
    if (count > all + 1) return std::nullopt;
  }
  Decimal result{0, static_cast<int>(fraction.size())};
  const auto* end = digits.data() + count;
  const auto [stop, error] = std::from_chars(digits.data(), end, result.coefficient);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return result;
}

std::string to_text(const Decimal& decimal) {
  std::string text;
  append_decimal(text, decimal);
  return text;
}

std::optional<Decimal> to_decimal(const ScalarView& number, int scale) noexcept {
  scale = std::clamp(scale, 0, kMaximumScale);
  if (const auto exact = exact_number(number)) return scaled(*exact, scale);
  if (const auto* real = std::get_if<double>(&number)) return scaled(*real, scale);
  return std::nullopt;
}

std::optional<double> to_real(const ScalarView& number) noexcept {
  if (const auto* real = std::get_if<double>(&number)) return *real;
  if (const auto exact = exact_number(number)) {
    return static_cast<double>(exact->coefficient) /
           static_cast<double>(power_of_ten(exact->scale));
  }
  return std::nullopt;
}

std::optional<int> compare(const ScalarView& left, const ScalarView& right) noexcept {
  if (const auto* l = std::get_if<std::int64_t>(&left), *r = std::get_if<std::int64_t>(&right);
      l != nullptr && r != nullptr) {
    return sign_of(*l, *r);
  }
  if (const auto l = exact_number(left), r = exact_number(right); l && r) {
    return sign_of(Wide{l->coefficient} * power_of_ten(r->scale),
                   Wide{r->coefficient} * power_of_ten(l->scale));
  }
  if (const auto l = to_real(left), r = to_real(right); l && r) return sign_of(*l, *r);
  if (const auto l = moment(left), r = moment(right); l && r) return sign_of(*l, *r);
  if (left.index() != right.index()) return std::nullopt;
  if (const auto* text = std::get_if<TextView>(&left)) {
    return sign_of(text->text, std::get<TextView>(right).text);
  }
  if (const auto* flag = std::get_if<bool>(&left)) return sign_of(*flag, std::get<bool>(right));
  if (const auto* duration = std::get_if<Duration>(&left)) {
    return compare_durations(*duration, std::get<Duration>(right));
  }
  if (const auto* bytes = std::get_if<BytesView>(&left)) {
    return sign_of(bytes->data, std::get<BytesView>(right).data);
  }
  if (const auto* json = std::get_if<JsonView>(&left)) {
    return sign_of(json->text, std::get<JsonView>(right).text);
  }
  return seedbed::is_null(left) ? std::optional{0} : std::nullopt;
}

std::optional<Instant> add(Instant instant, const Duration& duration) noexcept {
  static const std::int64_t kFirst = days_from_civil({1, 1, 1});
  static const std::int64_t kLast = days_from_civil({9999, 12, 31});
  const std::int64_t span = (kLast - kFirst) * 2;
  if (duration.months > span || duration.months < -span || duration.days > span ||
      duration.days < -span) {
    return std::nullopt;
  }
  std::int64_t days = instant.micros / kMicrosPerDay - (instant.micros % kMicrosPerDay < 0 ? 1 : 0);
  const std::int64_t of_day = instant.micros - days * kMicrosPerDay;
  if (duration.months != 0) {
    CivilDate date = civil_from_days(days);
    const std::int64_t months = date.year * 12 + (date.month - 1) + duration.months;
    const std::int64_t year = months / 12 - (months % 12 < 0 ? 1 : 0);
    const auto month = static_cast<int>(months - year * 12) + 1;
    const auto next = month == 12 ? CivilDate{year + 1, 1, 1} : CivilDate{year, month + 1, 1};
    const auto begin = days_from_civil({year, month, 1});
    const auto length = days_from_civil(next) - begin;
    days = begin + std::min<std::int64_t>(date.day, length) - 1;
  }
  const Wide moved = Wide{days + duration.days} * kMicrosPerDay + of_day + duration.micros;
  if (moved < Wide{kFirst} * kMicrosPerDay || moved >= Wide{kLast + 1} * kMicrosPerDay) {
    return std::nullopt;
  }
  return Instant{static_cast<std::int64_t>(moved)};
}

}  // namespace seedbed
