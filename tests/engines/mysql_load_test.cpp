#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/mysql_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::HasSubstr;
using testing::MysqlTest;
using ::testing::Not;
using testing::source_of;
using testing::ThrowsError;

// Every test runs once over LOAD DATA LOCAL and once over INSERT.
class MysqlLoad : public MysqlTest, public ::testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    MysqlTest::SetUp();
    if (!IsSkipped()) loader_ = GetParam() ? connect() : connect_without_local_files();
  }

  [[nodiscard]] Connection& loader() { return *loader_; }

  std::uint64_t load(const std::string& table, std::vector<Row> rows) {
    const Schema schema = introspect();
    const Table& target = schema.at(table);
    return loader_->bulk_load({target, target.stored_columns()}, source_of(std::move(rows)));
  }

  [[nodiscard]] std::int64_t count(const std::string& table) {
    return value("SELECT COUNT(*) FROM " + table).as<std::int64_t>();
  }

 private:
  std::unique_ptr<Connection> loader_;
};
INSTANTIATE_TEST_SUITE_P(, MysqlLoad, ::testing::Values(true, false), [](const auto& instance) {
  return std::string{instance.param ? "LoadData" : "Insert"};
});

TEST_P(MysqlLoad, CopiesEveryTypeUnchanged) {
  const std::string columns =
      "(id INT PRIMARY KEY AUTO_INCREMENT, big BIGINT UNSIGNED, tiny TINYINT(1), f FLOAT, d DOUBLE,"
      " n DECIMAL(38,10), t VARCHAR(40), latin VARCHAR(9) CHARACTER SET latin1, bin VARBINARY(256),"
      " b1 BIT(1), b64 BIT(64), day DATE, dt DATETIME(6), ts TIMESTAMP(6) NULL, tm TIME(6), y YEAR,"
      " e ENUM('a','b''c'), s SET('p','q'), j JSON, u UUID, g GEOMETRY,"
      " v INT AS (tiny + 1) VIRTUAL, w INT AS (tiny + 2) STORED)";
  execute("CREATE TABLE a " + columns);
  execute("CREATE TABLE b " + columns);
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const std::string insert =
      "INSERT INTO a (id, big, tiny, f, d, n, t, latin, bin, b1, b64, day, dt, ts, tm, y, e, s, j, "
      "u,"
      " g) VALUES ";
  execute(insert +
          "(0, 18446744073709551615, 5, 0.333333343, 0.1, '-0.0000000001', "
          "'tab\\tnl\\ncr\\r\\\\N\\0 😀', 'naïve', x'" +
          to_hex(bytes) +
          "', b'1', b'1000000000000000000000000000000000000000000000000000000000000001', "
          "'0000-00-00', '2024-02-29 23:59:59.000001', '2038-01-19 03:14:07.999999', "
          "'-838:59:59.000001', 1999, 'b''c', 'q,p', '{\"a\": 1e400}', UUID(), "
          "ST_GeomFromText('POINT(1 2)', 4326))");
  execute(insert +
          "(7, 0, NULL, NULL, 5e-324, NULL, '', '', x'', b'0', b'0', NULL, NULL, NULL, NULL,"
          " 0, NULL, '', NULL, NULL, NULL)");
  const Schema schema = introspect();
  std::vector<std::string> read;
  for (const auto& name : schema.at("a").stored_columns()) {
    read.push_back(engine().read_expression(schema.at("a").column(name)));
  }
  const std::string sql = "SELECT " + join(read, ", ") + " FROM ";

  const auto rows = connection().query(sql + "a ORDER BY id").rows;
  EXPECT_EQ(load("b", rows), 2U);

  EXPECT_EQ(connection().query(sql + "b ORDER BY id").rows, rows);
  EXPECT_EQ(value("SELECT COUNT(*) FROM a JOIN b ON a.id = b.id AND a.w <=> b.w AND a.g <=> b.g "
                  "AND a.f <=> b.f AND a.bin = b.bin AND a.b64 = b.b64"),
            Value{2});
}

