#include <array>

#include "seedbed/core/clock.hpp"
#include "seedbed/factories/expression/function.hpp"

namespace seedbed::detail {

namespace {

std::int64_t day_of(std::int64_t micros) {
  return micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0);
}

// The moment in microseconds, from a date, an instant or a text of either.
std::int64_t micros_of(const Call& call) {
  const Scalar& value = call.at(0);
  if (const auto* date = std::get_if<Date>(&value)) return date->days * kMicrosPerDay;
  if (const auto* instant = std::get_if<Instant>(&value)) return instant->micros;
  const auto text = call.text(0);
  if (const auto days = parse_date(text)) return *days * kMicrosPerDay;
  if (const auto micros = parse_timestamp(text)) return *micros;
  Call::fail("the text is not a date or time, such as 2026-01-31 or 2026-01-31T08:00:00Z");
}

CivilDate civil_of(const Call& call) {
  return civil_from_days(day_of(micros_of(call)));
}

Scalar date(Call& call) {
  return Date{day_of(micros_of(call))};
}
Scalar timestamp(Call& call) {
  return Instant{micros_of(call)};
}
Scalar year(Call& call) {
  return civil_of(call).year;
}
Scalar month(Call& call) {
  return std::int64_t{civil_of(call).month};
}
Scalar day(Call& call) {
  return std::int64_t{civil_of(call).day};
}

// ISO 8601: Monday is 1. 1970-01-01 was a Thursday.
Scalar weekday(Call& call) {
  const std::int64_t day = day_of(micros_of(call)) + 3;
  return (day % 7 + 7) % 7 + 1;
}

Scalar days(Call& call) {
  const auto* duration = std::get_if<Duration>(&call.at(0));
  if (duration == nullptr) Call::fail("the value is not a duration");
  if (duration->months != 0) Call::fail("months have no fixed number of days");
  return duration->days + day_of(duration->micros);
}

constexpr std::array<FunctionRow, 7> kRows{{
    {"date(moment: moment or text) -> date", "The day of an instant (UTC), or of a text.",
     "date(now)", "2026-01-01", date},
    {"day(moment: moment or text) -> integer", "The day of the month.", "day(2026-03-31)", "31",
     day},
    {"days(duration) -> integer", "The whole days of a duration, such as a difference of dates.",
     "days(2026-03-01 - 2026-02-01)", "28", days},
    {"month(moment: moment or text) -> integer", "The month, 1 to 12.", "month(2026-03-31)", "3",
     month},
    {"timestamp(moment: moment or text) -> instant",
     "A date's midnight (UTC), or a text's instant.", "timestamp('2026-01-31T08:00:00+02:00')",
     "2026-01-31 06:00:00", timestamp},
    {"weekday(moment: moment or text) -> integer", "The day of the week; Monday is 1.",
     "weekday(2026-01-01)", "4", weekday},
    {"year(moment: moment or text) -> integer", "The year.", "year(now - 1d)", "2025", year},
}};

}  // namespace

std::span<const FunctionRow> time_functions() {
  return kRows;
}

}  // namespace seedbed::detail
