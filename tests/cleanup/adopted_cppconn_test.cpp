#include <memory>
#include <string>
#include <utility>

#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/cleanup/sandbox.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/engines/adopt/cppconn.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

/// The code under test has a connection of its own.
class CppconnSandbox : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::engine_available("mysql")) GTEST_SKIP() << "no server for mysql";
    database_ = std::make_unique<testing::TestDatabase>("mysql");
    const auto& url = database_->url();
    session_ = wrap(std::unique_ptr<sql::Connection>{get_driver_instance()->connect(
        fmt::format("tcp://{}:{}", url.host, url.port), url.user, url.password)});
    session_->setSchema(url.database);
    run("CREATE TABLE t (id INT PRIMARY KEY)");
    connection_ = adopt(*session_);
  }
  void TearDown() override {
    connection_.reset();
    session_.reset();
  }
  virtual std::unique_ptr<sql::Connection> wrap(std::unique_ptr<sql::Connection> session) {
    return session;
  }
  void run(const std::string& sql) { statement()->execute(sql); }
  [[nodiscard]] int rows() {
    const auto user = statement();
    const std::unique_ptr<sql::ResultSet> result{user->executeQuery("SELECT COUNT(*) FROM t")};
    result->next();
    return result->getInt(1);
  }
  [[nodiscard]] sql::Connection& session() { return *session_; }
  [[nodiscard]] Connection& connection() { return *connection_; }
  /// As another connection sees it.
  [[nodiscard]] int committed_rows() {
    return database_->connect()->query_value("SELECT COUNT(*) FROM t").as<int>();
  }
  void kill_session() {
    const auto id = connection().query_value("SELECT CONNECTION_ID()").display();
    database_->connect()->execute("KILL CONNECTION " + id);
  }

 private:
  [[nodiscard]] std::unique_ptr<sql::Statement> statement() {
    return std::unique_ptr<sql::Statement>{session_->createStatement()};
  }

  std::unique_ptr<testing::TestDatabase> database_;
  std::unique_ptr<sql::Connection> session_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(CppconnSandbox, UndoesWhatTheUsersConnectionDid) {
  {
    const Sandbox outer{connection()};
    run("INSERT INTO t VALUES (1)");
    {
      const Sandbox inner{connection()};
      run("INSERT INTO t VALUES (2)");
      EXPECT_THROW(run("INSERT INTO t VALUES (2)"), sql::SQLException);
      EXPECT_EQ(rows(), 2);
    }
    EXPECT_EQ(rows(), 1);
  }
  EXPECT_EQ(rows(), 0);
}

TEST_F(CppconnSandbox, LeavesTheUsersTransactionAsItIs) {
  session().setAutoCommit(false);
  run("INSERT INTO t VALUES (1)");
  {
    const Sandbox sandbox{connection()};
    run("INSERT INTO t VALUES (2)");
  }
  session().commit();
  EXPECT_EQ(rows(), 1);
}

TEST_F(CppconnSandbox, FindsTheUsersCommitAndDdl) {
  for (const std::string sql : {"COMMIT", "CREATE TABLE u (id INT)", "START TRANSACTION"}) {
    Sandbox sandbox{connection()};
    run("INSERT INTO t VALUES (1)");
    run(sql);

    EXPECT_THAT([&] { sandbox.close(); },
                ThrowsError(ErrorCode::conflict, "was ended by the code under test"))
        << sql;
    EXPECT_EQ(rows(), 1);
    run("DELETE FROM t");
  }
}

/// Its connection is that of `savepoints`, so it may do with transactions what it likes.
class CppconnSavepoints : public CppconnSandbox {
 protected:
  std::unique_ptr<sql::Connection> wrap(std::unique_ptr<sql::Connection> session) override {
    return savepoints(std::move(session));
  }
};

TEST_F(CppconnSavepoints, ContainsCommitsAndRollbacks) {
  {
    const Sandbox sandbox{connection()};
    EXPECT_TRUE(session().getAutoCommit());
    run("INSERT INTO t VALUES (1)");
    session().rollback();
    EXPECT_EQ(rows(), 1) << "it had been committed";
    session().setAutoCommit(false);
    EXPECT_FALSE(session().getAutoCommit());
    run("INSERT INTO t VALUES (2)");
    session().commit();
    run("INSERT INTO t VALUES (3)");
    session().rollback();
    run("INSERT INTO t VALUES (4)");
    session().setAutoCommit(true);
    session().rollback();
    EXPECT_EQ(rows(), 3);
    session().setAutoCommit(false);
    run("INSERT INTO t VALUES (5)");  // left open
  }
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(session().getAutoCommit());
}

