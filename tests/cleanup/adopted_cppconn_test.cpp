#include <memory>
#include <string>

#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
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
    session_.reset(get_driver_instance()->connect(fmt::format("tcp://{}:{}", url.host, url.port),
                                                  url.user, url.password));
    session_->setSchema(url.database);
    run("CREATE TABLE t (id INT PRIMARY KEY)");
    connection_ = adopt(*session_);
  }
  void TearDown() override {
    connection_.reset();
    session_.reset();
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

}  // namespace
}  // namespace seedbed
