#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "tests/engines/conformance.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kBigJson = R"({"a": "1", "n": 12345678901234567890.123})";

// Cells go in by a bulk load and come out by a query.
class Values : public testing::ConformanceTest {
 protected:
  // What comes out for what went in, each as `Value::display()`, which tells -0 and NaN apart.
  std::vector<std::string> round_trip(const std::string& type, const std::vector<Value>& values) {
    connection().execute("DROP TABLE IF EXISTS v");
    connection().execute(fmt::format("CREATE TABLE v (k INT NOT NULL PRIMARY KEY, a {})", type));
    std::vector<Row> rows;
    rows.reserve(values.size());
    for (const auto& value : values) rows.push_back({rows.size(), value});
    EXPECT_EQ(load("v", {"k", "a"}, rows), rows.size());
    const Schema schema = engine().introspect(connection());
    const RowSet found = connection().query(fmt::format(
        "SELECT {} FROM v ORDER BY k", engine().read_expression(schema.at("v").column("a"))));
    std::vector<std::string> texts;
    for (const auto& row : found.rows) {
      const Value& value = row.front();
      texts.push_back(value.is_null() ? "<null>" : value.display());
    }
    return texts;
  }

  void expect_kept(const std::string& type, const std::vector<Value>& values) {
    std::vector<std::string> expected;
    expected.reserve(values.size());
    for (const auto& value : values) {
      expected.push_back(value.is_null() ? "<null>" : value.display());
    }
    EXPECT_EQ(round_trip(type, values), expected) << type;
  }
};
SEEDBED_ON_ALL_ENGINES(Values);

TEST_P(Values, KeepEveryDigitOfDecimals) {
  expect_kept(pick("TEXT", "numeric(38,10)", "DECIMAL(38,10)"),
              {"1234567890123456789012345678.0123456789", "-0.0000000001", "0.0000000000",
               "-9999999999999999999999999999.9999999999", Null{}});
}

TEST_P(Values, KeepDecimalsOfFifteenDigits) {
  EXPECT_EQ(round_trip("DECIMAL(12,2)", {"19.99", "-0.01", "1234567890.12"}),
            (std::vector<std::string>{"19.99", "-0.01", "1234567890.12"}));
}

TEST_P(Values, KeepTheExtremesOfIntegers) {
  expect_kept("BIGINT", {std::numeric_limits<std::int64_t>::min(),
                         std::numeric_limits<std::int64_t>::max(), 0, -1, Null{}});
  expect_kept("SMALLINT", {-32768, 32767});
}

TEST_P(Values, KeepTheExtremesOfUnsignedIntegers) {
  if (!is("mysql")) GTEST_SKIP() << "only MySQL has unsigned integers";

  expect_kept("BIGINT UNSIGNED", {"18446744073709551615", "9223372036854775808", 0});
  expect_kept("INT UNSIGNED", {4294967295, 0});
}

TEST_P(Values, KeepEveryBitOfDoubles) {
  expect_kept(pick("DOUBLE", "double precision", "DOUBLE"),
              {0.1, -0.12345678901234567, 5e-324, 1.7976931348623157e308, 1e-9, 123456789.0});
}

TEST_P(Values, KeepNegativeZero) {
  const std::string type = pick("DOUBLE", "double precision", "DOUBLE");

  // SQLite stores a whole number of a REAL column as an integer, which has no negative zero;
  // MariaDB drops the sign.
  EXPECT_EQ(round_trip(type, {-0.0}), (std::vector<std::string>{pick("0", "-0", "0")}));
}

TEST_P(Values, KeepInfinitiesWhereThereAreAny) {
  const std::string type = pick("DOUBLE", "double precision", "DOUBLE");

  if (is("mysql")) {
    EXPECT_ANY_THROW(round_trip(type, {kInfinity}));
  } else {
    expect_kept(type, {kInfinity, -kInfinity});
  }
}

TEST_P(Values, NeverTurnNanIntoNull) {
  const std::string type = pick("DOUBLE", "double precision", "DOUBLE");

  if (is("postgres")) {
    expect_kept(type, {kNan});
  } else {
    EXPECT_THAT([&] { round_trip(type, {kNan}); }, ThrowsError(ErrorCode::invalid_input, "NaN"));
  }
}

TEST_P(Values, KeepFourByteFloats) {
  const std::string type = pick("REAL", "real", "FLOAT");
  const std::vector<Value> values{0.1F, 16777216.0F, 3.4028235e38F, 1e-20F};

  const auto found = round_trip(type, values);

  ASSERT_EQ(found.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(std::stof(found[i]), static_cast<float>(values[i].real())) << found[i];
  }
}

TEST_P(Values, KeepMicrosecondTimestamps) {
  expect_kept(pick("TIMESTAMP", "timestamp", "DATETIME(6)"),
              {"2024-02-29 23:59:59.123456", "1969-12-31 23:59:59.999999", Null{}});
}

TEST_P(Values, KeepInstantsInUtc) {
  const std::string type = pick("TIMESTAMPTZ", "timestamptz", "TIMESTAMP(6) NULL");

  EXPECT_EQ(
      round_trip(type, {"2024-02-29 23:59:59.123456+00:00", Null{}}),
      (std::vector<std::string>{pick("2024-02-29 23:59:59.123456+00:00",
                                     "2024-02-29 23:59:59.123456+00", "2024-02-29 23:59:59.123456"),
                                "<null>"}));
}

TEST_P(Values, KeepDatesAndTimes) {
  expect_kept("DATE", {"2024-02-29", "1000-01-01", "9999-12-31"});
  expect_kept(pick("TIME", "time", "TIME(6)"), {"23:59:59.123456", "00:00:00.000001"});
}

