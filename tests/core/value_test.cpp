#include "seedbed/core/value.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

TEST(Value, IsNullAtFirst) {
  EXPECT_TRUE(Value{}.is_null());
  EXPECT_EQ(Value{}, Value{Null{}});
  EXPECT_FALSE(Value{""}.is_null());
  EXPECT_FALSE(Value{0}.is_null());
}

TEST(Value, TakesTheKindOfWhatItIsMadeFrom) {
  EXPECT_EQ(Value{true}.kind(), ValueKind::boolean);
  EXPECT_EQ(Value{1}.kind(), ValueKind::integer);
  EXPECT_EQ(Value{1U}.kind(), ValueKind::integer);
  EXPECT_EQ(Value{std::int8_t{1}}.kind(), ValueKind::integer);
  EXPECT_EQ(Value{1.0}.kind(), ValueKind::real);
  EXPECT_EQ(Value{"x"}.kind(), ValueKind::text);
  EXPECT_EQ(Value{std::string_view{"x"}}.kind(), ValueKind::text);
  EXPECT_EQ(Value{Bytes{"x"}}.kind(), ValueKind::bytes);
}

TEST(Value, KeepsUnsignedIntegersBeyondInt64AsText) {
  EXPECT_EQ(Value{std::uint64_t{18446744073709551615U}}, Value{"18446744073709551615"});
  EXPECT_EQ(Value{std::uint64_t{9223372036854775808U}}, Value{"9223372036854775808"});
  EXPECT_EQ(Value{std::uint64_t{9223372036854775807U}}, Value{kHighest});
}

TEST(Value, KeepsNulInText) {
  EXPECT_EQ(Value{std::string_view("a\0b", 3)}.text().size(), 3U);
}

TEST(Value, RefusesToBeReadAsAnotherKind) {
  EXPECT_THAT([] { static_cast<void>(Value{"x"}.integer()); },
              ThrowsError(ErrorCode::invalid_input, "value is text, not integer"));
  EXPECT_THAT([] { static_cast<void>(Value{}.text()); },
              ThrowsError(ErrorCode::invalid_input, "value is null, not text"));
  EXPECT_THAT([] { static_cast<void>(Value{1}.real()); },
              ThrowsError(ErrorCode::invalid_input, "not real"));
}

TEST(Value, ConvertsWhereNothingIsLost) {
  EXPECT_EQ(Value{"12"}.as<std::int64_t>(), 12);
  EXPECT_EQ(Value{"-9223372036854775808"}.as<std::int64_t>(), kLowest);
  EXPECT_EQ(Value{true}.as<std::int64_t>(), 1);
  EXPECT_EQ(Value{1}.as<bool>(), true);
  EXPECT_EQ(Value{"0.1"}.as<double>(), 0.1);
  EXPECT_EQ(Value{std::int64_t{1} << 53U}.as<double>(), 9007199254740992.0);
  EXPECT_EQ(Value{kLowest}.as<double>(), -9223372036854775808.0);
  EXPECT_EQ(Value{12}.as<std::string>(), "12");
  EXPECT_EQ(Value{"x"}.as<Bytes>(), Bytes{"x"});
  EXPECT_EQ(Value{"12"}.as<std::optional<int>>(), 12);
  EXPECT_EQ(Value{}.as<std::optional<std::string>>(), std::nullopt);
}

TEST(Value, RefusesConversionsThatLose) {
  EXPECT_THAT([] { static_cast<void>(Value{"12a"}.as<std::int64_t>()); },
              ThrowsError(ErrorCode::invalid_input, "not an integer"));
  EXPECT_THAT([] { static_cast<void>(Value{"9223372036854775808"}.as<std::int64_t>()); },
              ThrowsError(ErrorCode::invalid_input, ""));
  EXPECT_THAT([] { static_cast<void>(Value{kHighest}.as<int>()); },
              ThrowsError(ErrorCode::invalid_input, "does not fit an int"));
  EXPECT_THAT([] { static_cast<void>(Value{kHighest}.as<double>()); },
              ThrowsError(ErrorCode::invalid_input, "no exact double"));
  EXPECT_THAT([] { static_cast<void>(Value{2}.as<bool>()); },
              ThrowsError(ErrorCode::invalid_input, ""));
  EXPECT_THAT([] { static_cast<void>(Value{}.as<std::string>()); },
              ThrowsError(ErrorCode::invalid_input, ""));
}

TEST(Value, NeverRepeatsItselfInAnError) {
  try {
    static_cast<void>(Value{"my secret"}.as<std::int64_t>());
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::Not(::testing::HasSubstr("secret")));
  }
}

TEST(Value, IsShownAsAPersonWouldWriteIt) {
  EXPECT_EQ(Value{}.display(), "NULL");
  EXPECT_EQ(Value{true}.display(), "true");
  EXPECT_EQ(Value{kLowest}.display(), "-9223372036854775808");
  EXPECT_EQ(Value{0.5}.display(), "0.5");
  EXPECT_EQ(Value{"it's"}.display(), "it's");
  EXPECT_EQ((Value{Bytes{std::string{"\0\xff", 2}}}.display()), "\\x00ff");
}

TEST(Shortest, ReadsBackAsTheSameNumber) {
  for (const double value :
       {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, 9007199254740993.0, 1e21}) {
    EXPECT_EQ(Value{shortest(value)}.as<double>(), value);
  }
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(0.1F), "0.1");
  EXPECT_EQ(shortest(1e300), "1e+300");
  EXPECT_EQ(shortest(-0.0), "-0");
  EXPECT_EQ(shortest(std::nan("")), "NaN");
  EXPECT_EQ(shortest(std::numeric_limits<double>::infinity()), "Infinity");
  EXPECT_EQ(shortest(-std::numeric_limits<float>::infinity()), "-Infinity");
}

}  // namespace

}  // namespace seedbed
