#include <limits>
#include <string>
#include <vector>

#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/adopt/cppconn.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/mysql_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using testing::MysqlTest;
using testing::source_of;
using testing::ThrowsError;

// The user's Connector/C++ connection and Seedbed's over it; `connection()` is a third, an
// observer.
class AdoptConnector : public MysqlTest {
 protected:
  void SetUp() override {
    MysqlTest::SetUp();
    if (IsSkipped()) return;
    users_ = open();
    adopted_ = adopt(*users_);
    execute("CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40))");
  }

  [[nodiscard]] std::unique_ptr<sql::Connection> open() const {
    sql::ConnectOptionsMap options;
    const auto host = url().host.empty() ? std::string{"127.0.0.1"} : url().host;
    const auto socket = url().parameters.find("socket");
    options["hostName"] =
        sql::SQLString{socket == url().parameters.end()
                           ? fmt::format("tcp://{}:{}", host, url().port == 0 ? 3306 : url().port)
                           : "unix://" + socket->second};
    options["userName"] = sql::SQLString{url().user};
    options["password"] = sql::SQLString{url().password};
    options["schema"] = sql::SQLString{url().database};
    options["CLIENT_MULTI_STATEMENTS"] = true;
    return std::unique_ptr<sql::Connection>{::get_driver_instance()->connect(options)};
  }

  void users(const std::string& sql) {
    std::unique_ptr<sql::Statement> {
      users_->createStatement()
      } -> execute(sql);
  }
  [[nodiscard]] Connection& adopted() { return *adopted_; }
  [[nodiscard]] sql::Connection& users_connection() { return *users_; }
  void release() { adopted_.reset(); }
  // As another connection sees it.
  [[nodiscard]] std::string names() {
    return value("SELECT GROUP_CONCAT(name ORDER BY id) FROM t").display();
  }

 private:
  std::unique_ptr<sql::Connection> users_;
  std::unique_ptr<Connection> adopted_;
};

TEST_F(AdoptConnector, SharesRowsBothWays) {
  const std::unique_ptr<sql::PreparedStatement> insert{
      users_connection().prepareStatement("INSERT INTO t (name) VALUES (?)")};
  insert->setString(1, "O'Brien 😀");
  insert->executeUpdate();

  EXPECT_EQ(adopted().query_value("SELECT name FROM t"), Value{"O'Brien 😀"});
  EXPECT_EQ(adopted().execute("INSERT INTO t (name) VALUES (?)", std::vector<Value>{"ours"}), 1U);
  EXPECT_EQ(adopted().engine().last_inserted_key(adopted()), 2);
  EXPECT_EQ(adopted().execute("UPDATE t SET name = 'x' WHERE id > 5"), 0U);
  const std::unique_ptr<sql::Statement> select{users_connection().createStatement()};
  const std::unique_ptr<sql::ResultSet> rows{
      select->executeQuery("SELECT name FROM t WHERE id = 2")};
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(std::string{rows->getString(1)}, "ours");
}

TEST_F(AdoptConnector, KnowsThatItIsAdopted) {
  EXPECT_TRUE(adopted().adopted());
  EXPECT_EQ(adopted().engine().name(), "mysql");
  EXPECT_EQ(adopted().database_name(), url().database);
  EXPECT_EQ(adopted().engine().introspect(adopted()).table_names(), std::vector<std::string>{"t"});
}

