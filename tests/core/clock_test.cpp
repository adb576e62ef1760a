#include "seedbed/core/clock.hpp"

#include <gmock/gmock.h>

namespace seedbed {

namespace {

TEST(CivilDate, IsConvertedToDaysAndBack) {
  EXPECT_EQ(days_from_civil({1970, 1, 1}), 0);
  EXPECT_EQ(days_from_civil({2000, 3, 1}), 11017);
  EXPECT_EQ(days_from_civil({1969, 12, 31}), -1);
  for (std::int64_t days = -800'000; days < 800'000; days += 97) {
    ASSERT_EQ(days_from_civil(civil_from_days(days)), days);
  }
}

TEST(CivilDate, FollowsDayByDay) {
  CivilDate last = civil_from_days(-1);
  for (std::int64_t days = 0; days < 150'000; ++days) {
    const CivilDate date = civil_from_days(days);
    const bool same_month = date.year == last.year && date.month == last.month;
    ASSERT_TRUE(same_month ? date.day == last.day + 1 : date.day == 1) << days;
    last = date;
  }
}

TEST(ParseDate, KnowsTheCalendar) {
  EXPECT_EQ(parse_date("1970-01-02"), 1);
  EXPECT_TRUE(parse_date("2024-02-29"));
  EXPECT_TRUE(parse_date("2000-02-29"));
  EXPECT_FALSE(parse_date("1900-02-29"));
  EXPECT_FALSE(parse_date("2023-02-29"));
  EXPECT_FALSE(parse_date("2023-04-31"));
  EXPECT_FALSE(parse_date("2023-13-01"));
  EXPECT_FALSE(parse_date("2023-00-01"));
  EXPECT_FALSE(parse_date("2023-01-00"));
}

TEST(ParseDate, RefusesOtherSpellings) {
  for (const auto* text : {"", "2023-1-1", "2023/01/01", "2023-01-01 ", " 2023-01-01", "20230101",
                           "-023-01-01", "2023-01-01T00:00:00", "2023-01"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(ParseTimestamp, ReadsZonesAndFractions) {
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_timestamp("1970-01-01 00:00:00.000001"), 1);
  EXPECT_EQ(parse_timestamp("1970-01-01 00:00:01.5"), 1'500'000);
  EXPECT_EQ(parse_timestamp("1970-01-01 05:45:00+05:45"), 0);
  EXPECT_EQ(parse_timestamp("1970-01-01 05:45:00+0545"), 0);
  EXPECT_EQ(parse_timestamp("1969-12-31 23:00-01"), 0);
  EXPECT_EQ(parse_timestamp("1969-12-31T23:59:59.999999"), -1);
  EXPECT_EQ(parse_timestamp("1970-01-02 00:00"), kMicrosPerDay);
}

TEST(ParseTimestamp, RefusesWhatIsNoInstant) {
  for (const auto* text :
       {"", "1970-01-01", "1970-01-01 24:00:00", "1970-01-01 00:60:00", "1970-01-01 00:00:60",
        "1970-01-01 00:00:00.", "1970-01-01 00:00:00.1234567", "1970-01-01 00:00:00 UTC",
        "1970-01-01 00:00:00+", "1970-01-01 00:00:00+16", "1970-01-01 00:00:00+01:60",
        "1970-01-01 00:00:00Zx", "1970-01-01X00:00:00", "1970-02-30 00:00:00"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

TEST(FormatTimestamp, ReadsBack) {
  for (const std::int64_t micros :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'709'251'199'123'456},
        std::int64_t{-62'135'596'800'000'000}, std::int64_t{253'402'300'799'999'999}}) {
    EXPECT_EQ(parse_timestamp(format_timestamp(micros)), micros);
    EXPECT_EQ(parse_timestamp(format_timestamp(micros, "+00:00")), micros);
  }
}

TEST(FormatTimestamp, CutsZerosOfTheFraction) {
  EXPECT_EQ(format_timestamp(0), "1970-01-01 00:00:00");
  EXPECT_EQ(format_timestamp(1'500'000, "+00:00"), "1970-01-01 00:00:01.5+00:00");
  EXPECT_EQ(format_timestamp(-1), "1969-12-31 23:59:59.999999");
}

TEST(FormatRfc3339, HasWholeSeconds) {
  EXPECT_EQ(format_rfc3339(1'999'999), "1970-01-01T00:00:01Z");
  EXPECT_EQ(format_rfc3339(-1), "1969-12-31T23:59:59Z");
}

TEST(SystemNow, IsAfterThisWasWritten) {
  EXPECT_GT(system_now_micros(), *parse_timestamp("2024-01-01 00:00"));
}

}  // namespace

}  // namespace seedbed
