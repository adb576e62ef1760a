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

/// Its session was opened by `savepoints`, so it may do with transactions what it likes.
class SociSavepoints : public SociSandbox {
 protected:
  void SetUp() override {
    session_.close();
    session_.open(savepoints(soci::sqlite3), "dbname=" + database_.url().database);
    SociSandbox::SetUp();
    connection_ = adopt(session_);
  }
};

TEST_F(SociSavepoints, ContainsTheUsersTransactionsBesideOurs) {
  {
    const Sandbox sandbox{*connection_};
    {
      soci::transaction users{session_};
      session_ << "insert into t values (1)";
      Transaction ours{*connection_};
      connection_->execute("INSERT INTO t VALUES (2)");
      ours.commit();
      users.commit();
    }
    {
      const soci::transaction dropped{session_};
      connection_->execute("INSERT INTO t VALUES (3)");
    }
    EXPECT_EQ(rows(), 2);
    {
      const Sandbox inner{*connection_};
      session_.begin();
      session_ << "delete from t";
      session_.commit();
      session_.begin();  // left open
    }
    EXPECT_EQ(rows(), 2);
    session_.begin();
    session_.commit();
  }
  EXPECT_EQ(rows(), 0);
  EXPECT_FALSE(connection_->in_transaction());
}

TEST_F(SociSavepoints, LeavesTheUsersTransactionAroundASandbox) {
  soci::transaction users{session_};
  session_ << "insert into t values (1)";
  {
    const Sandbox sandbox{*connection_};
    EXPECT_THROW(session_.commit(), soci::soci_error) << "it is not the sandbox's to end";
    soci::transaction inside{session_};
    session_ << "insert into t values (2)";
    inside.commit();
  }
  users.commit();
  EXPECT_EQ(rows(), 1);
}

TEST_F(SociSavepoints, ForwardsTheRest) {
  session_ << "insert into t values (7)";
  long long id = 0;
  EXPECT_TRUE(session_.get_last_insert_id("t", id));
  EXPECT_EQ(id, 7);
  EXPECT_EQ(session_.get_backend_name(), "sqlite3");
  EXPECT_EQ(session_.empty_blob(), "x\'\'");
  std::string table;
  session_.get_table_names(), soci::into(table);
  EXPECT_EQ(table, "t");
  session_.create_table("u").column("name", soci::dt_string);
  session_.add_column("u", "made", soci::dt_long_long);
  session_ << "insert into u (name, made) values ('x', 1)";
  session_.drop_table("u");
  session_.reconnect();
  EXPECT_EQ(rows(), 1);
}

TEST_F(SociSavepoints, ContainsSessionsOfAPool) {
  soci::connection_pool pool{1};
  pool.at(0).open(savepoints(soci::sqlite3), "dbname=" + database_.url().database);
  soci::session pooled{pool};
  SessionSandbox sandbox{pooled};
  {
    soci::transaction users{pooled};
    pooled << "insert into t values (1)";
    users.commit();
  }
  sandbox.close();
  EXPECT_EQ(rows(), 0);
}

}  // namespace
}  // namespace seedbed