TEST_F(AdoptConnector, ReadsEveryTypeAsAnOwnConnectionDoes) {
  execute(
      "CREATE TABLE a (big BIGINT, ubig BIGINT UNSIGNED, f FLOAT, d DOUBLE, n DECIMAL(38,10),"
      " bin VARBINARY(9), b BIT(9), b64 BIT(64), day DATE, dt DATETIME(6), dt0 DATETIME,"
      " ts TIMESTAMP(3) NULL, tm TIME(6), tm0 TIME, y YEAR, e ENUM('a'), s SET('p','q'), j JSON,"
      " u UUID, tx LONGTEXT, g POINT)");
  execute(
      "INSERT INTO a VALUES (-9223372036854775808, 18446744073709551615, 0.333333343,"
      " 0.12345678901234, '-0.0000000001', x'00ff41', b'101', 18446744073709551615,"
      " '2024-02-29', '2024-02-29 01:02:03', '0000-00-00 00:00:00', '2024-01-01 00:00:00.5',"
      " '-838:59:59.000001', '-00:00:01', 0, 'a', 'q,p', '{}', UUID(), REPEAT('z', 100000),"
      " ST_GeomFromText('POINT(1 2)', 4326))");
  execute("INSERT INTO a (dt, d) VALUES ('0000-00-00', 1e-9)");
  const Schema schema = introspect();
  std::vector<std::string> read;
  for (const auto& column : schema.at("a").columns) {
    read.push_back(engine().read_expression(column));
  }
  const std::string sql = "SELECT " + join(read, ", ") + " FROM a ORDER BY big";

  const RowSet own = connection().query(sql);
  users("SET SESSION time_zone = '+00:00'");  // its own zone is the session's affair
  const RowSet through = adopted().query(sql);

  ASSERT_EQ(through.rows.size(), 2U);
  EXPECT_EQ(through.columns, own.columns);
  for (std::size_t row = 0; row < 2; ++row) {
    for (std::size_t i = 0; i < read.size(); ++i) {
      EXPECT_EQ(through.rows[row][i], own.rows[row][i]) << read[i];
    }
  }
}

TEST_F(AdoptConnector, BindsEveryKind) {
  const std::string bytes("\0\xff'", 3);
  const std::vector<Value> given{Null{}, true, std::numeric_limits<std::int64_t>::min(),
                                 0.1,    "",   Bytes{bytes}};
  execute("CREATE TABLE k (a INT, b INT, c BIGINT, d DOUBLE, e VARCHAR(5), f VARBINARY(5))");

  adopted().execute("INSERT INTO k VALUES (?, ?, ?, ?, ?, ?)", given);

  EXPECT_THAT(connection().query("SELECT * FROM k").rows,
              ElementsAre(Row{Null{}, 1, given[2], 0.1, "", Bytes{bytes}}));
  EXPECT_THAT(
      [&] {
        adopted().execute("DO ?", std::vector<Value>{1, 2});
      },
      ThrowsError(ErrorCode::invalid_input, "1 placeholders got 2"));
}

TEST_F(AdoptConnector, TakesOneStatementAndRunsScriptsInStep) {
  EXPECT_THAT([&] { adopted().execute("DELETE FROM t; DELETE FROM t"); },
              ThrowsError(ErrorCode::invalid_input, ""));
  EXPECT_THAT(
      [&] {
        adopted().execute_script(
            "INSERT INTO t (name) VALUES ('a');\nSELECT 1;\nINSERT INTO missing VALUES (1);");
      },
      ThrowsError(ErrorCode::invalid_input, "statement 3 of 3, line 3"));
  adopted().execute_script(
      "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END//\nDELIMITER ;\nCALL p();\n"
      "HANDLER t OPEN; HANDLER t READ FIRST; HANDLER t CLOSE");
  EXPECT_EQ(adopted().query("CALL p()").rows.size(), 1U);

  EXPECT_EQ(adopted().query_value("SELECT 5"), Value{5});
  users("DO 1");
  EXPECT_EQ(names(), "a");
}

TEST_F(AdoptConnector, CommitsItsOwnTransactionsWhenTheUserHasNone) {
  EXPECT_FALSE(adopted().in_transaction());
  {
    Transaction kept{adopted()};
    EXPECT_FALSE(kept.nested());
    adopted().execute("INSERT INTO t (name) VALUES ('kept')");
    {
      Transaction inner{adopted()};
      EXPECT_TRUE(inner.nested());
      adopted().execute("INSERT INTO t (name) VALUES ('dropped')");
    }
    kept.commit();
  }

  EXPECT_EQ(names(), "kept");
  EXPECT_TRUE(users_connection().getAutoCommit());
}

