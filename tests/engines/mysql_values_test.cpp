#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "tests/engines/mysql_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using testing::MysqlTest;
using testing::ThrowsError;

class MysqlValues : public MysqlTest {
 protected:
  // The literal, stored in a column of `type` and read as a snapshot does.
  Value stored(const std::string& type, const std::string& literal) {
    execute("DROP TABLE IF EXISTS t");
    execute("CREATE TABLE t (a " + type + ")");
    execute("INSERT INTO t VALUES (" + literal + ")");
    const Schema schema = introspect();
    return value("SELECT " + engine().read_expression(schema.at("t").column("a")) + " FROM t");
  }
};

TEST_F(MysqlValues, KeepsUnsignedIntegersBeyondInt64AsText) {
  EXPECT_EQ(stored("BIGINT UNSIGNED", "18446744073709551615"), Value{"18446744073709551615"});
  EXPECT_EQ(stored("BIGINT UNSIGNED", "9223372036854775807"),
            Value{std::numeric_limits<std::int64_t>::max()});
  EXPECT_EQ(stored("INT UNSIGNED", "4294967295"), Value{4294967295});
  EXPECT_EQ(stored("TINYINT", "-128"), Value{-128});
  EXPECT_EQ(stored("MEDIUMINT", "-8388608"), Value{-8388608});
  EXPECT_EQ(stored("TINYINT(1)", "2"), Value{2});
  EXPECT_EQ(stored("INT(5) ZEROFILL", "7"), Value{7});
}

TEST_F(MysqlValues, KeepsEveryBitOfFloats) {
  const float third = 0.333333343F;

  EXPECT_EQ(stored("FLOAT", "0.333333343"), Value{static_cast<double>(third)});
  EXPECT_EQ(stored("FLOAT", "16777215"), Value{16777215.0});
  EXPECT_EQ(stored("DOUBLE", "0.12345678901234"), Value{0.12345678901234});
  EXPECT_EQ(stored("DOUBLE", "1e-9"), Value{1e-9});
}

TEST_F(MysqlValues, KeepsDecimalsAsTheyAre) {
  EXPECT_EQ(stored("DECIMAL(38,10)", "-1234567890123456789012345678.0000000010"),
            Value{"-1234567890123456789012345678.0000000010"});
  EXPECT_EQ(stored("DECIMAL(10,2)", "1.5"), Value{"1.50"});
}

TEST_F(MysqlValues, KeepsDatesAndTimesToTheMicrosecond) {
  EXPECT_EQ(stored("DATE", "'2024-02-29'"), Value{"2024-02-29"});
  EXPECT_EQ(stored("DATETIME(6)", "'2024-02-29 23:59:59.000001'"),
            Value{"2024-02-29 23:59:59.000001"});
  EXPECT_EQ(stored("DATETIME(3)", "'2024-02-29 00:00:00'"), Value{"2024-02-29 00:00:00.000"});
  EXPECT_EQ(stored("DATETIME", "'9999-12-31 23:59:59'"), Value{"9999-12-31 23:59:59"});
  EXPECT_EQ(stored("TIMESTAMP(6)", "'2038-01-19 03:14:07.999999'"),
            Value{"2038-01-19 03:14:07.999999"});
  EXPECT_EQ(stored("TIME(6)", "'-838:59:59.000001'"), Value{"-838:59:59.000001"});
  EXPECT_EQ(stored("TIME", "'838:59:59'"), Value{"838:59:59"});
  EXPECT_EQ(stored("TIME", "'-00:00:01'"), Value{"-00:00:01"});
  EXPECT_EQ(stored("TIME(2)", "'26:00:00.5'"), Value{"26:00:00.50"});
}