TEST_P(Values, KeepIntervals) {
  expect_kept(pick("INTERVAL", "interval", "VARCHAR(40)"), {"P1Y2M3DT4H5M6.789S", "PT0S"});
}

TEST_P(Values, KeepBytesWithNul) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);

  expect_kept(pick("BLOB", "bytea", "LONGBLOB"),
              {Bytes{all}, Bytes{}, Null{}, Bytes{std::string(3, '\0')}, Bytes{"\\N"}});
}

TEST_P(Values, KeepUuids) {
  expect_kept(pick("UUID", "uuid", "CHAR(36)"), {"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", Null{}});
}

TEST_P(Values, KeepBigNumbersInJson) {
  expect_kept(pick("JSON", "jsonb", "JSON"), {kBigJson});
}

TEST_P(Values, KeepTheTextOfJson) {
  if (engine().capabilities(connection()).product == "MySQL") {
    GTEST_SKIP() << "MySQL stores JSON in a form of its own";
  }
  expect_kept(pick("JSON", "json", "JSON"), {R"({"b":1,  "a":"\u00e9 \"x\""})", Null{}});
}

TEST_P(Values, KeepTextThatLooksLikeSyntax) {
  expect_kept(pick("TEXT", "text", "TEXT"),
              {"", Null{}, "\\N", "\\.", "NULL", "\\", "a\tb\nc\rd\\te", "O'Brien \"x\" `y`",
               "😀 naïve 表", " blanks ", "\v\f\b\x1a", "%s {} ? $1 :a"});
}

TEST_P(Values, KeepLongText) {
  const std::string long_text(2'000'000, 'x');

  EXPECT_EQ(round_trip(pick("TEXT", "text", "LONGTEXT"), {long_text, "short"}).front(), long_text);
}

TEST_P(Values, KeepBooleans) {
  EXPECT_EQ(round_trip("BOOLEAN", {true, false, Null{}}),
            (std::vector<std::string>{pick("1", "true", "1"), pick("0", "false", "0"), "<null>"}));
}

TEST_P(Values, KeepArraysAndEnumsOfPostgres) {
  if (!is("postgres")) GTEST_SKIP() << "other engines have no such types";
  connection().execute("CREATE TYPE mood AS ENUM ('sad', 'so ''so''', 'happy, very')");

  expect_kept("int[]", {"{1,NULL,3}", "{}", "{{1,2},{3,4}}"});
  expect_kept("text[]", {R"({"a,b","c\"d",NULL,"","NULL","back\\slash"})"});
  expect_kept("mood", {"sad", "so 'so'", "happy, very", Null{}});
  expect_kept("bit(10)", {"1010101010"});
  expect_kept("bit varying(10)", {"101", ""});
  expect_kept("inet", {"192.168.0.0/24"});
  expect_kept("int4range", {"[1,10)", "empty"});
}

TEST_P(Values, KeepEnumSetBitAndYearOfMysql) {
  if (!is("mysql")) GTEST_SKIP() << "other engines have no such types";

  expect_kept("ENUM('sad', 'so ''so''', 'happy, very')", {"sad", "so 'so'", "happy, very", Null{}});
  expect_kept("SET('a', 'b', 'c')", {"a,c", "", Null{}});
  expect_kept("BIT(10)", {"1010101010", "0000000001"});
  expect_kept("BIT(64)", {std::string(64, '1')});
  expect_kept("YEAR", {"1901", "2155"});
  expect_kept("TIME(6)", {"-838:59:59.000000", "838:59:59.000000"});
}

TEST_P(Values, RefuseTextThatIsTooLong) {
  if (is("sqlite")) GTEST_SKIP() << "SQLite does not enforce lengths";
  EXPECT_THAT(
      [&] {
        round_trip("VARCHAR(3)", {"abc", "abcd"});
      },
      ThrowsError(ErrorCode::constraint_violation, ""));
  EXPECT_EQ(count("v"), 0);
  EXPECT_EQ(round_trip("VARCHAR(3)", {"表表表"}), (std::vector<std::string>{"表表表"}));
}

TEST_P(Values, RefuseNumbersThatDoNotFit) {
  if (is("sqlite")) {
    EXPECT_THAT([&] { round_trip("DECIMAL(38,10)", {"12345678901234567890.1234567890"}); },
                ThrowsError(ErrorCode::invalid_input, "DECIMAL(38,10)"));
    EXPECT_THAT([&] { round_trip("BIGINT", {"9223372036854775809"}); },
                ThrowsError(ErrorCode::invalid_input, "BIGINT"));
    EXPECT_THAT([&] { round_trip("DOUBLE", {std::int64_t{9007199254740993}}); },
                ThrowsError(ErrorCode::invalid_input, "DOUBLE"));
    EXPECT_THAT([&] { round_trip("CUSTOM", {"007"}); },
                ThrowsError(ErrorCode::invalid_input, "CUSTOM"));
    return;
  }
  EXPECT_THAT([&] { round_trip("SMALLINT", {70000}); },
              ThrowsError(ErrorCode::constraint_violation, ""));
  EXPECT_THAT([&] { round_trip("DECIMAL(4,2)", {"123.45"}); },
              ThrowsError(ErrorCode::constraint_violation, ""));
  EXPECT_EQ(count("v"), 0);
}

TEST_P(Values, RefuseTextThatIsNoNumberOrDate) {
  if (is("sqlite")) GTEST_SKIP() << "SQLite keeps any text in any column";
  EXPECT_ANY_THROW(round_trip("INT", {"abc"}));
  EXPECT_ANY_THROW(round_trip("DATE", {"2023-02-29"}));
  EXPECT_EQ(count("v"), 0);
}

}  // namespace

}  // namespace seedbed
