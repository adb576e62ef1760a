#include "seedbed/schema/mixed_cell.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

ColumnType plain_type(TypeClass type_class) {
  return {.type_class = type_class};
}

bool fits(const Value& value, const ColumnType& type) {
  BatchColumn cells;
  cells.append(value);
  return fits_type(cells, 0, type);
}

TEST(MixedCells, KeepKindAndValueOfAnything) {
  const std::vector<Value> values{Null{},
                                  0,
                                  std::numeric_limits<std::int64_t>::min(),
                                  -0.0,
                                  0.1,
                                  std::numeric_limits<double>::infinity(),
                                  "",
                                  "i:1",
                                  "\\N",
                                  "a\tb\nc\\",
                                  std::string{"a\0b", 3},
                                  "\xFF\xFE",
                                  Bytes{},
                                  Bytes{std::string{"\0\xFF", 2}}};
  for (const auto& value : values) {
    BatchColumn cells;
    cells.append(value);
    std::string line;
    append_mixed_cell(line, cells, 0);
    BatchColumn back;
    read_mixed_cell(line, back);

    EXPECT_EQ(back.value(0), value) << line;
    EXPECT_EQ(line.find_first_of("\t\n"), std::string::npos);
  }
}

TEST(MixedCells, AreNeededWhenTheStoredCellWouldNotComeBackTheSame) {
  const ColumnType money{.type_class = TypeClass::decimal, .scale = 2};
  EXPECT_TRUE(fits(10, money));
  EXPECT_TRUE(fits(10.5, money));
  EXPECT_TRUE(fits(0.1, money));
  EXPECT_TRUE(fits(Null{}, money));
  EXPECT_FALSE(fits(1.005, money));
  EXPECT_FALSE(fits("10.50", money));
  EXPECT_TRUE(fits(1, plain_type(TypeClass::boolean)));
  EXPECT_FALSE(fits("true", plain_type(TypeClass::boolean)));
  EXPECT_FALSE(fits("abc", plain_type(TypeClass::integer)));
  EXPECT_FALSE(fits(5.0, plain_type(TypeClass::integer)));
  EXPECT_FALSE(fits(5, plain_type(TypeClass::real)));
  EXPECT_FALSE(fits(0.1, {.type_class = TypeClass::real, .length = 4}));
  EXPECT_TRUE(fits("a", plain_type(TypeClass::text)));
  EXPECT_FALSE(fits(Bytes{"a"}, plain_type(TypeClass::text)));
  EXPECT_FALSE(fits("\xFF", plain_type(TypeClass::text)));
  EXPECT_FALSE(fits("a ", {.type_class = TypeClass::text, .fixed = true}));
  EXPECT_FALSE(fits("a", plain_type(TypeClass::bytes)));
  EXPECT_TRUE(fits("2026-01-02 03:04:05", plain_type(TypeClass::timestamp)));
  EXPECT_FALSE(fits("2026-01-02T03:04:05Z", plain_type(TypeClass::timestamp)));
  EXPECT_FALSE(fits(1767322800, plain_type(TypeClass::timestamp)));
}

TEST(MixedCells, HaveTheNeutralFormOfTheirType) {
  const auto logical = [](std::string_view escaped, const ColumnType& type) {
    std::string line;
    EXPECT_TRUE(append_logical_mixed_cell(line, escaped, type));
    return line;
  };
  const ColumnType money{.type_class = TypeClass::decimal, .scale = 2};
  EXPECT_EQ(logical("i:5", money), "5");
  EXPECT_EQ(logical("t:5.10", money), "5.1");
  EXPECT_EQ(logical("t:2026-01-02T03:04:05Z", plain_type(TypeClass::timestamptz)),
            "2026-01-02 03:04:05");
  EXPECT_EQ(logical("t:abc", plain_type(TypeClass::integer)), "t:abc");
  std::string line;
  EXPECT_FALSE(append_logical_mixed_cell(line, "i:5", plain_type(TypeClass::other)));
}

TEST(MixedCells, CallsBrokenStoredCellsCorrupt) {
  for (const char* const text : {"", "i", "i:", "i:1x", "r:abc", "b:1", "q:1", "5", "x:zz"}) {
    BatchColumn cells;
    EXPECT_THAT([&] { read_mixed_cell(text, cells); }, ThrowsError(ErrorCode::corrupt, "mixed"))
        << text;
  }
}

}  // namespace
}  // namespace seedbed