TEST_F(MysqlValues, KeepsZeroAndPartialDates) {
  EXPECT_EQ(stored("DATE", "'0000-00-00'"), Value{"0000-00-00"});
  EXPECT_EQ(stored("DATE", "'2024-00-10'"), Value{"2024-00-10"});
  EXPECT_EQ(stored("DATETIME(2)", "'0000-00-00 00:00:00'"), Value{"0000-00-00 00:00:00.00"});
  EXPECT_EQ(stored("TIMESTAMP", "'0000-00-00 00:00:00'"), Value{"0000-00-00 00:00:00"});
  EXPECT_EQ(stored("YEAR", "0"), Value{"0000"});
  EXPECT_EQ(stored("YEAR", "2155"), Value{"2155"});
}

TEST_F(MysqlValues, ReadsTimestampsInUtc) {
  execute("CREATE TABLE t (a TIMESTAMP)");
  execute("SET time_zone = '+05:45'");
  execute("INSERT INTO t VALUES ('2024-01-01 05:45:00')");

  EXPECT_EQ(connect()->query_value("SELECT a FROM t"), Value{"2024-01-01 00:00:00"});
}

TEST_F(MysqlValues, ReadsBitsAsZerosAndOnes) {
  EXPECT_EQ(stored("BIT(5)", "b'101'"), Value{"00101"});
  EXPECT_EQ(stored("BIT(1)", "1"), Value{"1"});
  EXPECT_EQ(stored("BIT(64)", "18446744073709551615"), Value{std::string(64, '1')});
  EXPECT_EQ(stored("BIT(9)", "b'100000000'"), Value{"100000000"});
}

TEST_F(MysqlValues, TellsTextFromBytes) {
  EXPECT_EQ(stored("VARCHAR(9) CHARACTER SET latin1", "'naïve'"), Value{"naïve"});
  EXPECT_EQ(stored("VARBINARY(9)", "x'00ff'"), Value{Bytes{std::string("\0\xff", 2)}});
  EXPECT_EQ(stored("BINARY(3)", "'a'"), Value{Bytes{std::string("a\0\0", 3)}});
  EXPECT_EQ(stored("ENUM('a','b''c')", "'b''c'"), Value{"b'c"});
  EXPECT_EQ(stored("SET('a','b','c')", "'c,a'"), Value{"a,c"});
  EXPECT_EQ(stored("JSON", "'{\"n\": 12345678901234567890.50}'"),
            Value{"{\"n\": 12345678901234567890.50}"});
  EXPECT_EQ(stored("UUID", "'123e4567-e89b-12d3-a456-426655440000'"),
            Value{"123e4567-e89b-12d3-a456-426655440000"});
}

TEST_F(MysqlValues, ReadsGeometryAsHexadecimalText) {
  EXPECT_EQ(stored("POINT", "ST_GeomFromText('POINT(1 2)', 4326)"),
            Value{"E61000000101000000000000000000F03F0000000000000040"});
}

TEST_F(MysqlValues, ReadsCellsOfAnySize) {
  const std::string large(3'000'000, 'x');
  execute("CREATE TABLE t (n INT, a LONGTEXT)");
  connection().execute("INSERT INTO t VALUES (1, ?), (2, 'small'), (3, ''), (4, NULL)",
                       std::vector<Value>{large});

  const auto rows = connection().query("SELECT a FROM t ORDER BY n").rows;

  EXPECT_THAT(rows, ElementsAre(Row{large}, Row{"small"}, Row{""}, Row{Null{}}));
}

TEST_F(MysqlValues, RefusesNotANumber) {
  execute("CREATE TABLE t (a DOUBLE)");
  const std::vector<Value> nan{std::numeric_limits<double>::quiet_NaN()};

  EXPECT_THAT([&] { connection().execute("INSERT INTO t VALUES (?)", nan); },
              ThrowsError(ErrorCode::invalid_input, "NaN"));
}

TEST_F(MysqlValues, WritesLiteralsThatReadBackTheSame) {
  const std::vector<Value> values{Null{},
                                  7,
                                  -0.0,
                                  1e300,
                                  "O'Brien \\ \"x\" `y` \n\t 😀",
                                  std::string("a\0b", 3),
                                  Bytes{std::string("\0\xff'", 3)},
                                  Bytes{},
                                  ""};

  for (const auto& each : values) {
    EXPECT_EQ(value("SELECT " + engine().literal(each)), each) << engine().literal(each);
  }
}

