#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/sqlite_test.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

using SqliteFile = testing::SqliteTest;

TEST_F(SqliteFile, IsNeverCreatedByConnecting) {
  const DatabaseUrl missing = url_in_folder("missing.db");

  EXPECT_THAT([&] { static_cast<void>(engine().connect(missing)); },
              ThrowsError(ErrorCode::not_found, "missing.db"));
  EXPECT_FALSE(std::filesystem::exists(missing.database));
}

TEST_F(SqliteFile, IsCreatedWithItsDirectories) {
  const DatabaseUrl deep = url_in_folder("a/b/c d/deep.db");

  engine().create_database(deep);

  engine().connect(deep)->execute("CREATE TABLE t (a)");
  EXPECT_TRUE(std::filesystem::exists(deep.database));
}

TEST_F(SqliteFile, IsDroppedWithItsJournals) {
  const DatabaseUrl wal = url_in_folder("wal.db");
  engine().create_database(wal);
  const auto open = engine().connect(wal);
  open->execute("PRAGMA journal_mode = WAL");
  open->execute("CREATE TABLE t (a)");
  ASSERT_TRUE(std::filesystem::exists(wal.database + "-wal"));

  engine().drop_database(wal);

  for (const auto* suffix : {"", "-wal", "-shm", "-journal"}) {
    EXPECT_FALSE(std::filesystem::exists(wal.database + suffix)) << suffix;
  }
}

TEST_F(SqliteFile, IsNotDroppedWhenItIsSomethingElse) {
  const DatabaseUrl other = url_in_folder("letter.txt");
  std::ofstream{other.database} << "dear reader, this is no database";

  EXPECT_THAT([&] { engine().drop_database(other); },
              ThrowsError(ErrorCode::corrupt, "letter.txt"));
  EXPECT_TRUE(std::filesystem::exists(other.database));
}

TEST_F(SqliteFile, IsCheckedWhenItIsOpened) {
  const DatabaseUrl other = url_in_folder("letter.txt");
  std::ofstream{other.database} << std::string(2000, 'x');

  EXPECT_THAT([&] { static_cast<void>(engine().connect(other)); },
              ThrowsError(ErrorCode::corrupt, "not a database"));
}

