#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "tests/engines/conformance.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using testing::ThrowsError;

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

class Statement : public testing::ConformanceTest {
 protected:
  // `value` written into and read from a column of type `type`.
  Value through(const std::string& type, const Value& value) {
    connection().execute("DROP TABLE IF EXISTS through_table");
    connection().execute("CREATE TABLE through_table (a " + type + ")");
    connection().execute(with_placeholders("INSERT INTO through_table (a) VALUES (?)"),
                         std::vector<Value>{value});
    return connection().query_value("SELECT a FROM through_table");
  }

  [[nodiscard]] std::string bytes_type() const { return pick("BLOB", "bytea", "LONGBLOB"); }
};
SEEDBED_ON_ALL_ENGINES(Statement);

TEST_P(Statement, CountsChangedRows) {
  EXPECT_EQ(connection().execute("CREATE TABLE t (a INT)"), 0U);
  EXPECT_EQ(connection().execute("INSERT INTO t VALUES (1), (2), (3)"), 3U);
  EXPECT_EQ(connection().execute("UPDATE t SET a = a + 10 WHERE a > 1"), 2U);
  EXPECT_EQ(connection().execute("DELETE FROM t WHERE a = 99"), 0U);
  EXPECT_EQ(connection().execute("CREATE TABLE u (a INT)"), 0U);
  EXPECT_EQ(connection().execute("DELETE FROM t"), 3U);
}

TEST_P(Statement, BindsAndReadsNull) {
  EXPECT_EQ(through("INT", Null{}), Value{Null{}});
  EXPECT_EQ(through("VARCHAR(10)", Null{}), Value{Null{}});
  EXPECT_EQ(through(bytes_type(), Null{}), Value{Null{}});
}

TEST_P(Statement, TellsEmptyTextAndBytesFromNull) {
  EXPECT_EQ(through("VARCHAR(10)", ""), Value{""});
  EXPECT_EQ(through("VARCHAR(10)", std::string_view{}), Value{""});
  EXPECT_EQ(through(bytes_type(), Bytes{}), Value{Bytes{}});
}

TEST_P(Statement, KeepsBooleans) {
  EXPECT_EQ(through("BOOLEAN", true).as<bool>(), true);
  EXPECT_EQ(through("BOOLEAN", false).as<bool>(), false);
  EXPECT_EQ(through("BOOLEAN", true).kind(),
            is("postgres") ? ValueKind::boolean : ValueKind::integer);
}

TEST_P(Statement, KeepsTheExtremesOfIntegers) {
  EXPECT_EQ(through("BIGINT", kLowest), Value{kLowest});
  EXPECT_EQ(through("BIGINT", kHighest), Value{kHighest});
  EXPECT_EQ(through("SMALLINT", -32768), Value{-32768});
}

TEST_P(Statement, KeepsEveryBitOfDoubles) {
  const std::string type = pick("DOUBLE", "double precision", "DOUBLE");

  for (const double value : {0.1, -0.12345678901234567, 1e-300, 1.7976931348623157e308, 5e-324}) {
    EXPECT_EQ(through(type, value), Value{value});
  }
}

TEST_P(Statement, KeepsTextWithQuotesAndUnicode) {
  const std::string text = "O'Brien \"x\" \\ `y` ?1 $1 :a 😀 naïve 表\t\r\n%s";

  EXPECT_EQ(through(pick("TEXT", "text", "TEXT"), text), Value{text});
}

TEST_P(Statement, KeepsBytesWithNul) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);

  EXPECT_EQ(through(bytes_type(), Bytes{bytes}), Value{Bytes{bytes}});
}

TEST_P(Statement, ReadsSeveralRowsAndColumns) {
  connection().execute("CREATE TABLE t (a INT, b VARCHAR(10))");
  connection().execute(with_placeholders("INSERT INTO t (a, b) VALUES (?, ?), (?, ?)"),
                       std::vector<Value>{1, "one", 2, Null{}});

  const RowSet found = connection().query("SELECT b, a FROM t ORDER BY a");

  EXPECT_THAT(found.columns, ElementsAre("b", "a"));
  EXPECT_THAT(found.rows, ElementsAre(Row{"one", 1}, Row{Null{}, 2}));
}

TEST_P(Statement, KnowsTheColumnsOfAnEmptyResult) {
  connection().execute("CREATE TABLE t (a INT, b INT)");

  const RowSet found = connection().query("SELECT a, b AS other FROM t");

  EXPECT_THAT(found.columns, ElementsAre("a", "other"));
  EXPECT_TRUE(found.rows.empty());
}

TEST_P(Statement, RefusesMoreThanOneStatement) {
  connection().execute("CREATE TABLE t (a INT)");

  EXPECT_THAT([&] { connection().execute("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)"); },
              ThrowsError(ErrorCode::invalid_input, ""));
  EXPECT_EQ(connection().query_value("SELECT count(*) FROM t"), Value{0});
}

TEST_P(Statement, AllowsABlankEnd) {
  EXPECT_EQ(connection().query_value("SELECT 1; \n"), Value{1});
}

TEST_P(Statement, RefusesAWrongNumberOfArguments) {
  connection().execute("CREATE TABLE t (a INT, b INT)");
  const std::string sql = with_placeholders("INSERT INTO t VALUES (?, ?)");

  EXPECT_THAT([&] { connection().execute(sql, std::vector<Value>{1}); },
              ThrowsError(ErrorCode::invalid_input, ""));
  EXPECT_THAT(
      [&] {
        connection().execute(sql, std::vector<Value>{1, 2, 3});
      },
      ThrowsError(ErrorCode::invalid_input, ""));
}

TEST_P(Statement, SaysWhichStatementIsBad) {
  try {
    connection().execute("SELEKT 1");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_EQ(error.details().engine, GetParam());
    EXPECT_EQ(error.details().statement, "SELEKT 1");
    EXPECT_EQ(error.details().sqlstate, pick("", "42601", "42000"));
  }
}

TEST_P(Statement, StaysUsableAfterAnError) {
  EXPECT_THAT([&] { connection().execute("SELECT * FROM missing_table"); },
              ThrowsError(ErrorCode::invalid_input, "missing_table"));
  EXPECT_EQ(connection().query_value("SELECT 1"), Value{1});
}

}  // namespace

}  // namespace seedbed
