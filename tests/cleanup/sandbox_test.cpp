#include "seedbed/cleanup/sandbox.hpp"

#include <string>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using testing::EngineTest;
using ::testing::HasSubstr;
using testing::ThrowsError;

class SandboxTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped()) return;
    connection().execute("CREATE TABLE t (id INT PRIMARY KEY)");
    connection().execute("INSERT INTO t VALUES (1)");
  }
  void insert(int id) { connection().execute("INSERT INTO t VALUES (" + std::to_string(id) + ")"); }
  [[nodiscard]] int count() { return connection().query_value("SELECT COUNT(*) FROM t").as<int>(); }
};
SEEDBED_ON_ALL_ENGINES(SandboxTest);

TEST_P(SandboxTest, UndoesWhatHappenedInside) {
  {
    Sandbox sandbox{connection()};
    sandbox.connection().execute("DELETE FROM t");
    insert(2);
    insert(3);
    EXPECT_EQ(count(), 2);
  }
  EXPECT_EQ(count(), 1);
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(SandboxTest, UndoesOurOwnCommittedTransactions) {
  Sandbox sandbox{connection()};
  {
    Transaction outer{connection()};
    insert(2);
    Transaction inner{connection()};
    insert(3);
    inner.commit();
    outer.commit();
  }
  EXPECT_EQ(count(), 3);
  sandbox.close();
  EXPECT_EQ(count(), 1);
}

TEST_P(SandboxTest, Nests) {
  Sandbox outer{connection()};
  insert(2);
  {
    Sandbox inner{connection()};
    insert(3);
    EXPECT_EQ(count(), 3);
  }
  EXPECT_EQ(count(), 2);
  outer.close();
  EXPECT_EQ(count(), 1);
}

TEST_P(SandboxTest, LeavesTheTransactionAroundItOpen) {
  Transaction transaction{connection()};
  insert(2);
  {
    Sandbox sandbox{connection()};
    insert(3);
  }
  transaction.commit();
  EXPECT_EQ(count(), 2);
}

TEST_P(SandboxTest, OutlivesAStatementThatFails) {
  Sandbox sandbox{connection()};
  insert(2);
  EXPECT_THROW(insert(2), Error);
  sandbox.close();
  EXPECT_EQ(count(), 1);
}

TEST_P(SandboxTest, FindsARawCommit) {
  Sandbox sandbox{connection()};
  insert(2);
  connection().execute("COMMIT");

  EXPECT_THAT([&] { sandbox.close(); },
              ThrowsError(ErrorCode::conflict, "was ended by the code under test"));
  EXPECT_NO_THROW(sandbox.close());
  EXPECT_EQ(count(), 2);
}

TEST_P(SandboxTest, FindsACommitBehindWhichAnotherTransactionBegan) {
  {
    Sandbox sandbox{connection()};
    insert(2);
    connection().execute("COMMIT");
    connection().execute(engine().begin_sql());
    insert(3);

    EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "was ended"));
    EXPECT_FALSE(connection().in_transaction());
    EXPECT_EQ(count(), 2);
    connection().execute(engine().begin_sql());
    insert(4);
  }
  connection().execute("COMMIT");
  EXPECT_EQ(count(), 3) << "the destructor ended a transaction that is not the sandbox's";
}

TEST_P(SandboxTest, FindsARawRollback) {
  Sandbox sandbox{connection()};
  connection().execute("ROLLBACK");
  EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "was ended"));
}

TEST_P(SandboxTest, FindsDdlThatCommitsByItself) {
  Sandbox sandbox{connection()};
  connection().execute("CREATE TABLE u (id INT)");
  if (is("mysql")) {
    EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "commits by itself"));
  } else {
    sandbox.close();
    EXPECT_EQ(engine().introspect(connection()).tables().size(), 1U);
  }
}

TEST_P(SandboxTest, SaysSoOnStandardErrorWhenItIsNotClosed) {
  ::testing::internal::CaptureStderr();
  {
    Sandbox sandbox{connection()};
    connection().execute("COMMIT");
  }
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              HasSubstr("was ended by the code under test"));
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(SandboxTest, CanFollowOneAfterTheOther) {
  for (int i = 0; i < 3; ++i) {
    Sandbox sandbox{connection()};
    insert(2);
  }
  EXPECT_EQ(count(), 1);
}

}  // namespace
}  // namespace seedbed
