#include "seedbed/engines/copy_text.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "seedbed/schema/cell_encoding.hpp"

namespace seedbed::testing {
namespace {

using detail::append_copy_line;
using detail::append_copy_lines;

constexpr auto kAnySize = std::numeric_limits<std::size_t>::max();

std::string line_of(const Row& row) {
  ColumnBatch batch{row.size()};
  batch.append(row);
  std::string line;
  append_copy_line(line, batch, 0);
  return line;
}

TEST(CopyText, SpellsEveryKind) {
  EXPECT_EQ(line_of({Null{}, true, false, -7, 0.5, "x", Bytes{std::string{"\0\xff", 2}}}),
            "\\N\tt\tf\t-7\t0.5\tx\t\\\\x00ff\n");
  EXPECT_EQ(line_of({"", Null{}, ""}), "\t\\N\t\n");
  EXPECT_EQ(line_of({std::numeric_limits<std::int64_t>::min()}), "-9223372036854775808\n");
}

// Wherever what has to be escaped stands, in texts of any length, beside any others.
TEST(CopyText, EscapesAtEveryPlace) {
  for (std::size_t length = 0; length <= 40; ++length) {
    for (std::size_t place = 0; place <= length; ++place) {
      for (const char c : {'\\', '\t', '\n', '\r', '\x01', '\x7f', '\xc3'}) {
        std::string text(length, 'a');
        if (place < length) text[place] = c;
        std::string expected;
        append_escaped(expected, text);

        ColumnBatch batch{1};
        for (const auto& beside : {std::string{"\\"}, text, std::string{"\n"}, text}) {
          batch.append({beside});
        }
        std::string lines;
        EXPECT_EQ(append_copy_lines(lines, batch, 0, kAnySize), 4U);
        EXPECT_EQ(lines, "\\\\\n" + expected + "\n\\n\n" + expected + "\n");
      }
    }
  }
}

TEST(CopyText, MakesRoomForTextsOfAnySize) {
  ColumnBatch batch{2};
  std::string expected;
  for (std::size_t size = 1; size <= 100'000; size *= 7) {
    batch.append({std::string(size, '\\'), std::string(size, 'x')});
    expected += std::string(2 * size, '\\') + '\t' + std::string(size, 'x') + '\n';
  }
  std::string lines;

  EXPECT_EQ(append_copy_lines(lines, batch, 0, kAnySize), batch.row_count());
  EXPECT_EQ(lines, expected);
}

TEST(CopyText, StopsWhenThereIsEnough) {
  ColumnBatch batch{1};
  for (int i = 0; i < 10; ++i) batch.append({i});
  std::string lines = "before\n";

  EXPECT_EQ(append_copy_lines(lines, batch, 2, 10), 4U);
  EXPECT_EQ(lines, "before\n2\n3\n");
  EXPECT_EQ(append_copy_lines(lines, batch, 4, 10), 4U);
  EXPECT_EQ(append_copy_lines(lines, batch, 4, kAnySize), 10U);
  EXPECT_EQ(lines, "before\n2\n3\n4\n5\n6\n7\n8\n9\n");
}

}  // namespace
}  // namespace seedbed::testing
