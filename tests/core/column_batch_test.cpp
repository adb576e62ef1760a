#include "seedbed/core/column_batch.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>

namespace seedbed {

namespace {

const Row kEveryKind{Null{}, true,  std::numeric_limits<std::int64_t>::min(), -0.5,
                     "",     "表😀", Bytes{std::string{"\0\xff", 2}}};

TEST(BatchColumn, GivesBackEveryKind) {
  BatchColumn column;
  for (const auto& value : kEveryKind) column.append(value);

  ASSERT_EQ(column.size(), kEveryKind.size());
  for (std::size_t i = 0; i < kEveryKind.size(); ++i) {
    EXPECT_EQ(column.value(i), kEveryKind[i]);
    EXPECT_EQ(column.kind(i), kEveryKind[i].kind());
    EXPECT_EQ(column.is_null(i), kEveryKind[i].is_null());
  }
}

TEST(BatchColumn, KeepsTheBitsOfDoubles) {
  BatchColumn column;
  column.append_real(-0.0);
  column.append_real(std::numeric_limits<double>::quiet_NaN());

  EXPECT_TRUE(std::signbit(column.real(0)));
  EXPECT_TRUE(std::isnan(column.real(1)));
}

TEST(BatchColumn, TellsEmptyTextFromNull) {
  BatchColumn column;
  column.append_text("");
  column.append_null();
  column.append_text("after");

  EXPECT_EQ(column.text(0), "");
  EXPECT_FALSE(column.is_null(0));
  EXPECT_TRUE(column.is_null(1));
  EXPECT_EQ(column.text(2), "after");
}

TEST(BatchColumn, IsEmptyAfterClear) {
  BatchColumn column;
  column.append_text("before");
  column.clear();
  column.append_text("after");

  EXPECT_EQ(column.size(), 1U);
  EXPECT_EQ(column.text(0), "after");
}

TEST(ColumnBatch, TakesAndGivesRows) {
  ColumnBatch batch{kEveryKind.size()};
  batch.append(kEveryKind);
  batch.append(Row(kEveryKind.size(), Value{7}));

  EXPECT_EQ(batch.row_count(), 2U);
  EXPECT_EQ(batch.row(0), kEveryKind);
  EXPECT_EQ(batch.column(3).integer(1), 7);
}

TEST(ColumnBatch, ChangesItsWidthWhenReset) {
  ColumnBatch batch{1};
  batch.append({"x"});

  batch.reset(3);

  EXPECT_EQ(batch.column_count(), 3U);
  EXPECT_EQ(batch.row_count(), 0U);
  batch.append({1, 2, 3});
  EXPECT_EQ(batch.row(0), (Row{1, 2, 3}));
}

TEST(ColumnBatch, HasNoRowsWithoutColumns) {
  EXPECT_EQ(ColumnBatch{}.row_count(), 0U);
}

}  // namespace

}  // namespace seedbed
