#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"
#include "seedbed/factories/expression/calendar.hpp"
#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/provider.hpp"

namespace seedbed::detail {

namespace {

constexpr Duration kYear{12, 0, 0};

Instant moved(Instant instant, const Duration& by) {
  const auto result = add(instant, by);
  if (!result) Call::fail("the moment is outside of the years 1 to 9999");
  return *result;
}

Duration reversed(const Duration& duration) {
  return {-duration.months, -duration.days, -duration.micros};
}

Duration within_of(const Call& call) {
  const auto* within = call.has(0) ? std::get_if<Duration>(&call.at(0)) : &kYear;
  return within == nullptr ? kYear : *within;
}

// A whole second between two instants, the first one left out.
Instant between(CellRandom& random, Instant first, Instant last) {
  const auto seconds = (last.micros - first.micros) / kMicrosPerSecond;
  if (seconds < 1) Call::fail("the duration is shorter than a second");
  return {first.micros + random.between(1, seconds) * kMicrosPerSecond};
}

ScalarView future(Call& call) {
  return between(call.random(), call.now(), moved(call.now(), within_of(call)));
}

ScalarView past(Call& call) {
  const auto first = moved(call.now(), reversed(within_of(call)));
  const Instant before{first.micros - kMicrosPerSecond};  // now itself is no past
  return between(call.random(), before, {call.now().micros - kMicrosPerSecond});
}

ScalarView unix_time(Call& call) {
  if (!call.has(0)) return std::get<Instant>(past(call)).micros / kMicrosPerSecond;
  const auto micros = call.moment(0).micros;
  return (micros - ((micros % kMicrosPerSecond) + kMicrosPerSecond) % kMicrosPerSecond) /
         kMicrosPerSecond;
}

// The days from Monday to Friday in a range, numbered from 0.
class BusinessDays : public Domain {
 public:
  BusinessDays(std::int64_t first, std::int64_t last)
      : first_{number_from(first)}, count_{number_from(last + 1) - first_} {}
  [[nodiscard]] std::uint64_t size() const noexcept override {
    return count_ < 0 ? 0 : static_cast<std::uint64_t>(count_);
  }
  [[nodiscard]] ScalarView at(std::uint64_t index, Arena& /*arena*/) const override {
    return day(index);
  }
  [[nodiscard]] Date day(std::uint64_t index) const {
    return {day_of_number(first_ + static_cast<std::int64_t>(index))};
  }
  [[nodiscard]] std::optional<std::uint64_t> index_of(const ScalarView& value) const override {
    const auto days = parse_date(to_text(value));
    if (!days || weekday_of(*days) > kFriday) return std::nullopt;
    const auto index = number_of(*days) - first_;
    if (index < 0 || index >= count_) return std::nullopt;
    return static_cast<std::uint64_t>(index);
  }

 private:
  static constexpr int kFriday = 5;
  static constexpr int kDaysOfWeek = 7;

  // The number of the first such day that is not before `day`.
  static std::int64_t number_from(std::int64_t day) {
    const int weekday = weekday_of(day);
    return number_of(weekday > kFriday ? day + kDaysOfWeek + 1 - weekday : day);
  }
  // Five numbers a week; 1970-01-05 was a Monday.
  static std::int64_t number_of(std::int64_t day) {
    const auto monday = day + 1 - weekday_of(day);
    return (monday - 4) / kDaysOfWeek * kFriday + weekday_of(day) - 1;
  }
  static std::int64_t day_of_number(std::int64_t number) {
    const auto place = (number % kFriday + kFriday) % kFriday;
    return (number - place) / kFriday * kDaysOfWeek + 4 + place;
  }