TEST_F(SqliteFile, HasTheColumnsThatOthersGaveIt) {
  const DatabaseUrl file = url_in_folder("shared.db");
  engine().create_database(file);
  const auto reader = engine().connect(file);
  reader->execute("CREATE TABLE t (a)");
  static_cast<void>(reader->query("SELECT * FROM t"));
  engine().connect(file)->execute_script("ALTER TABLE t ADD b; INSERT INTO t VALUES (1, 2)");

  const auto found = reader->query("SELECT * FROM t");

  EXPECT_EQ(found.columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(found.rows, (std::vector<Row>{{1, 2}}));
}

TEST_F(SqliteFile, MayNotBeADirectory) {
  EXPECT_THAT([&] { static_cast<void>(engine().connect(url_in_folder(""))); },
              ThrowsError(ErrorCode::unavailable, ""));
}

TEST_F(SqliteFile, IsOpenedByPathsThatLookLikeOptions) {
  for (const std::string name : {"a=b.db", "x db=other.db", "100%.db", "what?.db", "#1.db",
                                 "file:x.db", "\"quoted\".db", "'quoted'.db"}) {
    const DatabaseUrl odd = url_in_folder(name);
    engine().create_database(odd);

    const auto open = engine().connect(odd);
    open->execute("CREATE TABLE t (a)");

    EXPECT_EQ(open->database_name(), odd.database);
    EXPECT_GT(std::filesystem::file_size(odd.database), 0U) << name;
  }
}

TEST_F(SqliteFile, MayBeInMemory) {
  const DatabaseUrl memory = DatabaseUrl::parse("sqlite::memory:");
  engine().create_database(memory);

  const auto open = engine().connect(memory);
  open->execute("CREATE TABLE t (a)");

  EXPECT_EQ(open->database_name(), ":memory:");
  EXPECT_EQ(engine().connect(memory)->query_value("SELECT count(*) FROM sqlite_schema"), Value{0});
  engine().drop_database(memory);
}

using SqliteSession = testing::SqliteTest;

TEST_F(SqliteSession, EnforcesForeignKeys) {
  EXPECT_EQ(connection().query_value("PRAGMA foreign_keys"), Value{1});
  EXPECT_EQ(connection().query_value("PRAGMA busy_timeout"), Value{5000});
}

TEST_F(SqliteSession, TakesSettingsFromTheUrl) {
  DatabaseUrl set = url();
  set.parameters = {{"busy_timeout", "123"}, {"foreign_keys", "off"}};

  const auto open = engine().connect(set);

  EXPECT_EQ(open->query_value("PRAGMA busy_timeout"), Value{123});
  EXPECT_EQ(open->query_value("PRAGMA foreign_keys"), Value{0});
}

TEST_F(SqliteSession, RefusesBadSettings) {
  DatabaseUrl bad = url();
  bad.parameters = {{"busy_timeout", "soon"}};
  EXPECT_THAT([&] { static_cast<void>(engine().connect(bad)); },
              ThrowsError(ErrorCode::invalid_input, "busy_timeout"));
  bad.parameters = {{"foreign_keys", "maybe"}};
  EXPECT_THAT([&] { static_cast<void>(engine().connect(bad)); },
              ThrowsError(ErrorCode::invalid_input, "foreign_keys"));
}

/// Five transactions that read before they write.
void write_five_rows(Connection& connection) {
  for (int n = 0; n < 5; ++n) {
    Transaction transaction{connection};
    EXPECT_GE(connection.query_value("SELECT count(*) FROM t").integer(), n);
    connection.execute("INSERT INTO t (b) VALUES (1)");
    transaction.commit();
  }
}

TEST_F(SqliteSession, LetsEightWritersTakeTurns) {
  connection().execute("CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b)");
  DatabaseUrl patient = url();
  patient.parameters["busy_timeout"] = "100000";
  std::vector<std::thread> writers;
  writers.reserve(8);
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&] { write_five_rows(*engine().connect(patient)); });
  }
  for (auto& writer : writers) writer.join();

  EXPECT_EQ(connection().query_value("SELECT count(*) FROM t"), Value{40});
}

using SqliteCells = testing::SqliteTest;

TEST_F(SqliteCells, HaveTheKindTheyAreStoredAs) {
  connection().execute("CREATE TABLE t (a)");
  connection().execute("INSERT INTO t VALUES (1), (1.5), ('1'), (X'31'), (NULL)");

  const RowSet found = connection().query("SELECT a FROM t ORDER BY rowid");

  EXPECT_EQ(found.rows, (std::vector<Row>{{1}, {1.5}, {"1"}, {Bytes{"1"}}, {Null{}}}));
}

// SOCI's dynamic rows give -1 for it.
TEST_F(SqliteCells, KeepTheHighestIntegerOfAnIntegerColumn) {
  connection().execute("CREATE TABLE t (a INTEGER)");
  connection().execute("INSERT INTO t VALUES (9223372036854775807)");

  EXPECT_EQ(connection().query_value("SELECT a FROM t"), Value{std::int64_t{9223372036854775807}});
}

TEST_F(SqliteCells, KeepNulInText) {
  const std::string text{"a\0b", 3};
  connection().execute("CREATE TABLE t (a TEXT)");
  connection().execute("INSERT INTO t VALUES (?)", std::vector<Value>{text});

  EXPECT_EQ(connection().query_value("SELECT a FROM t"), Value{text});
  EXPECT_EQ(connection().query_value("SELECT " + engine().literal(text)), Value{text});
}

