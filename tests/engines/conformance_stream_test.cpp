#include <atomic>
#include <thread>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/conformance.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using testing::ThrowsError;

class Stream : public testing::ConformanceTest {};
SEEDBED_ON_ALL_ENGINES(Stream);

TEST_P(Stream, DeliversManyBatchesInOrder) {
  const int rows = static_cast<int>(kBatchRows) * 3 + 1;

  const auto stream = connection().stream(numbers(rows));

  EXPECT_THAT(stream->columns(), ElementsAre("n"));
  ColumnBatch batch;
  std::int64_t expected = 0;
  int batches = 0;
  while (stream->next(batch)) {
    ++batches;
    ASSERT_LE(batch.row_count(), kBatchRows);
    ASSERT_EQ(batch.column_count(), 1U);
    for (std::size_t i = 0; i < batch.row_count(); ++i) {
      ASSERT_EQ(batch.column(0).integer(i), ++expected);
    }
  }
  EXPECT_EQ(expected, rows);
  EXPECT_GE(batches, 4);
  EXPECT_EQ(batch.row_count(), 0U);
  EXPECT_FALSE(stream->next(batch));
}

TEST_P(Stream, LeavesTheConnectionUsableWhenAbandoned) {
  {
    const auto stream = connection().stream(numbers(50000));
    ColumnBatch batch;
    ASSERT_TRUE(stream->next(batch));
  }
  EXPECT_EQ(connection().query_value("SELECT 7"), Value{7});
  { const auto untouched = connection().stream(numbers(50000)); }
  EXPECT_EQ(connection().query_value("SELECT 8"), Value{8});
}

TEST_P(Stream, LeavesTheTransactionOpenWhenAbandoned) {
  connection().execute("CREATE TABLE t (a INT)");
  Transaction transaction{connection()};
  connection().execute("INSERT INTO t VALUES (1)");
  {
    const auto stream = connection().stream(numbers(50000));
    ColumnBatch batch;
    ASSERT_TRUE(stream->next(batch));
  }

  EXPECT_TRUE(connection().in_transaction());
  transaction.commit();

  EXPECT_EQ(count("t"), 1);
}

TEST_P(Stream, RefusesABadStatementAtOnce) {
  EXPECT_THAT([&] { static_cast<void>(connection().stream("SELECT * FROM missing_table")); },
              ThrowsError(ErrorCode::invalid_input, "missing_table"));
  EXPECT_EQ(connection().query_value("SELECT 1"), Value{1});
}

TEST_P(Stream, BindsArguments) {
  const auto stream = connection().stream(
      with_placeholders("SELECT n FROM (" + numbers(10) + ") x WHERE n > ? AND n < ? ORDER BY n"),
      std::vector<Value>{3, 6});

  ColumnBatch batch;
  ASSERT_TRUE(stream->next(batch));
  EXPECT_EQ(batch.row_count(), 2U);
  EXPECT_EQ(batch.column(0).value(1), Value{5});
}

TEST_P(Stream, KeepsLongCells) {
  const std::string sql = pick("SELECT printf('%.*c', 3000000, 'x')", "SELECT repeat('x', 3000000)",
                               "SELECT repeat('x', 3000000)");

  EXPECT_EQ(connection().query_value(sql).text(), std::string(3000000, 'x'));
}

TEST_P(Stream, IsCancelledFromAnotherThread) {
  std::atomic<bool> ended{false};
  // Cancelling before the statement has begun is harmless, so it is done until it takes effect.
  std::thread canceller{[&] {
    while (!ended) {
      connection().cancel();
      std::this_thread::yield();
    }
  }};

  EXPECT_THAT([&] { static_cast<void>(connection().query(endless_sql())); },
              ThrowsError(ErrorCode::unavailable, ""));

  ended = true;
  canceller.join();
}

TEST_P(Stream, WorksOnAfterACancel) {
  connection().cancel();

  EXPECT_EQ(connection().query_value("SELECT 1"), Value{1});
}

}  // namespace

}  // namespace seedbed
