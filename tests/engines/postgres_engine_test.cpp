#include <functional>
#include <utility>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/postgres_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ThrowsError;

class PostgresEngineTest : public testing::PostgresTest {
 protected:
  std::uint64_t load(const std::string& table, const std::vector<Row>& rows) {
    const Schema found = schema();
    bool done = false;
    return db().bulk_load({found.at(table), found.at(table).column_names()},
                          [&](ColumnBatch& batch) {
                            if (std::exchange(done, true)) return false;
                            for (const auto& row : rows) batch.append(row);
                            return true;
                          });
  }
  [[nodiscard]] std::string message_of(const std::string& sql) {
    try {
      db().execute_script(sql);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  /// Connects to the URL that `change` makes wrong; no error may tell the password.
  void connect_wrongly(const std::function<void(DatabaseUrl&)>& change) const {
    DatabaseUrl wrong = url();
    wrong.password = "hidden'\\word";
    change(wrong);
    try {
      (void)engine().connect(wrong);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("hidden")));
      throw;
    }
  }
};

TEST_F(PostgresEngineTest, ReadsUnderFixedSettingsWhateverTheRoleHas) {
  const std::string role = "sbrole_" + url().database;
  db().execute_script("CREATE ROLE " + role + " LOGIN SUPERUSER; ALTER ROLE " + role +
                      " SET DateStyle = 'German'; ALTER ROLE " + role +
                      " SET TimeZone = 'Asia/Tokyo';" + "ALTER ROLE " + role +
                      " SET bytea_output = 'escape'; ALTER ROLE " + role +
                      " SET extra_float_digits = -3; ALTER ROLE " + role +
                      " SET IntervalStyle = 'postgres_verbose'");
  DatabaseUrl as_role = url();
  as_role.user = role;
  {
    const auto other = engine().connect(as_role);
    const RowSet result = other->query(
        "SELECT timestamptz '2026-01-31 12:00:00+09', interval '1 day 2 h', 0.1::float8 + "
        "0.2::float8, "
        "'\\x00ff'::bytea");
    EXPECT_THAT(result.rows.front(),
                ElementsAre(Value{"2026-01-31 03:00:00+00"}, Value{"P1DT2H"}, Value{0.1 + 0.2},
                            Value{Bytes{std::string{"\x00\xff", 2}}}));
  }
  db().execute("DROP ROLE " + role);
}

// libpqxx reconnects by itself; what was set on the session would be gone without a word.
TEST_F(PostgresEngineTest, NeverReconnectsAfterTheSessionIsLost) {
  db().execute("SET seedbed.note = 'kept'");
  connect()->execute("SELECT pg_terminate_backend($1)",
                     std::vector<Value>{db().query_value("SELECT pg_backend_pid()")});

  EXPECT_THAT([&] { db().execute("SELECT 1"); }, ThrowsError(ErrorCode::unavailable, ""));
  EXPECT_THAT([&] { db().execute("SELECT 1"); }, ThrowsError(ErrorCode::unavailable, "lost"));
  EXPECT_THAT([&] { (void)db().stream("SELECT 1"); }, ThrowsError(ErrorCode::unavailable, "lost"));
}

TEST_F(PostgresEngineTest, RefusesAStatementWhileAStreamIsOpen) {
  const auto stream = db().stream("SELECT generate_series(1, 100000)");
  ColumnBatch batch;
  EXPECT_TRUE(stream->next(batch));

  EXPECT_THAT([&] { db().execute("SELECT 1"); }, ThrowsError(ErrorCode::internal, "still reads"));

  std::size_t rows = batch.row_count();
  while (stream->next(batch)) rows += batch.row_count();
  EXPECT_EQ(rows, 100000U);
}

TEST_F(PostgresEngineTest, KeepsWhatAnAbandonedInsertHasReturned) {
  db().execute("CREATE TABLE t (a INT)");

  {
    const auto stream =
        db().stream("INSERT INTO t SELECT generate_series(1, 100000) RETURNING a, repeat('x', 99)");
    ColumnBatch batch;
    EXPECT_TRUE(stream->next(batch));
  }

  EXPECT_EQ(number("SELECT count(*) FROM t"), 100000);
}

TEST_F(PostgresEngineTest, IsNotCancelledWhileNothingRuns) {
  for (int i = 0; i < 100; ++i) {
    db().cancel();
    EXPECT_EQ(number("SELECT 7"), 7);
  }
}

TEST_F(PostgresEngineTest, RefusesCopyAsAStatementAndStaysUsable) {
  db().execute("CREATE TABLE t (a INT)");

  EXPECT_THAT([&] { db().execute("COPY t FROM STDIN"); },
              ThrowsError(ErrorCode::unsupported, "COPY"));
  EXPECT_THAT([&] { db().execute_script("SELECT 1; COPY t TO STDOUT; SELECT 2"); },
              ThrowsError(ErrorCode::unsupported, "COPY"));

  EXPECT_EQ(number("SELECT 7"), 7);
}