  std::int64_t first_;
  std::int64_t count_;
};

BusinessDays business_days(const Call& call) {
  const auto first = call.has(0) ? call.moment(0) : moved(call.now(), reversed(kYear));
  const auto last = call.has(1) ? call.moment(1) : call.now();
  BusinessDays days{day_of(first), day_of(last)};
  if (days.size() == 0) Call::fail("there is no day from Monday to Friday in the range");
  return days;
}

ScalarView business_day(Call& call) {
  const auto days = business_days(call);
  return days.day(call.random().below(days.size()));
}

DomainPointer business_day_domain(const Call& call) {
  if (!call.has(0) || !call.has(1)) return nullptr;  // now is not known yet
  return std::make_shared<BusinessDays>(business_days(call));
}

ScalarView day_name(Call& call) {
  const auto names = locale_of(call, 1).weekdays;
  const auto drawn = static_cast<std::size_t>(call.random().below(names.size()));
  if (!call.has(0)) return TextView{names[drawn]};
  return TextView{names[static_cast<std::size_t>(weekday_of(day_of(call.moment(0))) - 1)]};
}

ScalarView month_name(Call& call) {
  const auto names = locale_of(call, 1).months;
  const auto drawn = static_cast<std::size_t>(call.random().below(names.size()));
  if (!call.has(0)) return TextView{names[drawn]};
  const auto month = civil_from_days(day_of(call.moment(0))).month;
  return TextView{names[static_cast<std::size_t>(month - 1)]};
}

// "08:30" or "08:30:15" in seconds since midnight.
std::int64_t seconds_of(std::string_view text) {
  std::array<std::int64_t, 3> parts{};
  const auto pieces = std::count(text.begin(), text.end(), ':') + 1;
  bool ok = pieces == 2 || pieces == 3;
  auto rest = text;
  for (std::size_t i = 0; ok && i < static_cast<std::size_t>(pieces); ++i) {
    const auto piece = rest.substr(0, rest.find(':'));
    const auto* end = piece.data() + piece.size();
    const auto [stop, error] = std::from_chars(piece.data(), end, parts.at(i));
    ok =
        error == std::errc{} && stop == end && parts.at(i) >= 0 && parts.at(i) < (i == 0 ? 24 : 60);
    rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
  }
  if (!ok) Call::fail(fmt::format("'{}' is no time of day, such as 08:30", text));
  return parts[0] * 3600 + parts[1] * 60 + parts[2];
}

ScalarView time_of_day(Call& call) {
  constexpr std::int64_t kLast = 86'399;
  const auto first = call.has(0) ? seconds_of(call.text(0)) : 0;
  const auto last = call.has(1) ? seconds_of(call.text(1)) : kLast;
  if (first > last) Call::fail("'from' is after 'to'");
  const auto second = call.random().between(first, last);
  return call.keep(joined(padded(second / 3600, 2), ':', padded(second / 60 % 60, 2), ':',
                          padded(second % 60, 2)));
}

constexpr std::array<FunctionRow, 7> kRows{{
    with_domain({"business_day(from?: moment or text, to?: moment or text) -> date",
                 "A day from Monday to Friday; in the past year unless said.", "business_day()",
                 "2025-01-03", business_day, Effect::draws},
                business_day_domain),
    {"day_name(moment?: moment or text, locale?: locale) -> text",
     "A day of the week in the language of the locale; that of `moment` when given.",
     "day_name(now)", "Thursday", day_name, Effect::draws},
    {"future(within?: duration) -> instant", "A second after now, at most `within` (1y) later.",
     "future(30d)", "2026-01-01 07:53:38", future, Effect::draws},
    {"month_name(moment?: moment or text, locale?: locale) -> text",
     "A month in the language of the locale; that of `moment` when given.",
     "month_name(now, locale='fr_FR')", "janvier", month_name, Effect::draws},
    {"past(within?: duration) -> instant", "A second before now, at most `within` (1y) earlier.",
     "past(30d)", "2025-12-02 07:53:37", past, Effect::draws},
    {"time_of_day(from?: text, to?: text) -> text", "A time of day, both ends included.",
     "time_of_day('09:00', '17:30')", "09:05:35", time_of_day, Effect::draws},
    {"unix_time(moment?: moment or text) -> integer",
     "The seconds since 1970 of `moment`; without it, of a moment in the past year.",
     "unix_time(now)", "1767225600", unix_time, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> moment_providers() {
  return kRows;
}

}  // namespace seedbed::detail
