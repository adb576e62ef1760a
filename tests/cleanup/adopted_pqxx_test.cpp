#include <memory>

#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "seedbed/cleanup/sandbox.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/engines/adopt/pqxx.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

/// The code under test has a transaction of its own.
class PqxxSandbox : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::engine_available("postgres")) GTEST_SKIP() << "no server for postgres";
    database_ = std::make_unique<testing::TestDatabase>("postgres");
    session_ = std::make_unique<pqxx::connection>(database_->url().to_string());
    pqxx::nontransaction{*session_}.exec("CREATE TABLE t (id INT PRIMARY KEY)");
  }
  void TearDown() override { session_.reset(); }
  [[nodiscard]] pqxx::connection& session() { return *session_; }
  [[nodiscard]] static int rows(pqxx::transaction_base& transaction) {
    return transaction.exec1("SELECT COUNT(*) FROM t")[0].as<int>();
  }

 private:
  std::unique_ptr<testing::TestDatabase> database_;
  std::unique_ptr<pqxx::connection> session_;
};

TEST_F(PqxxSandbox, UndoesWhatTheUsersTransactionDidInside) {
  pqxx::work work{session()};
  work.exec("INSERT INTO t VALUES (1)");
  const auto connection = adopt(work);
  {
    const Sandbox outer{*connection};
    work.exec("INSERT INTO t VALUES (2)");
    {
      const Sandbox inner{*connection};
      work.exec("DELETE FROM t");
    }
    EXPECT_EQ(rows(work), 2);
  }
  EXPECT_EQ(rows(work), 1);
  work.commit();

  pqxx::work after{session()};
  EXPECT_EQ(rows(after), 1);
}

// libpqxx aborts its transaction when a statement fails, so the savepoint is gone, and the row with
// it.
TEST_F(PqxxSandbox, FindsTheAbortAfterAStatementThatFailed) {
  pqxx::work work{session()};
  const auto connection = adopt(work);
  Sandbox sandbox{*connection};
  EXPECT_THROW(work.exec("INSERT INTO nothing VALUES (1)"), pqxx::sql_error);

  EXPECT_THAT([&] { sandbox.close(); },
              ThrowsError(ErrorCode::conflict, "was ended by the code under test"));
}

TEST_F(PqxxSandbox, FindsTheUsersCommit) {
  pqxx::work work{session()};
  const auto connection = adopt(work);
  Sandbox sandbox{*connection};
  work.exec("INSERT INTO t VALUES (1)");
  work.commit();

  EXPECT_THAT([&] { sandbox.close(); },
              ThrowsError(ErrorCode::conflict, "was ended by the code under test"));
}

TEST_F(PqxxSandbox, ContainsTheUsersSubtransactions) {
  pqxx::work work{session()};
  const auto connection = adopt(work);
  {
    const Sandbox sandbox{*connection};
    {
      pqxx::subtransaction kept{work};
      kept.exec("INSERT INTO t VALUES (1)");
      kept.commit();
    }
    {
      pqxx::subtransaction dropped{work};
      EXPECT_THROW(dropped.exec("INSERT INTO t VALUES (1)"), pqxx::unique_violation);
    }
    EXPECT_EQ(rows(work), 1);
  }
  EXPECT_EQ(rows(work), 0);
}

// libpqxx allows one transaction at a time, so the code under test cannot get past the sandbox's.
TEST_F(PqxxSandbox, LeavesNoRoomForAnotherTransaction) {
  pqxx::nontransaction host{session()};
  const auto connection = adopt(host);
  const Sandbox sandbox{*connection};
  EXPECT_THROW(pqxx::work{session()}, pqxx::usage_error);
}

TEST_F(PqxxSandbox, KeepsNothingOfACommitOfItsOwnTransaction) {
  pqxx::nontransaction host{session()};
  const auto connection = adopt(host);
  Sandbox sandbox{*connection};
  host.exec("INSERT INTO t VALUES (1)");
  EXPECT_THROW(host.exec("COMMIT"), pqxx::sql_error);
  EXPECT_THAT([&] { sandbox.close(); },
              ThrowsError(ErrorCode::conflict, "was ended by the code under test"));
  EXPECT_EQ(rows(host), 0);
  host.exec("INSERT INTO t VALUES (2)");
  EXPECT_EQ(rows(host), 1);
}

}  // namespace
}  // namespace seedbed