TEST_F(PostgresEngineTest, CopiesThroughAPartitionRoot) {
  db().execute_script(
      "CREATE TABLE log (y INT, note TEXT) PARTITION BY RANGE (y);"
      "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (10);"
      "CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM (10) TO (20)");

  EXPECT_EQ(load("log", {{5, "a"}, {15, "b\t\\.\n"}}), 2U);

  EXPECT_EQ(number("SELECT count(*) FROM log_2 WHERE note = E'b\\t\\\\.\\n'"), 1);
  EXPECT_THAT(
      [&] {
        load("log", {{99, "none"}});
      },
      ThrowsError(ErrorCode::constraint_violation, "no partition"));
}

TEST_F(PostgresEngineTest, NamesTheRowOfALoadButNotItsValue) {
  db().execute("CREATE TABLE t (a INT, \"b c\" INT)");
  try {
    load("t", {{1, 1}, {2, "secret"}});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("row 2 of the load, column 'b c'"));
    EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
  }
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
}

// libpq tells of an error only after the last row has been sent.
TEST_F(PostgresEngineTest, StopsALoadEarlyWhenTheServerHasRefusedARow) {
  db().execute("CREATE TABLE t (a INT PRIMARY KEY)");
  const Schema found = schema();
  int batches = 0;

  const auto endless = [&](ColumnBatch& batch) {
    ++batches;
    for (int i = 0; i < 4096; ++i) batch.column(0).append_integer(1);
    return batches < 20'000;
  };

  EXPECT_THAT(
      [&] {
        db().bulk_load({found.at("t"), {"a"}}, endless);
      },
      ThrowsError(ErrorCode::constraint_violation, "t_pkey"));
  EXPECT_LT(batches, 20'000);
}

TEST_F(PostgresEngineTest, LoadsTablesWhoseTriggersSpeak) {
  db().execute_script(
      "CREATE TABLE t (a INT); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
      "$$BEGIN RAISE WARNING 'row %', new.a; RETURN new; END$$;"
      "CREATE TRIGGER speaks BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()");
  std::vector<Row> rows;
  rows.reserve(50'000);
  for (int i = 0; i < 50'000; ++i) rows.push_back({i});

  EXPECT_EQ(load("t", rows), 50'000U);

  EXPECT_EQ(number("SELECT count(DISTINCT a) FROM t"), 50'000);
}

TEST_F(PostgresEngineTest, RefusesRowsThatTheServerWouldChangeSilently) {
  db().execute("CREATE TABLE t (a VARCHAR(3), b NUMERIC(5,2))");

  EXPECT_THAT(
      [&] {
        load("t", {{"abc  ", Null{}}});
      },
      ThrowsError(ErrorCode::constraint_violation, "'t.a'"));
  EXPECT_THAT(
      [&] {
        load("t", {{Null{}, "1.005"}});
      },
      ThrowsError(ErrorCode::constraint_violation, "'t.b'"));
  EXPECT_EQ(load("t", {{"ab ", "1.500"}, {"äöü", "-0.25"}}), 2U);
}

TEST_F(PostgresEngineTest, RefusesNulInText) {
  const std::string nul{"a\0b", 3};
  EXPECT_THAT(
      [&] {
        db().execute("SELECT $1, $2", std::vector<Value>{1, nul});
      },
      ThrowsError(ErrorCode::invalid_input, "argument 2"));
  EXPECT_THAT(
      [&] {
        db().execute(std::string{"SELECT 1\0 + 1", 12});
      },
      ThrowsError(ErrorCode::invalid_input, "NUL"));
  EXPECT_THAT([&] { (void)engine().literal(nul); }, ThrowsError(ErrorCode::invalid_input, "NUL"));
}

TEST_F(PostgresEngineTest, WritesLiteralsThatReadBack) {
  for (const Value& value : std::vector<Value>{Null{}, true, -5, 0.1, "it's \\ here",
                                               Bytes{std::string{"\x00'\\", 3}}}) {
    EXPECT_EQ(db().query_value("SELECT " + engine().literal(value)), value) << value.display();
    db().execute("SET standard_conforming_strings = off");
    EXPECT_EQ(db().query_value("SELECT " + engine().literal(value)), value) << value.display();
    db().execute("SET standard_conforming_strings = on");
  }
}

TEST_F(PostgresEngineTest, SaysTheLineOfAScriptsError) {
  EXPECT_THAT(message_of("SELECT 1;\n\n-- ä comment\nSELECT nonsense;\nSELECT 2"),
              HasSubstr("line 4: column \"nonsense\" does not exist"));
  EXPECT_THAT(message_of("CREATE TABLE t (a INT PRIMARY KEY);\nINSERT INTO t VALUES (1);\n"
                         "INSERT INTO t VALUES (1)"),
              HasSubstr("statement 3: duplicate key"));
}

TEST_F(PostgresEngineTest, NamesTheColumnsOfAKeyButNotItsValues) {
  db().execute("CREATE TABLE t (a TEXT, b TEXT, UNIQUE (a, b))");
  db().execute("INSERT INTO t VALUES ('top', 'secret')");

  const std::string message = message_of("INSERT INTO t VALUES ('top', 'secret')");

  EXPECT_THAT(message, HasSubstr("\"t_a_b_key\" (key: a, b)"));
  EXPECT_THAT(message, Not(HasSubstr("secret")));
  EXPECT_THAT(message_of("SELECT 'secret'::int"), Not(HasSubstr("secret")));
}

TEST_F(PostgresEngineTest, ClosesTheTransactionThatAFailedScriptBegan) {
  EXPECT_THAT(message_of("BEGIN; CREATE TABLE t (a INT); SELECT nonsense"), HasSubstr("nonsense"));

  EXPECT_FALSE(db().in_transaction());
  EXPECT_TRUE(schema().tables().empty());
}

TEST_F(PostgresEngineTest, ConnectsThroughASocketDirectory) {
  DatabaseUrl by_socket = url();
  by_socket.host = db().query_value("SHOW unix_socket_directories").text();
  by_socket.host = by_socket.host.substr(0, by_socket.host.find(','));
  by_socket.port = static_cast<std::uint16_t>(number("SELECT current_setting('port')::int"));

  EXPECT_EQ(engine().connect(by_socket)->database_name(), url().database);
}

TEST_F(PostgresEngineTest, SaysWhatIsWrongWithTheConnection) {
  const auto attempt = [&](const auto& change) {
    return [this, change] { connect_wrongly(change); };
  };
  EXPECT_THAT(attempt([](DatabaseUrl& u) { u.user = "no such role"; }),
              ThrowsError(ErrorCode::invalid_input, "role \"no such role\" does not exist"));
  // The server looks at the password first, where it asks for one.
  const auto lose_database = [this](DatabaseUrl& u) {
    u.password = url().password;
    u.database = "it's gone";
  };
  EXPECT_THAT(attempt(lose_database),
              ThrowsError(ErrorCode::not_found, "there is no database 'it's gone'"));
  EXPECT_THAT(attempt([](DatabaseUrl& u) { u.parameters["sslmode"] = "perhaps"; }),
              ThrowsError(ErrorCode::invalid_input, "sslmode"));
  EXPECT_THAT(attempt([](DatabaseUrl& u) { u.port = 1; }),
              ThrowsError(ErrorCode::unavailable, "onnection refused"));
  EXPECT_THAT(attempt([](DatabaseUrl& u) { u.parameters["connect_timeout"] = "soon"; }),
              ThrowsError(ErrorCode::invalid_input, "connect_timeout"));
}

TEST_F(PostgresEngineTest, SaysWhoKeepsADatabaseFromBeingDropped) {
  EXPECT_THAT([&] { engine().drop_database(url()); },
              ThrowsError(ErrorCode::unavailable, "1 other session"));
}

TEST_F(PostgresEngineTest, RestoresSequencesThatWereNeverDrawnOrAreExhausted) {
  db().execute_script(
      "CREATE SEQUENCE fresh START 50; CREATE SEQUENCE used; SELECT nextval('used');"
      "CREATE SEQUENCE full_up MAXVALUE 2; SELECT setval('full_up', 2);"
      "CREATE SEQUENCE down INCREMENT -3 START -1; SELECT nextval('down')");
  const Schema found = schema();
  const auto before = engine().sequence_states(db(), found);
  db().execute_script(
      "SELECT nextval('fresh'), nextval('used'), nextval('down'), setval('full_up', 1)");

  for (const auto& state : before) engine().set_sequence(db(), state);

  EXPECT_EQ(engine().sequence_states(db(), found), before);
  EXPECT_EQ(number("SELECT nextval('fresh')"), 50);
  EXPECT_EQ(number("SELECT nextval('used')"), 2);
  EXPECT_EQ(number("SELECT nextval('down')"), -4);
  EXPECT_THAT([&] { db().execute("SELECT nextval('full_up')"); },
              ThrowsError(ErrorCode::invalid_input, "reached maximum"));
}

TEST_F(PostgresEngineTest, ReservesKeysThatNobodyElseGets) {
  db().execute("CREATE TABLE t (other SERIAL, id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY)");
  const Schema found = schema();

  const auto keys = engine().reserve_keys(db(), found, found.at("t"), 3);
  db().execute("INSERT INTO t DEFAULT VALUES");

  EXPECT_THAT(keys, ElementsAre(1, 2, 3));
  EXPECT_EQ(engine().last_inserted_key(db()), 4);
}

TEST_F(PostgresEngineTest, TruncateResetsBorrowedSequencesToo) {
  db().execute_script(
      "CREATE SEQUENCE drawn START 7; CREATE TABLE a (id INT PRIMARY KEY DEFAULT nextval('drawn'));"
      "CREATE TABLE b (id SERIAL, a INT REFERENCES a); INSERT INTO a DEFAULT VALUES;"
      "INSERT INTO b (a) VALUES (7)");

  const std::vector<TableName> tables{{"", "a"}, {"", "b"}};
  for (const auto& sql : engine().truncate_sql(schema(), tables)) db().execute(sql);

  EXPECT_EQ(number("INSERT INTO a DEFAULT VALUES RETURNING id"), 7);
  EXPECT_EQ(number("INSERT INTO b DEFAULT VALUES RETURNING id"), 1);
}

}  // namespace

}  // namespace seedbed
