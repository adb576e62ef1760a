#include <stdexcept>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/conformance.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

std::vector<Row> numbered_rows(int first, int last) {
  std::vector<Row> rows;
  for (int i = first; i <= last; ++i) rows.push_back({i, fmt::format("row {}", i)});
  return rows;
}

class Load : public testing::ConformanceTest {
 protected:
  void SetUp() override {
    ConformanceTest::SetUp();
    if (IsSkipped()) return;
    connection().execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, name VARCHAR(40))");
  }
};
SEEDBED_ON_ALL_ENGINES(Load);

TEST_P(Load, WritesManyBatches) {
  EXPECT_EQ(load("t", {"id", "name"}, numbered_rows(1, 10001), 4096), 10001U);

  EXPECT_EQ(count("t"), 10001);
  EXPECT_EQ(connection().query_value("SELECT sum(id) FROM t").display(), "50015001");
  EXPECT_EQ(connection().query_value("SELECT name FROM t WHERE id = 10001"), Value{"row 10001"});
}

TEST_P(Load, WritesNothingWhenThereIsNothing) {
  EXPECT_EQ(load("t", {"id", "name"}, {}), 0U);
  EXPECT_EQ(count("t"), 0);
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(Load, TakesColumnsInAnyOrderAndLeavesDefaults) {
  connection().execute(
      "CREATE TABLE d (a INT, b VARCHAR(10) DEFAULT 'none', c INT DEFAULT 7, e INT)");

  load("d", {"e", "a"}, {{1, 2}, {Null{}, 3}});

  EXPECT_THAT(connection().query("SELECT a, b, c, e FROM d ORDER BY a").rows,
              ::testing::ElementsAre(Row{2, "none", 7, 1}, Row{3, "none", 7, Null{}}));
}

TEST_P(Load, WritesExplicitKeysIntoIdentityColumns) {
  connection().execute(pick("CREATE TABLE i (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT)",
                            "CREATE TABLE i (id int GENERATED ALWAYS AS IDENTITY, a int)",
                            "CREATE TABLE i (id INT AUTO_INCREMENT PRIMARY KEY, a INT)"));

  load("i", {"id", "a"}, {{50, 1}, {40, 2}});

  EXPECT_THAT(connection().query("SELECT id, a FROM i ORDER BY id").rows,
              ::testing::ElementsAre(Row{40, 2}, Row{50, 1}));
}

TEST_P(Load, LeavesNothingWhenALaterBatchFails) {
  std::vector<Row> rows = numbered_rows(1, 30);
  rows[25][0] = 3;

  EXPECT_THAT(
      [&] {
        load("t", {"id", "name"}, rows, 10);
      },
      ThrowsError(ErrorCode::constraint_violation, ""));

  EXPECT_EQ(count("t"), 0);
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(Load, IsCancelledWhenItsSourceThrows) {
  const Schema schema = engine().introspect(connection());
  int calls = 0;
  const auto source = [&](ColumnBatch& batch) {
    if (++calls == 3) throw std::runtime_error{"no more"};
    for (const auto& row : numbered_rows(calls * 100, calls * 100 + 50)) batch.append(row);
    return true;
  };

  EXPECT_THROW(connection().bulk_load({schema.at("t"), {"id", "name"}}, source),
               std::runtime_error);

  EXPECT_FALSE(connection().in_transaction());
  EXPECT_EQ(count("t"), 0);
}

TEST_P(Load, HandsItsSourceAnEmptyBatchOfAllColumns) {
  const Schema schema = engine().introspect(connection());
  int calls = 0;

  connection().bulk_load({schema.at("t"), {"id", "name"}}, [&](ColumnBatch& batch) {
    EXPECT_EQ(batch.row_count(), 0U);
    EXPECT_EQ(batch.column_count(), 2U);
    batch.append({++calls, "x"});
    if (calls < 4) return true;
    batch.clear();
    return false;
  });

  EXPECT_EQ(count("t"), 3);
}

TEST_P(Load, RollsBackWithItsTransaction) {
  {
    const Transaction transaction{connection()};
    load("t", {"id", "name"}, numbered_rows(1, 10));
    EXPECT_TRUE(connection().in_transaction());
    EXPECT_EQ(count("t"), 10);
  }

  EXPECT_EQ(count("t"), 0);
}

TEST_P(Load, LeavesTheTransactionUsableWhenItFails) {
  Transaction transaction{connection()};
  load("t", {"id", "name"}, numbered_rows(1, 10));
  {
    const Transaction inner{connection()};
    EXPECT_THAT(
        [&] {
          load("t", {"id", "name"}, numbered_rows(10, 20));
        },
        ThrowsError(ErrorCode::constraint_violation, ""));
  }
  load("t", {"id", "name"}, numbered_rows(21, 22));
  transaction.commit();

  EXPECT_EQ(count("t"), 12);
}

TEST_P(Load, WritesTablesAndColumnsOfOddNames) {
  const std::string name = "we\"ird `sel'ect` naïve 表; --";
  const std::vector<std::string> columns{"select", "a \"b\" `c` 'd'", "表"};
  connection().execute(fmt::format("CREATE TABLE {} ({} INT, {} INT, {} INT)", engine().quote(name),
                                   engine().quote(columns[0]), engine().quote(columns[1]),
                                   engine().quote(columns[2])));
  const Schema schema = engine().introspect(connection());
  const Table& table = schema.at(TableName{"", name});

  EXPECT_EQ(table.column_names(), columns);
  EXPECT_EQ(load(name, columns, {{1, 2, 3}}), 1U);
  EXPECT_THAT(connection().query("SELECT * FROM " + engine().quote(table.name)).rows,
              ::testing::ElementsAre(Row{1, 2, 3}));
}

TEST_P(Load, WritesTablesOfManyColumns) {
  std::vector<std::string> columns;
  std::string ddl;
  Row row;
  for (int i = 0; i < 300; ++i) {
    columns.push_back(fmt::format("c{}", i));
    ddl += fmt::format("{}c{} INT", i == 0 ? "" : ", ", i);
    row.emplace_back(i);
  }
  connection().execute("CREATE TABLE wide (" + ddl + ")");

  load("wide", columns, std::vector<Row>(500, row));

  EXPECT_EQ(connection().query_value("SELECT sum(c299) FROM wide").display(), "149500");
}

TEST_P(Load, RefusesColumnsThatAreNotThere) {
  EXPECT_THAT(
      [&] {
        load("t", {"id", "nmae"}, numbered_rows(1, 1));
      },
      ThrowsError(ErrorCode::not_found, "name"));
}

}  // namespace

}  // namespace seedbed
