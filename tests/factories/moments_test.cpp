// Providers and functions of days and times; now is 2026-01-01.
#include <regex>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "seedbed/core/clock.hpp"
#include "tests/factories/expression_frame.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::compiled;
using testing::ThrowsError;
using testing::value_of;
using testing::values_of;

std::string text_of(std::string_view expression) {
  return to_text(value_of(expression));
}

TEST(BirthDates, GiveTheAgesAskedFor) {
  std::set<std::int64_t> ages;
  for (const auto& born : values_of("birth_date(18, 21)", 2000)) {
    const auto date = civil_from_days(std::get<Date>(born).days);
    const bool birthday_today = date.month == 1 && date.day == 1;
    ages.insert(2026 - date.year - (birthday_today ? 0 : 1));
  }
  EXPECT_EQ(ages, (std::set<std::int64_t>{18, 19, 20, 21}));
  EXPECT_THAT([] { (void)compiled("birth_date(30, 20)"); },
              ThrowsError(ErrorCode::invalid_input, "birth_date: 'min_age' is above 'max_age'"));
}

TEST(BirthDates, ReachBothEndsOfTheirAge) {
  std::set<std::string> dates;
  for (const auto& born : values_of("birth_date(0, 0)", 20'000)) dates.insert(to_text(born));
  EXPECT_EQ(*dates.begin(), "2025-01-02") << "a day older would be one year old";
  EXPECT_EQ(*dates.rbegin(), "2026-01-01");
}

TEST(Ages, CountBirthdays) {
  EXPECT_EQ(text_of("age(2000-03-01, 2026-02-28)"), "25");
  EXPECT_EQ(text_of("age(2000-03-01, 2026-03-01)"), "26");
  EXPECT_EQ(text_of("age(2000-02-29, 2025-02-28)"), "24");
  EXPECT_EQ(text_of("age(2000-02-29, 2025-03-01)"), "25");
  EXPECT_EQ(text_of("age('2000-01-01', 1998-06-01)"), "-1");
  EXPECT_EQ(text_of("age(null, now)"), "");
}

TEST(Weeks, AreThoseOfIso) {
  EXPECT_EQ(text_of("iso_week(2024-12-30)"), "2025-W01");
  EXPECT_EQ(text_of("iso_week(2027-01-01)"), "2026-W53");
  EXPECT_EQ(text_of("iso_week(2023-01-01)"), "2022-W52");
  EXPECT_EQ(text_of("iso_week(1969-12-29)"), "1970-W01");
  EXPECT_EQ(text_of("quarter(2026-03-31)"), "1");
  EXPECT_EQ(text_of("quarter(2026-10-01)"), "4");
}

TEST(PastAndFuture, StayWithinTheirDuration) {
  const auto now = std::get<Instant>(value_of("now"));
  std::int64_t nearest = 1000;
  std::int64_t farthest = 0;
  for (const auto& moment : values_of("past(10s)", 500)) {
    const auto seconds = (now.micros - std::get<Instant>(moment).micros) / kMicrosPerSecond;
    nearest = std::min(nearest, seconds);
    farthest = std::max(farthest, seconds);
  }
  EXPECT_EQ(nearest, 1);
  EXPECT_EQ(farthest, 10);
  for (const auto& moment : values_of("future(1mo)", 500)) {
    EXPECT_GT(std::get<Instant>(moment), now);
    EXPECT_LE(to_text(moment), "2026-02-01 00:00:00");
  }
  for (const auto& moment : values_of("past()", 500)) {
    EXPECT_GE(to_text(moment), "2025-01-01 00:00:00");
    EXPECT_LT(std::get<Instant>(moment), now);
  }
  EXPECT_THAT([] { (void)compiled("past(5ms)"); },
              ThrowsError(ErrorCode::invalid_input, "past: the duration is shorter than a second"));
  EXPECT_THAT([] { (void)compiled("future(10000y)"); },
              ThrowsError(ErrorCode::invalid_input, "outside of the years 1 to 9999"));
}

TEST(UnixTimes, AreSecondsSince1970) {
  EXPECT_EQ(text_of("unix_time(1970-01-02)"), "86400");
  EXPECT_EQ(text_of("unix_time('1969-12-31T23:59:58.5Z')"), "-2");
  for (const auto& time : values_of("unix_time()", 500)) {
    EXPECT_GE(std::get<std::int64_t>(time), 1'735'689'600);
    EXPECT_LT(std::get<std::int64_t>(time), 1'767'225'600);
  }
}

TEST(BusinessDays, AreFromMondayToFriday) {
  std::set<std::string> days;
  for (const auto& day : values_of("business_day(2026-01-02, 2026-01-12)", 500)) {
    days.insert(to_text(day));
  }
  EXPECT_EQ(days, (std::set<std::string>{"2026-01-02", "2026-01-05", "2026-01-06", "2026-01-07",
                                         "2026-01-08", "2026-01-09", "2026-01-12"}));
  EXPECT_THAT([] { (void)compiled("business_day(2026-01-03, 2026-01-04)"); },
              ThrowsError(ErrorCode::invalid_input, "no day from Monday to Friday in the range"));
  EXPECT_THAT([] { (void)compiled("business_day(2026-02-03, 2026-01-04)"); },
              ThrowsError(ErrorCode::invalid_input, "no day from Monday to Friday in the range"));
}

TEST(BusinessDays, AreNumberedForUniqueColumns) {
  const auto domain = compiled("business_day(1969-12-25, 1970-01-20)").domain();
  ASSERT_EQ(domain->size(), 19U);
  for (std::uint64_t i = 0; i < domain->size(); ++i) {
    EXPECT_EQ(domain->index_of(testing::value_at(*domain, i)), i);
    EXPECT_EQ(domain->index_of(TextView{to_text(testing::value_at(*domain, i))}), i);
  }
  EXPECT_EQ(to_text(testing::value_at(*domain, 0)), "1969-12-25");
  EXPECT_EQ(to_text(testing::value_at(*domain, 2)), "1969-12-29");
  EXPECT_EQ(to_text(testing::value_at(*domain, 18)), "1970-01-20");
  EXPECT_EQ(domain->index_of(TextView{"1969-12-27"}), std::nullopt) << "a Saturday";
  EXPECT_EQ(domain->index_of(TextView{"1970-01-21"}), std::nullopt);
  EXPECT_EQ(compiled("business_day()").domain(), nullptr) << "now is not known before";
}

TEST(TimesOfDay, IncludeBothEnds) {
  std::set<std::string> times;
  for (const auto& time : values_of("time_of_day('23:59', '23:59:03')", 200)) {
    times.insert(to_text(time));
  }
  EXPECT_EQ(times, (std::set<std::string>{"23:59:00", "23:59:01", "23:59:02", "23:59:03"}));
  for (const std::string text : {"24:00", "8", "08:60", "08:00:00:00", "-1:00", "ab:cd", ""}) {
    EXPECT_THAT([&] { (void)compiled("time_of_day('" + text + "')"); },
                ThrowsError(ErrorCode::invalid_input,
                            "time_of_day: '" + text + "' is no time of day, such as 08:30"));
  }
  EXPECT_THAT([] { (void)compiled("time_of_day('09:00', '08:00')"); },
              ThrowsError(ErrorCode::invalid_input, "'from' is after 'to'"));
}

TEST(Names, OfDaysAndMonthsFollowTheMoment) {
  EXPECT_EQ(text_of("day_name(2026-01-04, locale='de_DE')"), "Sonntag");
  EXPECT_EQ(text_of("day_name(2026-01-05, locale='pt_BR')"), "segunda-feira");
  EXPECT_EQ(text_of("month_name(2026-12-31, locale='es_ES')"), "diciembre");
  EXPECT_EQ(text_of("month_name('2026-12-31', locale='ja_JP')"), "12月");
}

TEST(Identifiers, HoldTheirMoment) {
  EXPECT_EQ(text_of("uuid_v7('2022-02-22T19:22:22Z')").substr(0, 15), "017f22e2-79b0-7")
      << "the example of RFC 9562";
  EXPECT_EQ(text_of("ulid('2016-07-30T22:36:16.385Z')").substr(0, 10), "01ARYZ6S41");
  EXPECT_EQ(text_of("object_id('2012-10-17T20:46:22Z')").substr(0, 8), "507f191e");
  const std::regex uuid{"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"};
  const std::regex ulid{"[0-9A-HJKMNP-TV-Z]{26}"};
  std::set<std::string> different;
  for (const auto& value : values_of("uuid_v7()", 500)) {
    EXPECT_TRUE(std::regex_match(to_text(value), uuid)) << to_text(value);
    different.insert(to_text(value));
  }
  EXPECT_EQ(different.size(), 500U);
  for (const auto& value : values_of("ulid()", 500)) {
    EXPECT_TRUE(std::regex_match(to_text(value), ulid)) << to_text(value);
  }
  EXPECT_THAT([] { (void)compiled("ulid(1969-12-31)"); },
              ThrowsError(ErrorCode::invalid_input, "ulid: the moment is before 1970"));
  EXPECT_THAT([] { (void)compiled("object_id(2107-01-01)"); },
              ThrowsError(ErrorCode::invalid_input, "too late for this kind of identifier"));
}

}  // namespace
}  // namespace seedbed
