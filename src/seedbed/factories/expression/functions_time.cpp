#include <array>
#include <limits>

#include "seedbed/core/clock.hpp"
#include "seedbed/factories/expression/calendar.hpp"
#include "seedbed/factories/expression/function.hpp"

namespace seedbed::detail {

namespace {

CivilDate civil_of(const Call& call) {
  return civil_from_days(day_of(call.moment(0)));
}

ScalarView date(Call& call) {
  return Date{day_of(call.moment(0))};
}
ScalarView timestamp(Call& call) {
  return call.moment(0);
}
ScalarView year(Call& call) {
  return civil_of(call).year;
}
ScalarView month(Call& call) {
  return std::int64_t{civil_of(call).month};
}
ScalarView day(Call& call) {
  return std::int64_t{civil_of(call).day};
}

ScalarView weekday(Call& call) {
  return std::int64_t{weekday_of(day_of(call.moment(0)))};
}
ScalarView iso_week(Call& call) {
  return call.keep(week_of(day_of(call.moment(0))));
}
ScalarView iso_timestamp(Call& call) {
  const auto text = call.room(kLongestTimestamp);
  const auto* end = write_rfc3339(text.data(), call.moment(0).micros);
  return TextView{{text.data(), static_cast<std::size_t>(end - text.data())}};
}
ScalarView quarter(Call& call) {
  return std::int64_t{(civil_of(call).month + 2) / 3};
}
ScalarView age(Call& call) {
  return years_between(day_of(call.moment(0)), day_of(call.moment(1)));
}

ScalarView days(Call& call) {
  const auto* duration = std::get_if<Duration>(&call.at(0));
  if (duration == nullptr) Call::fail("the value is not a duration");
  if (duration->months != 0) Call::fail("months have no fixed number of days");
  const auto whole = day_of({duration->micros});
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max() / 2;
  if (duration->days > kMost || duration->days < -kMost) Call::fail("the duration is too long");
  return duration->days + whole;
}

constexpr std::array<FunctionRow, 11> kRows{{
    {"age(born: moment or text, at: moment or text) -> integer",
     "The whole years between two days.", "age(1990-05-04, now)", "35", age},
    {"date(moment: moment or text) -> date", "The day of an instant (UTC), or of a text.",
     "date(now)", "2026-01-01", date},
    {"day(moment: moment or text) -> integer", "The day of the month.", "day(2026-03-31)", "31",
     day},
    {"days(duration) -> integer", "The whole days of a duration, such as a difference of dates.",
     "days(2026-03-01 - 2026-02-01)", "28", days},
    {"iso_timestamp(moment: moment or text) -> text", "The text of an instant as RFC 3339 has it.",
     "iso_timestamp(now)", "2026-01-01T00:00:00Z", iso_timestamp},
    {"iso_week(moment: moment or text) -> text", "The week as ISO 8601 has it.",
     "iso_week(2026-12-31)", "2026-W53", iso_week},
    {"month(moment: moment or text) -> integer", "The month, 1 to 12.", "month(2026-03-31)", "3",
     month},
    {"quarter(moment: moment or text) -> integer", "The quarter of the year, 1 to 4.",
     "quarter(2026-05-31)", "2", quarter},
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
