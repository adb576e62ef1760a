#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/mysql_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::HasSubstr;
using testing::MysqlTest;
using ::testing::Not;
using testing::ThrowsError;

class MysqlConnect : public MysqlTest {
 protected:
  [[nodiscard]] DatabaseUrl with(const std::string& name, const std::string& parameter) const {
    DatabaseUrl changed = url();
    changed.parameters[name] = parameter;
    return changed;
  }
};

TEST_F(MysqlConnect, HasAFixedSession) {
  EXPECT_EQ(value("SELECT @@time_zone"), Value{"+00:00"});
  EXPECT_EQ(value("SELECT @@character_set_client"), Value{"utf8mb4"});
  EXPECT_EQ(value("SELECT @@character_set_results"), Value{"utf8mb4"});
  EXPECT_THAT(value("SELECT @@sql_mode").text(), HasSubstr("STRICT_ALL_TABLES"));
  EXPECT_THAT(value("SELECT @@sql_mode").text(), Not(HasSubstr("ANSI_QUOTES")));
}

TEST_F(MysqlConnect, RefusesUnknownParametersAndBadValues) {
  EXPECT_THAT([&] { static_cast<void>(engine().connect(with("sockt", "/x"))); },
              ThrowsError(ErrorCode::invalid_input, "did you mean 'socket'?"));
  EXPECT_THAT([&] { static_cast<void>(engine().connect(with("ssl", "maybe"))); },
              ThrowsError(ErrorCode::invalid_input, "'ssl' must be true or false"));
  EXPECT_THAT([&] { static_cast<void>(engine().connect(with("connect_timeout", "0"))); },
              ThrowsError(ErrorCode::invalid_input, "seconds"));
}

TEST_F(MysqlConnect, IsEncryptedOrRefusedWhenTheUrlAsksForTls) {
  std::unique_ptr<Connection> encrypted;
  try {
    encrypted = engine().connect(with("ssl", "true"));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    return;
  }
  const auto row = encrypted->query("SHOW STATUS LIKE 'Ssl_cipher'").rows.at(0);
  EXPECT_NE(row.at(1), Value{""});
}

TEST_F(MysqlConnect, GivesUpSoonOnASocketThatIsNotThere) {
  EXPECT_THAT([&] { static_cast<void>(engine().connect(with("socket", "/nowhere/my.sock"))); },
              ThrowsError(ErrorCode::unavailable, "/nowhere/my.sock"));
}

class MysqlStatements : public MysqlTest {};

TEST_F(MysqlStatements, KnowWhetherATransactionIsOpen) {
  EXPECT_FALSE(connection().in_transaction());
  execute("START TRANSACTION");
  EXPECT_TRUE(connection().in_transaction());
  static_cast<void>(value("SELECT 1"));
  EXPECT_TRUE(connection().in_transaction());
  execute("CREATE TABLE t (a INT)");  // commits
  EXPECT_FALSE(connection().in_transaction());
  execute("SET autocommit = 0");
  EXPECT_TRUE(connection().in_transaction());
}

TEST_F(MysqlStatements, SayConflictWhenDdlTookTheSavepointAway) {
  Transaction outer{connection()};
  Transaction inner{connection()};

  execute("CREATE TABLE t (a INT)");

  EXPECT_THAT([&] { inner.commit(); }, ThrowsError(ErrorCode::conflict, "committed"));
}

TEST_F(MysqlStatements, RunAScriptWithItsDelimiters) {
  connection().execute_script(
      "CREATE TABLE t (a INT); -- a comment; with a delimiter\n"
      "DELIMITER //\n"
      "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = NEW.a + 1; END//\n"
      "DELIMITER ;\n"
      "INSERT INTO t VALUES (1);\nSELECT * FROM t;\nINSERT INTO t VALUES (2)");

  EXPECT_EQ(value("SELECT SUM(a) FROM t"), Value{"5"});
}

TEST_F(MysqlStatements, TellWhichStatementOfAScriptFailed) {
  const std::string script =
      "CREATE TABLE t (a INT);\nSELECT 1;\n\nINSERT INTO missing VALUES (1);\n"
      "INSERT INTO t VALUES (1);";

  EXPECT_THAT([&] { connection().execute_script(script); },
              ThrowsError(ErrorCode::invalid_input, "statement 3 of 4, line 4"));
  EXPECT_EQ(value("SELECT COUNT(*) FROM t"), Value{0});
}

TEST_F(MysqlStatements, AreInterruptedByCancel) {
  execute("CREATE TABLE t AS SELECT seq FROM seq_1_to_1000");
  std::atomic<bool> ended = false;
  std::thread other{[&] {
    // Again and again, since the statement may not have begun.
    while (!ended) connection().cancel();
  }};

  const auto endless = "SELECT COUNT(*) FROM t a, t b, t c, t d";
  EXPECT_THAT([&] { static_cast<void>(value(endless)); }, ThrowsError(ErrorCode::unavailable, ""));
  ended = true;
  other.join();

  EXPECT_EQ(value("SELECT 1"), Value{1});
}

TEST_F(MysqlStatements, AreNotHurtByACancelBeforeThem) {
  for (int i = 0; i < 20; ++i) {
    connection().cancel();
    ASSERT_EQ(value("SELECT 1"), Value{1});
  }
}

