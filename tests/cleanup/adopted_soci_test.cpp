#include <gtest/gtest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "seedbed/cleanup/sandbox.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/engines/adopt/soci.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

/// The code under test has a session of its own.
class SociSandbox : public ::testing::Test {
 protected:
  void SetUp() override { session_ << "create table t (id integer primary key)"; }
  [[nodiscard]] int rows() {
    int count = 0;
    session_ << "select count(*) from t", soci::into(count);
    return count;
  }

  testing::TestDatabase database_{"sqlite"};
  soci::session session_{soci::sqlite3, "dbname=" + database_.url().database};
  std::unique_ptr<Connection> connection_ = adopt(session_);
};

TEST_F(SociSandbox, UndoesWhatTheUsersSessionDid) {
  {
    const Sandbox outer{*connection_};
    session_ << "insert into t values (1)";
    {
      const Sandbox inner{*connection_};
      session_ << "insert into t values (2)";
      EXPECT_EQ(rows(), 2);
    }
    EXPECT_EQ(rows(), 1);
  }
  EXPECT_EQ(rows(), 0);
}

TEST_F(SociSandbox, LeavesTheUsersTransactionAsItIs) {
  soci::transaction users{session_};
  session_ << "insert into t values (1)";
  {
    const Sandbox sandbox{*connection_};
    session_ << "insert into t values (2)";
  }
  users.commit();
  EXPECT_EQ(rows(), 1);
}

TEST_F(SociSandbox, FindsTheUsersCommit) {
  Sandbox sandbox{*connection_};
  session_ << "insert into t values (1)";
  EXPECT_THROW(session_.commit(), soci::soci_error);

  EXPECT_THAT([&] { sandbox.close(); },
              ThrowsError(ErrorCode::conflict, "was ended by the code under test ('COMMIT')"));
  EXPECT_EQ(rows(), 0);
}

}  // namespace
}  // namespace seedbed
