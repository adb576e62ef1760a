// A text in the making, with and without memory of its own.
#include "seedbed/factories/expression/cell_text.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace seedbed::detail {
namespace {

TEST(CellText, JoinsTextsCharactersAndIntegers) {
  const std::string text = "a text";
  EXPECT_EQ(joined(text, '-', "b", 7, -7, 0U).view(), "a text-b7-70");
  EXPECT_EQ(joined(std::numeric_limits<std::int64_t>::min()).view(), "-9223372036854775808");
  EXPECT_EQ(joined(std::numeric_limits<std::uint64_t>::max()).view(), "18446744073709551615");
  EXPECT_EQ(joined(CellText{"x"}, CellText{}, padded(7, 3), padded(1234, 3)).view(), "x0071234");
  EXPECT_EQ(joined(hexadecimal(255U, 4), hexadecimal(0, 1)).view(), "00ff0");
}

TEST(CellText, GrowsAndIsMoved) {
  std::string wanted;
  for (const std::size_t size : {10U, 2000U, 2001U, 5000U}) {
    CellText text;
    for (wanted.clear(); wanted.size() < size; wanted += 'x') text += 'x';
    CellText moved{std::move(text)};
    EXPECT_EQ(moved.view(), wanted);
    moved += wanted;
    moved[0] = 'y';
    EXPECT_EQ(moved.view(), "y" + wanted.substr(1) + wanted);
    EXPECT_EQ(moved.back(), 'x');
  }
}

TEST(CellText, FillsInWhatItKnows) {
  EXPECT_EQ(filled_in("{a} und {b}, {a}{c}.", {{"a", "1"}, {"b", "zwei"}}).view(),
            "1 und zwei, 1.");
  EXPECT_EQ(filled_in("", {{"a", "1"}}).view(), "");
}

}  // namespace
}  // namespace seedbed::detail