TEST_F(MysqlStatements, SayUnavailableOnceTheConnectionIsKilled) {
  const auto id = value("SELECT CONNECTION_ID()").display();
  connect()->execute("KILL CONNECTION " + id);

  EXPECT_THAT([&] { execute("SELECT 1"); }, ThrowsError(ErrorCode::unavailable, ""));
  EXPECT_THAT([&] { static_cast<void>(value("SELECT 1")); },
              ThrowsError(ErrorCode::unavailable, ""));
}

TEST_F(MysqlStatements, NameTheKeyButNotTheValue) {
  execute("CREATE TABLE p (id INT PRIMARY KEY)");
  execute(
      "CREATE TABLE t (id INT PRIMARY KEY, mail VARCHAR(20) UNIQUE, p_id INT, "
      "CONSTRAINT to_p FOREIGN KEY (p_id) REFERENCES p (id), CONSTRAINT positive CHECK (id > 0))");
  execute("INSERT INTO t VALUES (1, 's3cr3t', NULL)");
  const auto failure = [&](const std::string& sql) {
    try {
      execute(sql);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::constraint_violation) << sql;
      EXPECT_THAT(error.details().sqlstate, ::testing::AnyOf("23000", "22007", "22001", "22003"));
      EXPECT_THAT(error.what(), Not(HasSubstr("s3cr3t"))) << sql;
      return std::string{error.what()};
    }
    return std::string{"no error"};
  };

  EXPECT_THAT(failure("INSERT INTO t VALUES (2, 's3cr3t', NULL)"), HasSubstr("'mail'"));
  EXPECT_THAT(failure("INSERT INTO t VALUES (2, 'x', 9)"), HasSubstr("to_p"));
  EXPECT_THAT(failure("INSERT INTO t VALUES (-2, 'x', NULL)"), HasSubstr("positive"));
  EXPECT_THAT(failure("INSERT INTO t VALUES (NULL, 'x', NULL)"), HasSubstr("'id'"));
  EXPECT_THAT(failure("INSERT INTO t VALUES ('s3cr3t', 'x', NULL)"), HasSubstr("`id`"));
  EXPECT_THAT(failure("INSERT INTO t VALUES (2, REPEAT('s3cr3t', 9), NULL)"), HasSubstr("'mail'"));
}

class MysqlLocks : public MysqlTest {};

TEST_F(MysqlLocks, AreHeldByOneSessionPerDatabase) {
  const std::string lock(80, 'x');
  const auto other = connect();

  EXPECT_TRUE(engine().try_lock(connection(), lock, 0));
  EXPECT_FALSE(engine().try_lock(*other, lock, 10));
  EXPECT_TRUE(engine().try_lock(*other, "another", 0));
  engine().unlock(connection(), lock);
  EXPECT_TRUE(engine().try_lock(*other, lock, 0));
}

class MysqlMark : public MysqlTest {
 protected:
  void mark() {
    engine().write_mark(connection(), {"11111111-2222-3333-4444-555555555555",
                                       engine().database_binding(connection())});
  }
};

TEST_F(MysqlMark, ReadsBackWhatWasWritten) {
  EXPECT_EQ(engine().read_mark(connection()), std::nullopt);

  mark();

  const auto found = engine().read_mark(connection());
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->id, "11111111-2222-3333-4444-555555555555");
  EXPECT_EQ(found->binding, url().database);
  EXPECT_TRUE(introspect().tables().empty());
}

TEST_F(MysqlMark, DoesNotTravelWithACopyUnderAnotherName) {
  mark();
  const DatabaseUrl copy = url().with_database(url().database + "_copy");
  engine().create_database(copy);
  const auto other = engine().connect(copy);

  other->execute("CREATE TABLE seedbed_mark AS SELECT * FROM `" + url().database +
                 "`.seedbed_mark");

  EXPECT_EQ(engine().read_mark(*other), std::nullopt);
  engine().drop_database(copy);
}

TEST_F(MysqlMark, IsForeignWhenTheServerKnowsAnotherIdForTheName) {
  mark();
  execute("UPDATE seedbed_mark SET id = '99999999-2222-3333-4444-555555555555'");

  const auto found = engine().read_mark(connection());

  ASSERT_TRUE(found.has_value());
  EXPECT_NE(found->binding, engine().database_binding(connection()));
}

TEST_F(MysqlMark, DoesNotOutliveTheDatabase) {
  mark();
  engine().drop_database(url());
  engine().create_database(url());
  const auto again = connect();

  again->execute(
      "CREATE TABLE seedbed_mark AS SELECT '11111111-2222-3333-4444-555555555555' AS id, "
      "DATABASE() AS binding");

  EXPECT_EQ(engine().read_mark(*again), std::nullopt);
}

TEST_F(MysqlMark, NamesTheGrantThatIsMissing) {
  const std::string user = "sb_" + std::to_string(value("SELECT CONNECTION_ID()").integer());
  execute("CREATE USER '" + user + "'@'%' IDENTIFIED BY 'pw'");
  execute("GRANT ALL ON `" + url().database + "`.* TO '" + user + "'@'%'");
  DatabaseUrl limited = url();
  limited.user = user;
  limited.password = "pw";
  const auto other = engine().connect(limited);

  EXPECT_THAT(
      [&] {
        engine().write_mark(*other, {"id", url().database});
      },
      ThrowsError(ErrorCode::invalid_input, "DELETE ON `seedbed_server`.* TO '" + user + "'@'%'"));
  EXPECT_EQ(engine().read_mark(*other), std::nullopt);
  execute("DROP USER '" + user + "'@'%'");
}

}  // namespace

}  // namespace seedbed
