#include "seedbed/core/clock.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

namespace seedbed {

namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b < 0 ? 1 : 0);
}

bool is_leap(std::int64_t year) noexcept {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in_month(std::int64_t year, int month) noexcept {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

constexpr auto kTwoDigits = [] {
  std::array<char, 200> digits{};
  for (std::size_t number = 0; number < 100; ++number) {
    digits[2 * number] = static_cast<char>('0' + number / 10);
    digits[2 * number + 1] = static_cast<char>('0' + number % 10);
  }
  return digits;
}();

// The two digits of a number below 100.
char* put_two(char* at, std::uint32_t number) noexcept {
  return std::copy_n(kTwoDigits.data() + std::size_t{2} * number, 2, at);
}

// Reads fixed-width decimal fields from the front of a text.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_{text} {}

  [[nodiscard]] bool done() const noexcept { return rest_.empty(); }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(char c) noexcept {
    if (peek() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) noexcept { ok_ = take(c) && ok_; }
  int digits(std::size_t count) noexcept {
    int result = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (peek() < '0' || peek() > '9') {
        ok_ = false;
        return 0;
      }
      result = result * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return result;
  }
  // Up to six digits of a fraction as microseconds; more digits are refused, not rounded.
  std::int64_t micros() noexcept {
    std::int64_t result = 0;
    int count = 0;
    for (; peek() >= '0' && peek() <= '9'; ++count) result = result * 10 + digits(1);
    if (count == 0 || count > 6) ok_ = false;
    for (; count < 6; ++count) result *= 10;
    return result;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<std::int64_t> read_date(Fields& fields) noexcept {
  const int year = fields.digits(4);
  fields.expect('-');
  const int month = fields.digits(2);
  fields.expect('-');
  const int day = fields.digits(2);
  if (!fields.ok() || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
    return std::nullopt;
  }
  return days_from_civil({year, month, day});
}

}  // namespace

// Both conversions after Howard Hinnant, "chrono-compatible low-level date algorithms".
std::int64_t days_from_civil(const CivilDate& date) noexcept {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year =
      (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDate civil_from_days(std::int64_t days) noexcept {
  days += 719468;
  const std::int64_t era = floor_divide(days, 146097);
  // 32 bits are enough from here on, and divided faster.
  const auto day_of_era = static_cast<std::uint32_t>(days - era * 146097);
  const std::uint32_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::uint32_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint32_t shifted_month = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const auto month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

std::optional<std::int64_t> parse_date(std::string_view text) noexcept {
  Fields fields{text};
  const auto days = read_date(fields);
  return days && fields.done() ? days : std::nullopt;
}

char* write_date(char* out, std::int64_t days) {
  const CivilDate date = civil_from_days(days);
  if (date.year < 0 || date.year > 9999) {
    return fmt::format_to(out, "{:04}-{:02}-{:02}", date.year, date.month, date.day);
  }
  const auto year = static_cast<std::uint32_t>(date.year);
  out = put_two(out, year / 100);
  out = put_two(out, year % 100);
  *out++ = '-';
  out = put_two(out, static_cast<std::uint32_t>(date.month));
  *out++ = '-';
  return put_two(out, static_cast<std::uint32_t>(date.day));
}

void append_date(std::string& out, std::int64_t days) {
  std::array<char, kLongestDate> text;  // NOLINT(*-member-init): written below
  out.append(text.data(), write_date(text.data(), days));
}

std::string format_date(std::int64_t days) {
  std::string text;
  append_date(text, days);
  return text;
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) noexcept {
  Fields fields{text};
  const auto days = read_date(fields);
  if (!days || !(fields.take('T') || fields.take(' '))) return std::nullopt;
  const int hour = fields.digits(2);
  fields.expect(':');
  const int minute = fields.digits(2);
  int second = 0;
  std::int64_t micros = 0;
  if (fields.take(':')) {
    second = fields.digits(2);
    if (fields.take('.')) micros = fields.micros();
  }
  std::int64_t offset_minutes = 0;
  if (!fields.take('Z') && (fields.peek() == '+' || fields.peek() == '-')) {
    const int sign = fields.take('-') ? -1 : (fields.take('+'), 1);
    const int hours = fields.digits(2);
    int minutes = 0;
    if (fields.take(':') || !fields.done()) minutes = fields.digits(2);
    if (hours > 15 || minutes > 59) return std::nullopt;
    offset_minutes = std::int64_t{sign} * (hours * 60 + minutes);
  }
  if (!fields.ok() || !fields.done() || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  const std::int64_t seconds = (hour * 60 + minute - offset_minutes) * 60 + second;
  return *days * kMicrosPerDay + seconds * kMicrosPerSecond + micros;
}

char* write_timestamp(char* out, std::int64_t micros) {
  const std::int64_t days = floor_divide(micros, kMicrosPerDay);
  const std::int64_t remainder = micros % kMicrosPerDay;
  const std::int64_t of_day = remainder < 0 ? remainder + kMicrosPerDay : remainder;
  const auto seconds = static_cast<std::uint32_t>(of_day / kMicrosPerSecond);
  const auto fraction =
      static_cast<std::uint32_t>(of_day - std::int64_t{seconds} * kMicrosPerSecond);
  out = write_date(out, days);
  *out++ = ' ';
  out = put_two(out, seconds / 3600);
  *out++ = ':';
  out = put_two(out, seconds / 60 % 60);
  *out++ = ':';
  out = put_two(out, seconds % 60);
  if (fraction == 0) return out;
  *out++ = '.';
  out = put_two(out, fraction / 10'000);
  out = put_two(out, fraction / 100 % 100);
  out = put_two(out, fraction % 100);
  while (out[-1] == '0') --out;
  return out;
}

void append_timestamp(std::string& out, std::int64_t micros) {
  std::array<char, kLongestTimestamp> text;  // NOLINT(*-member-init): written below
  out.append(text.data(), write_timestamp(text.data(), micros));
}

std::string format_timestamp(std::int64_t micros, std::string_view suffix) {
  std::string text;
  append_timestamp(text, micros);
  return text.append(suffix);
}

std::int64_t system_now_micros() noexcept {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
}

std::string format_rfc3339(std::int64_t micros) {
  std::array<char, kLongestTimestamp> text;  // NOLINT(*-member-init): written below
  return {text.data(), write_rfc3339(text.data(), micros)};
}

char* write_rfc3339(char* out, std::int64_t micros) {
  char* const end = write_timestamp(out, floor_divide(micros, kMicrosPerSecond) * kMicrosPerSecond);
  *std::find(out, end, ' ') = 'T';
  *end = 'Z';
  return end + 1;
}

}  // namespace seedbed