TEST_P(MysqlLoad, ReadsInstantsWithTheirZone) {
  execute("CREATE TABLE t (ts TIMESTAMP(6) NULL)");

  EXPECT_EQ(load("t", {{"2024-02-29 12:00:00.000001+00:00"}, {Null{}}}), 2U);

  EXPECT_EQ(value("SELECT MAX(ts) FROM t"), Value{"2024-02-29 12:00:00.000001"});
}

TEST_P(MysqlLoad, LoadsManyBatches) {
  execute("CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(20))");
  const Schema schema = introspect();
  std::int64_t next = 0;

  const auto rows = loader().bulk_load({schema.at("t"), {"a", "b"}}, [&](ColumnBatch& batch) {
    for (int i = 0; i < 1500 && next < 10'000; ++i) batch.append({++next, "row"});
    return batch.row_count() > 0;
  });

  EXPECT_EQ(rows, 10'000U);
  EXPECT_EQ(count("t"), 10'000);
  EXPECT_EQ(value("SELECT SUM(a) FROM t"), Value{"50005000"});
}

TEST_P(MysqlLoad, TellsEmptyTextFromNullInASingleColumn) {
  execute("CREATE TABLE t (a VARCHAR(5))");

  EXPECT_EQ(load("t", {{""}, {Null{}}, {""}}), 3U);

  EXPECT_EQ(value("SELECT COUNT(*) FROM t WHERE a = ''"), Value{2});
  EXPECT_EQ(value("SELECT COUNT(*) FROM t WHERE a IS NULL"), Value{1});
}

TEST_P(MysqlLoad, DoesNothingForNoRows) {
  execute("CREATE TABLE t (a INT)");

  EXPECT_EQ(load("t", {}), 0U);
  EXPECT_FALSE(loader().in_transaction());
}

TEST_P(MysqlLoad, RefusesWhatTheServerWouldBendOrLeaveOut) {
  execute("CREATE TABLE p (id INT PRIMARY KEY)");
  execute(
      "CREATE TABLE t (id INT PRIMARY KEY, txt VARCHAR(3) NOT NULL DEFAULT '', tiny TINYINT,"
      " n DECIMAL(4,2), e ENUM('a'), day DATE, p_id INT REFERENCES p (id), CHECK (tiny <> 7))");
  const Row good{1, "abc", 1, "1.50", "a", "2024-01-01", Null{}};
  const auto bad = [&](std::size_t column, const Value& cell) {
    Row row = good;
    row[0] = 2;
    row[column] = cell;
    return std::vector<Row>{good, row};
  };
  const std::vector<std::vector<Row>> loads{bad(0, 1),       bad(1, "four"),      bad(1, Null{}),
                                            bad(2, 300),     bad(2, "x"),         bad(3, "1.234"),
                                            bad(3, "123.4"), bad(4, "zzz"),       bad(2, 7),
                                            bad(6, 99),      bad(5, "2024-02-31")};

  for (std::size_t i = 0; i < loads.size(); ++i) {
    EXPECT_THAT([&] { load("t", loads[i]); },
                ThrowsError(ErrorCode::constraint_violation, "mysql:"))
        << i;
    EXPECT_EQ(count("t"), 0) << i;
    EXPECT_FALSE(loader().in_transaction());
  }
  EXPECT_EQ(load("t", {good}), 1U);
}

TEST_P(MysqlLoad, RefusesBadDigitsOfBitsAndGeometry) {
  execute("CREATE TABLE t (b BIT(4), g POINT)");

  EXPECT_THAT(
      [&] {
        load("t", {{"0121", Null{}}});
      },
      ThrowsError(ErrorCode::constraint_violation, "`b`"));
  EXPECT_THAT(
      [&] {
        load("t", {{"0101", "not hex"}});
      },
      ThrowsError(ErrorCode::constraint_violation, "`g`"));
  EXPECT_EQ(count("t"), 0);
}

TEST_P(MysqlLoad, NeverRepeatsValuesOfRows) {
  execute("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20), UNIQUE KEY by_name (name))");

  try {
    load("t", {{1, "s3cr3t"}, {2, "s3cr3t"}});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("by_name"));
    EXPECT_THAT(error.what(), Not(HasSubstr("s3cr3t")));
    EXPECT_THAT(error.details().statement, Not(HasSubstr("s3cr3t")));
  }
}

TEST_P(MysqlLoad, KeepsTheRestOfTheTransactionWhenItFails) {
  execute("CREATE TABLE t (id INT PRIMARY KEY)");
  Transaction transaction{loader()};
  loader().execute("INSERT INTO t VALUES (5)");

  EXPECT_THAT(
      [&] {
        load("t", {{6}, {5}});
      },
      ThrowsError(ErrorCode::constraint_violation, "PRIMARY"));
  EXPECT_EQ(load("t", {{7}}), 1U);
  transaction.commit();

  EXPECT_EQ(value("SELECT GROUP_CONCAT(id ORDER BY id) FROM t"), Value{"5,7"});
}

TEST_P(MysqlLoad, LetsTheSourcesErrorThroughAndWritesNothing) {
  execute("CREATE TABLE t (id INT)");
  const Schema schema = introspect();
  int calls = 0;

  const auto failing = [&](ColumnBatch& batch) {
    if (++calls == 3) throw Error{ErrorCode::corrupt, "the source broke"};
    for (int i = 0; i < 1000; ++i) batch.append({i});
    return true;
  };

  EXPECT_THAT(
      [&] {
        loader().bulk_load({schema.at("t"), {"id"}}, failing);
      },
      ThrowsError(ErrorCode::corrupt, "the source broke"));
  EXPECT_EQ(loader().query_value("SELECT COUNT(*) FROM t"), Value{0});
}

TEST_P(MysqlLoad, StopsWhenCancelled) {
  execute("CREATE TABLE t (id INT)");
  const Schema schema = introspect();
  std::thread other;
  std::int64_t calls = 0;

  const auto endless = [&](ColumnBatch& batch) {
    if (++calls == 3) other = std::thread{[&] { loader().cancel(); }};
    for (int i = 0; i < 1000; ++i) batch.append({i});
    return true;
  };

  EXPECT_THAT(
      [&] {
        loader().bulk_load({schema.at("t"), {"id"}}, endless);
      },
      ThrowsError(ErrorCode::unavailable, ""));
  other.join();
  EXPECT_EQ(count("t"), 0);
  EXPECT_EQ(loader().query_value("SELECT 1"), Value{1});
}

TEST_P(MysqlLoad, WritesKeysOfZeroAndBelow) {
  execute("CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT)");

  EXPECT_EQ(load("t", {{0}, {-5}, {3}}), 3U);

  EXPECT_EQ(value("SELECT GROUP_CONCAT(id ORDER BY id) FROM t"), Value{"-5,0,3"});
}

TEST_P(MysqlLoad, ServesOddNames) {
  execute("CREATE TABLE `we\"ird ``na'me` (`sel``ect` INT, `表 \\n` BLOB)");

  EXPECT_EQ(load("we\"ird `na'me", {{1, Bytes{"x"}}}), 1U);

  EXPECT_EQ(value("SELECT `表 \\n` FROM `we\"ird ``na'me`"), Value{Bytes{"x"}});
}

class MysqlLocalFiles : public MysqlTest {};

TEST_F(MysqlLocalFiles, AreNeverSentToTheServer) {
  const auto file = std::filesystem::temp_directory_path() / url().database;
  std::ofstream{file} << "secret\n";
  execute("CREATE TABLE t (a VARCHAR(20))");
  const std::string sql = "LOAD DATA LOCAL INFILE '" + file.string() + "' INTO TABLE t";

  EXPECT_THAT([&] { execute(sql); }, ThrowsError(ErrorCode::unsupported, "file"));
  const Schema schema = introspect();
  connection().bulk_load({schema.at("t"), {"a"}}, source_of({{"mine"}}));
  EXPECT_THAT([&] { execute(sql); }, ThrowsError(ErrorCode::unsupported, "file"));

  EXPECT_EQ(value("SELECT GROUP_CONCAT(a) FROM t"), Value{"mine"});
  std::filesystem::remove(file);
}

}  // namespace

}  // namespace seedbed