TEST_F(SqliteCells, AreUtf8InAUtf16Database) {
  connection().execute("PRAGMA encoding = 'UTF-16le'");
  connection().execute("CREATE TABLE t (a TEXT)");
  connection().execute("INSERT INTO t VALUES (?), ('')", std::vector<Value>{"naïve 表😀"});

  EXPECT_EQ(connect()->query("SELECT a FROM t ORDER BY rowid").rows,
            (std::vector<Row>{{"naïve 表😀"}, {""}}));
}

TEST_F(SqliteCells, KeepNegativeZeroWithoutATable) {
  const Value zero = connection().query_value("SELECT " + engine().literal(-0.0));

  EXPECT_TRUE(std::signbit(zero.real()));
}

TEST_F(SqliteCells, RefuseNanAsAnArgument) {
  connection().execute("CREATE TABLE t (a REAL)");

  EXPECT_THAT(
      [&] { connection().execute("INSERT INTO t VALUES (?)", std::vector<Value>{std::nan("")}); },
      ThrowsError(ErrorCode::invalid_input, "NaN"));
}

TEST_F(SqliteCells, RefuseStatementsThatHoldNul) {
  EXPECT_THAT(
      [&] {
        connection().execute(std::string_view{"SELECT 1\0; DROP TABLE t", 22});
      },
      ThrowsError(ErrorCode::invalid_input, "NUL"));
  EXPECT_THAT(
      [&] {
        connection().execute_script(std::string_view{"SELECT 1;\0SELECT 2", 18});
      },
      ThrowsError(ErrorCode::invalid_input, "NUL"));
}

// `soci::session << "a; b"` runs only the first.
TEST_F(SqliteCells, RefuseASecondStatementWhateverItIs) {
  connection().execute("CREATE TABLE t (a)");

  for (const std::string second : {"INSERT INTO t VALUES (2)", "nonsense", "/* x */ SELECT 1"}) {
    EXPECT_THAT([&] { connection().execute("INSERT INTO t VALUES (1);" + second); },
                ThrowsError(ErrorCode::invalid_input, "more than one statement"));
  }
  EXPECT_EQ(connection().execute("INSERT INTO t VALUES (1); -- ; done\n ;; /* x */"), 1U);
  EXPECT_EQ(connection().query_value("SELECT count(*) FROM t"), Value{1});
}

TEST_F(SqliteCells, SayTheLineThatFailedInAScript) {
  EXPECT_THAT([&] { connection().execute_script("CREATE TABLE t (a);\n\n-- x\nINSRT INTO t;\n"); },
              ThrowsError(ErrorCode::invalid_input, "line 4: "));
  EXPECT_THAT(
      [&] {
        connection().execute_script(
            "CREATE TABLE u (a UNIQUE);\n/* b\n*/ INSERT INTO u VALUES (1);\n"
            "INSERT INTO u\nVALUES (1);");
      },
      ThrowsError(ErrorCode::constraint_violation, "line 4: "));
  EXPECT_THAT([&] { connection().execute_script("SELECT 1;\nSELECT\n  missing\nFROM t"); },
              ThrowsError(ErrorCode::invalid_input, "line 3: "));
}

TEST_F(SqliteCells, RollBackQuietlyAfterAnErrorThatRolledBack) {
  connection().execute("CREATE TABLE t (a UNIQUE ON CONFLICT ROLLBACK)");
  Transaction outer{connection()};
  {
    Transaction inner{connection()};
    connection().execute("INSERT INTO t VALUES (1)");
    EXPECT_THAT([&] { connection().execute("INSERT INTO t VALUES (1)"); },
                ThrowsError(ErrorCode::constraint_violation, ""));
    EXPECT_FALSE(connection().in_transaction());
    EXPECT_THAT([&] { inner.commit(); }, ThrowsError(ErrorCode::conflict, "rolled it back"));
    inner.rollback();
  }
  outer.rollback();

  Transaction next{connection()};
  EXPECT_FALSE(next.nested());
}

}  // namespace

}  // namespace seedbed