TEST_F(CppconnSavepoints, ContainsAConnectionWithoutAutocommit) {
  session().setAutoCommit(false);
  run("INSERT INTO t VALUES (1)");
  {
    const Sandbox sandbox{connection()};
    run("INSERT INTO t VALUES (2)");
    session().commit();
    run("INSERT INTO t VALUES (3)");
    session().rollback();
    {
      const Sandbox inner{connection()};
      session().rollback();
      run("DELETE FROM t");
      session().commit();
    }
    EXPECT_EQ(rows(), 2);
    session().rollback();
    EXPECT_EQ(rows(), 2);
  }
  EXPECT_EQ(committed_rows(), 0);
  EXPECT_EQ(rows(), 1);
  session().commit();
  EXPECT_EQ(committed_rows(), 1);
}

TEST_F(CppconnSavepoints, KeepsTheUsersSavepoints) {
  const Sandbox sandbox{connection()};
  EXPECT_THROW(session().setSavepoint("mine"), sql::InvalidArgumentException);
  session().setAutoCommit(false);
  run("INSERT INTO t VALUES (1)");
  const std::unique_ptr<sql::Savepoint> savepoint{session().setSavepoint("mine")};
  EXPECT_EQ(savepoint->getSavepointName(), "mine");
  run("INSERT INTO t VALUES (2)");
  session().rollback(savepoint.get());
  EXPECT_EQ(rows(), 1);
  session().releaseSavepoint(savepoint.get());
  session().commit();
  EXPECT_THROW(session().rollback(savepoint.get()), sql::SQLException);
}

TEST_F(CppconnSavepoints, FindsWhatGetsPast) {
  for (const std::string sql : {"COMMIT", "ROLLBACK", "CREATE TABLE u (id INT)"}) {
    Sandbox sandbox{connection()};
    run(sql);
    EXPECT_THAT([&] { sandbox.close(); },
                ThrowsError(ErrorCode::conflict, "was ended by the code under test"))
        << sql;
  }
}

TEST_F(CppconnSavepoints, SaysUnavailableWhenTheConnectionIsLost) {
  Sandbox sandbox{connection()};
  session().setAutoCommit(false);
  run("INSERT INTO t VALUES (1)");
  kill_session();
  EXPECT_THROW(session().commit(), sql::SQLException);
  EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::unavailable, ""));
  EXPECT_EQ(committed_rows(), 0);
}

TEST_F(CppconnSavepoints, IsTheDriversOutsideOfSandboxes) {
  {
    const Sandbox sandbox{connection()};
    session().setAutoCommit(false);
  }
  session().setAutoCommit(false);
  run("INSERT INTO t VALUES (1)");
  session().rollback();
  run("INSERT INTO t VALUES (2)");
  const std::unique_ptr<sql::Savepoint> savepoint{session().setSavepoint("mine")};
  run("INSERT INTO t VALUES (3)");
  session().rollback(savepoint.get());
  session().releaseSavepoint(savepoint.get());
  EXPECT_EQ(committed_rows(), 0);
  session().commit();
  EXPECT_EQ(committed_rows(), 1);
}

TEST_F(CppconnSavepoints, ForwardsTheRest) {
  EXPECT_EQ(session().getSchema(), connection().database_name());
  EXPECT_TRUE(session().isValid());
  EXPECT_FALSE(session().isClosed());
  const std::unique_ptr<sql::PreparedStatement> insert{
      session().prepareStatement("INSERT INTO t VALUES (?)")};
  for (int i = 0; i < 3; ++i) {
    const Sandbox sandbox{connection()};
    insert->setInt(1, 1);
    insert->executeUpdate();
    EXPECT_EQ(rows(), 1);
  }
  EXPECT_EQ(rows(), 0);
}

}  // namespace
}  // namespace seedbed