TEST_F(AdoptConnector, NestsInTheUsersTransactionAndNeverCommitsIt) {
  users_connection().setAutoCommit(false);
  EXPECT_TRUE(adopted().in_transaction());
  {
    Transaction first{adopted()};  // nothing has been done yet
    EXPECT_TRUE(first.nested());
    adopted().execute("INSERT INTO t (name) VALUES ('ours')");
    first.commit();
  }
  users("INSERT INTO t (name) VALUES ('users')");
  {
    Transaction dropped{adopted()};
    adopted().execute("INSERT INTO t (name) VALUES ('dropped')");
  }
  EXPECT_EQ(names(), "NULL");
  release();
  EXPECT_EQ(names(), "NULL");

  users_connection().commit();

  EXPECT_EQ(names(), "ours,users");
}

TEST_F(AdoptConnector, NestsInAStartedTransaction) {
  users("START TRANSACTION");
  {
    Transaction ours{adopted()};
    EXPECT_TRUE(ours.nested());
    adopted().execute("INSERT INTO t (name) VALUES ('ours')");
    ours.commit();
  }

  users("ROLLBACK");

  EXPECT_EQ(names(), "NULL");
}

TEST_F(AdoptConnector, BulkLoadsStrictlyAndPutsTheUsersSettingsBack) {
  users("SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', time_zone = '+05:45'");
  execute("CREATE TABLE l (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(9), ts TIMESTAMP NULL)");
  const Schema schema = introspect();
  const BulkTarget target{schema.at("l"), {"id", "name", "ts"}};

  EXPECT_EQ(adopted().bulk_load(target, source_of({{0, "a\\b'", "2024-01-01 00:00:00"}})), 1U);
  EXPECT_THAT(
      [&] {
        adopted().bulk_load(target, source_of({{2, "ok", Null{}}, {3, "much too long", Null{}}}));
      },
      ThrowsError(ErrorCode::constraint_violation, "name"));

  EXPECT_THAT(connection().query("SELECT id, name, ts FROM l").rows,
              ElementsAre(Row{0, "a\\b'", "2024-01-01 00:00:00"}));
  EXPECT_EQ(adopted().query_value("SELECT @@time_zone"), Value{"+05:45"});
  EXPECT_EQ(adopted().query_value("SELECT @@sql_mode"), Value{"ANSI_QUOTES,NO_BACKSLASH_ESCAPES"});
}

TEST_F(AdoptConnector, TranslatesErrorsAndStaysUsable) {
  execute("INSERT INTO t VALUES (1, 's3cr3t')");

  EXPECT_THAT([&] { adopted().execute("INSERT INTO t VALUES (1, 's3cr3t')"); },
              ThrowsError(ErrorCode::constraint_violation, "'PRIMARY'"));
  EXPECT_THAT([&] { static_cast<void>(adopted().query("SELECT * FROM missing")); },
              ThrowsError(ErrorCode::invalid_input, "missing"));
  EXPECT_EQ(adopted().query_value("SELECT 1"), Value{1});
}

TEST_F(AdoptConnector, SaysUnavailableOnceTheConnectionIsKilled) {
  const auto id = adopted().query_value("SELECT CONNECTION_ID()").display();
  execute("KILL CONNECTION " + id);

  EXPECT_THAT([&] { adopted().execute("DO 1"); }, ThrowsError(ErrorCode::unavailable, ""));
  EXPECT_THAT([&] { static_cast<void>(adopted().in_transaction()); },
              ThrowsError(ErrorCode::unavailable, ""));
}

TEST_F(AdoptConnector, RefusesACharacterSetThatLosesText) {
  users("SET NAMES latin1");

  EXPECT_THAT([&] { static_cast<void>(adopt(users_connection())); },
              ThrowsError(ErrorCode::unsupported, "'latin1'"));
}

TEST_F(AdoptConnector, LeavesTheConnectionOpen) {
  release();

  users("INSERT INTO t (name) VALUES ('after')");

  EXPECT_EQ(names(), "after");
  EXPECT_TRUE(users_connection().isValid());
}

}  // namespace

}  // namespace seedbed
