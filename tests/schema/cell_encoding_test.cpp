#include "seedbed/schema/cell_encoding.hpp"

#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

std::string encode(const Value& value, const ColumnType& type) {
  BatchColumn cells;
  cells.append(value);
  std::string line;
  append_cell(line, cells, 0, type);
  return line;
}

Value decode(std::string_view escaped, const ColumnType& type) {
  BatchColumn cells;
  read_cell(escaped, type, cells);
  return cells.value(0);
}

ColumnType type_of(TypeClass type_class) {
  return {.type_class = type_class};
}

ColumnType money(int scale) {
  return {.type_class = TypeClass::decimal, .scale = scale};
}

struct Spelling {
  ColumnType type;
  Value value;
  std::string canonical;  // escaped
};

const double kInfinity = std::numeric_limits<double>::infinity();

// What engines give for a cell, and its one canonical spelling.
// NOLINTNEXTLINE(readability-function-size): one table.
const std::vector<Spelling>& spellings() {
  using enum TypeClass;
  static const ColumnType kFloat4{.type_class = real, .length = 4};
  static const ColumnType kPadded{.type_class = text, .length = 5, .fixed = true};
  static const ColumnType kJsonb{.type_class = json, .json_binary = true};
  static const std::vector<Spelling> kSpellings{
      {type_of(boolean), true, "1"},
      {type_of(boolean), 0, "0"},
      {type_of(boolean), "f", "0"},
      {type_of(boolean), 2, "2"},
      {type_of(integer), std::numeric_limits<std::int64_t>::min(), "-9223372036854775808"},
      {type_of(integer), "18446744073709551615", "18446744073709551615"},
      {type_of(integer), "-007", "-7"},
      {type_of(integer), 5.0, "5"},
      {money(2), 10, "10.00"},
      {money(2), 10.5, "10.50"},
      {money(2), "-0.00", "0.00"},
      {money(2), "-.5", "-0.50"},
      {money(0), "7", "7"},
      {money(10), "12345678901234567890123456789.0123456789",
       "12345678901234567890123456789.0123456789"},
      {money(3), "1.5e-2", "0.015"},
      {money(2), 0.30000000000000004, "0.30"},
      {type_of(TypeClass::decimal), "1.50", "1.50"},
      {type_of(TypeClass::decimal), 1e21, "1000000000000000000000"},
      {type_of(TypeClass::decimal), "NaN", "NaN"},
      {type_of(TypeClass::decimal), "-infinity", "-Infinity"},
      {type_of(real), 0.1, "0.1"},
      {type_of(real), -0.0, "-0"},
      {type_of(real), 5, "5"},
      {type_of(real), std::numeric_limits<double>::quiet_NaN(), "NaN"},
      {type_of(real), -kInfinity, "-Infinity"},
      {type_of(real), 5e-324, "5e-324"},
      {kFloat4, static_cast<double>(0.1F), "0.1"},
      {kFloat4, "3.4028235e+38", "3.4028235e+38"},
      {type_of(text), "", ""},
      {type_of(text), Null{}, "\\N"},
      {type_of(text), "\\N", "\\\\N"},
      {type_of(text), "\\.", "\\\\."},
      {type_of(text), "a\tb\nc\rd\\e", R"(a\tb\nc\rd\\e)"},
      {type_of(text), "\f\v\b\x1F\x7F", "\f\v\b\x1F\x7F"},
      {type_of(text), "\xF0\x9F\x8C\xB1", "\xF0\x9F\x8C\xB1"},
      {type_of(text), "trailing  ", "trailing  "},
      {kPadded, "ab   ", "ab"},
      {kPadded, "     ", ""},
      {type_of(bytes), Bytes{std::string{"a\0\xFF", 3}}, R"(\\x6100ff)"},
      {type_of(bytes), Bytes{}, "\\\\x"},
      {type_of(date), "0044-03-15 BC", "0044-03-15 BC"},
      {type_of(date), "0000-00-00", "0000-00-00"},
      {type_of(TypeClass::time), "23:59:59.500000", "23:59:59.5"},
      {type_of(TypeClass::time), "-838:59:59.000000", "-838:59:59"},
      {type_of(TypeClass::time), "10:00:00.120+02", "10:00:00.12+02"},
      {type_of(timestamp), "2026-01-02 03:04:05.000000", "2026-01-02 03:04:05"},
      {type_of(timestamp), "2026-01-02T03:04:05.120Z", "2026-01-02 03:04:05.12"},
      {type_of(timestamp), "infinity", "infinity"},
      {type_of(timestamp), "12026-01-02 03:04:05.50", "12026-01-02 03:04:05.5"},
      {type_of(timestamptz), "2026-01-02 03:04:05.5+00", "2026-01-02 03:04:05.5+00:00"},
      {type_of(timestamptz), "2026-01-02 03:04:05", "2026-01-02 03:04:05+00:00"},
      {type_of(timestamptz), "2026-01-02 05:49:05+05:45", "2026-01-02 00:04:05+00:00"},
      {type_of(timestamptz), "0044-03-15 00:00:00.10+00 BC", "0044-03-15 00:00:00.1+00:00 BC"},
      {type_of(timestamptz), "0000-00-00 00:00:00", "0000-00-00 00:00:00+00:00"},
      {type_of(timestamptz), "-infinity", "-infinity"},
      {type_of(interval), "P1Y2M3DT4H5M6.7S", "P1Y2M3DT4H5M6.7S"},
      {type_of(uuid), "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
       "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
      {type_of(uuid), Bytes{std::string(16, '\x01')}, "01010101-0101-0101-0101-010101010101"},
      {type_of(json), R"({"b": 1,  "a": 2})", R"({"b": 1,  "a": 2})"},
      {kJsonb, R"({"b": 1, "a": 12345678901234567890.10})",
       R"({"a":12345678901234567890.10,"b":1})"},
      {type_of(enumeration), "PG-13", "PG-13"},
      {type_of(set), "a,b", "a,b"},
      {type_of(array), R"({"a\\b",NULL,"x"})", R"({"a\\\\b",NULL,"x"})"},
      {{.type_class = bit, .length = 4}, 5, "0101"},
      {type_of(bit), "0011", "0011"},
      {type_of(year), 2024, "2024"},
      {type_of(year), "0", "0000"},
      {type_of(other), "anything\t", "anything\\t"},
      {type_of(other), Bytes{"\x01"}, "\\\\x01"},
  };
  return kSpellings;
}

TEST(CellEncoding, SpellsEveryCellInOneWay) {
  for (const auto& [type, value, canonical] : spellings()) {
    EXPECT_EQ(encode(value, type), canonical)
        << to_string(type.type_class) << " from " << value.display();
  }
}

TEST(CellEncoding, GivesTheSameTextAgainAfterReading) {
  for (const auto& [type, value, canonical] : spellings()) {
    EXPECT_EQ(encode(decode(canonical, type), type), canonical) << to_string(type.type_class);
  }
}

TEST(CellEncoding, ReadsNumbersAndBytesAsSuchAndEverythingElseAsText) {
  EXPECT_EQ(decode("1", type_of(TypeClass::boolean)), Value{true});
  EXPECT_EQ(decode("-9223372036854775808", type_of(TypeClass::integer)),
            Value{std::numeric_limits<std::int64_t>::min()});
  EXPECT_EQ(decode("18446744073709551615", type_of(TypeClass::integer)),
            Value{"18446744073709551615"});
  EXPECT_EQ(decode("0.1", type_of(TypeClass::real)), Value{0.1});
  EXPECT_EQ(decode("0.1", {.type_class = TypeClass::real, .length = 4}),
            Value{static_cast<double>(0.1F)});
  EXPECT_TRUE(std::signbit(decode("-0", type_of(TypeClass::real)).real()));
  EXPECT_EQ(decode("\\\\x00ff", type_of(TypeClass::bytes)), Value(Bytes{std::string("\0\xFF", 2)}));
  EXPECT_EQ(decode("10.50", money(2)), Value{"10.50"});
  EXPECT_EQ(decode("", type_of(TypeClass::text)), Value{""});
  EXPECT_EQ(decode("\\N", type_of(TypeClass::text)), Value{});
  EXPECT_EQ(decode("\\\\N", type_of(TypeClass::text)), Value{"\\N"});
}

TEST(CellEncoding, KeepsEveryControlCharacterOfAText) {
  std::string every;
  for (char c = 1; c < 127; ++c) every += c;

  const std::string line = encode(every, type_of(TypeClass::text));

  EXPECT_EQ(line.find_first_of("\t\n\r"), std::string::npos);
  EXPECT_EQ(decode(line, type_of(TypeClass::text)), Value{every});
}

TEST(CellEncoding, RefusesCellsThatCannotBeOfTheType) {
  const std::vector<std::tuple<ColumnType, Value, std::string>> wrong{
      {type_of(TypeClass::integer), "abc", "not an integer"},
      {type_of(TypeClass::integer), "", "not an integer"},
      {type_of(TypeClass::integer), 1.5, "integer cannot hold"},
      {type_of(TypeClass::integer), 1e19, "integer cannot hold"},
      {money(2), "1.005", "more than the declared 2 digits"},
      {money(2), "1.2.3", "not a decimal"},
      {money(2), "1e999999999", "not a decimal"},
      {money(2), ".", "not a decimal"},
      {type_of(TypeClass::real), "1.5x", "not a floating-point"},
      {type_of(TypeClass::text), std::string{"a\0b", 3}, "NUL"},
      {type_of(TypeClass::text), "\xC3\x28", "UTF-8"},
      {type_of(TypeClass::text), Bytes{"a"}, "text cannot hold"},
      {type_of(TypeClass::uuid), "a0eebc99", "not a UUID"},
      {type_of(TypeClass::bit), "012", "not a bit string"},
      {{.type_class = TypeClass::json, .json_binary = true}, "{", "not well-formed JSON"},
  };
  for (const auto& [type, value, message] : wrong) {
    EXPECT_THAT(([&, &t = type, &v = value] { encode(v, t); }),
                ThrowsError(ErrorCode::invalid_input, message));
  }
}

TEST(CellEncoding, RefusesNullWhereThereIsNoTextForIt) {
  EXPECT_THAT([] { (void)canonical_text(Null{}, type_of(TypeClass::text)); },
              ThrowsError(ErrorCode::invalid_input, "NULL"));
  EXPECT_EQ(canonical_text("a\tb", type_of(TypeClass::text)), "a\tb");
}

TEST(CellEncoding, CallsBrokenStoredCellsCorrupt) {
  const std::vector<std::pair<ColumnType, std::string>> broken{
      {type_of(TypeClass::text), "a\\"},     {type_of(TypeClass::text), "a\\f"},
      {type_of(TypeClass::text), "a\tb"},    {type_of(TypeClass::text), "a\nb"},
      {type_of(TypeClass::text), "\xFF"},    {type_of(TypeClass::text), std::string{"a\0", 2}},
      {type_of(TypeClass::integer), "1x"},   {type_of(TypeClass::integer), ""},
      {type_of(TypeClass::boolean), "yes"},  {type_of(TypeClass::real), "1,5"},
      {type_of(TypeClass::bytes), "\\\\x1"}, {type_of(TypeClass::bytes), "61"},
  };
  for (const auto& [type, escaped] : broken) {
    EXPECT_THAT(([&, &t = type, &e = escaped] { (void)decode(e, t); }),
                ThrowsError(ErrorCode::corrupt, "stored cell"))
        << to_string(type.type_class);
  }
}

std::string logical(std::string_view escaped, const ColumnType& type) {
  std::string line;
  EXPECT_TRUE(append_logical_cell(line, escaped, type));
  return line;
}

TEST(LogicalCells, AreEqualForEqualContentOfDifferentDeclarations) {
  EXPECT_EQ(logical("10.50", money(2)), logical("10.5", type_of(TypeClass::decimal)));
  EXPECT_EQ(logical("10.00", money(2)), "10");
  EXPECT_EQ(logical("100", money(0)), "100");
  EXPECT_EQ(logical("2026-01-02 03:04:05+00:00", type_of(TypeClass::timestamptz)),
            logical("2026-01-02 03:04:05", type_of(TypeClass::timestamp)));
  EXPECT_EQ(logical(R"({"b": "\\t", "a": 1.0})", type_of(TypeClass::json)),
            R"({"a":1.0,"b":"\\t"})");
  EXPECT_EQ(logical("no json", type_of(TypeClass::json)), "no json");
  EXPECT_EQ(logical("\\N", money(2)), "\\N");
}

TEST(LogicalCells, LeaveOutTypesWithoutANeutralForm) {
  std::string line = "before";

  EXPECT_FALSE(append_logical_cell(line, "'a':1", type_of(TypeClass::other)));

  EXPECT_EQ(line, "before");
}

}  // namespace
}  // namespace seedbed