TEST_F(MysqlValues, WritesCellsAsTheyAreRead) {
  execute("CREATE TABLE t (n INT, b BIT(9), g POINT, ts TIMESTAMP(6) NULL, bin VARBINARY(4))");
  const Schema schema = introspect();
  const Table& table = schema.at("t");
  std::string values = "?";
  std::string reads = "n";
  for (const auto* name : {"b", "g", "ts", "bin"}) {
    values += ", " + engine().write_expression(table.column(name), "?");
    reads += ", " + engine().read_expression(table.column(name));
  }
  const Row given{1, "000000101", "E61000000101000000000000000000F03F0000000000000040",
                  "2024-02-29 23:59:59.123456", Bytes{std::string("\0\xff", 2)}};
  Row zoned = given;
  zoned[3] = "2024-02-29 23:59:59.123456+00:00";

  for (const auto& row : {given, zoned, Row{2, Null{}, Null{}, Null{}, Null{}}}) {
    connection().execute("INSERT INTO t VALUES (" + values + ")", row);
  }

  EXPECT_THAT(connection().query("SELECT " + reads + " FROM t ORDER BY n").rows,
              ElementsAre(given, given, Row{2, Null{}, Null{}, Null{}, Null{}}));
}

TEST_F(MysqlValues, StreamsMoreThanOneBatch) {
  const auto rows = connection().stream("SELECT seq FROM seq_1_to_10000");
  ColumnBatch batch;
  std::int64_t sum = 0;
  std::size_t batches = 0;
  while (rows->next(batch)) {
    ++batches;
    for (std::size_t i = 0; i < batch.row_count(); ++i) sum += batch.column(0).integer(i);
  }

  EXPECT_EQ(sum, 50'005'000);
  EXPECT_EQ(batches, 3U);
  EXPECT_FALSE(rows->next(batch));
}

TEST_F(MysqlValues, StaysUsableWhenAStreamIsAbandoned) {
  {
    const auto rows = connection().stream("SELECT seq FROM seq_1_to_100000");
    ColumnBatch batch;
    ASSERT_TRUE(rows->next(batch));
  }

  EXPECT_EQ(value("SELECT 1"), Value{1});
}

TEST_F(MysqlValues, FindsAnErrorInTheMiddleOfAStream) {
  execute("CREATE TABLE one (a INT)");
  execute("INSERT INTO one VALUES (1), (1)");
  const std::string sql = "SELECT seq, IF(seq > 9000, (SELECT a FROM one), 0) FROM seq_1_to_10000";

  EXPECT_THAT([&] { static_cast<void>(connection().query(sql)); },
              ThrowsError(ErrorCode::invalid_input, "more than 1 row"));
  EXPECT_EQ(value("SELECT 1"), Value{1});
}

TEST_F(MysqlValues, ReadsAwayAllResultsOfAProcedure) {
  execute("CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; SELECT 3; END");

  connection().execute("CALL p()");
  EXPECT_EQ(connection().query("CALL p()").rows.size(), 1U);

  EXPECT_EQ(value("SELECT 4"), Value{4});
}

TEST_F(MysqlValues, ReadsStatementsThatCannotBePrepared) {
  execute("CREATE TABLE t (a INT UNSIGNED, b DOUBLE, c VARBINARY(4), d BIT(3), e YEAR)");
  execute("INSERT INTO t VALUES (4294967295, 0.5, x'00', b'011', 1999)");
  execute("HANDLER t OPEN");

  const auto rows = connection().query("HANDLER t READ FIRST").rows;

  EXPECT_THAT(rows, ElementsAre(Row{4294967295, 0.5, Bytes{std::string(1, '\0')}, "011", "1999"}));
  EXPECT_EQ(value("SELECT 1"), Value{1});
}

}  // namespace

}  // namespace seedbed
