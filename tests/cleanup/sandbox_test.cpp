#include "seedbed/cleanup/sandbox.hpp"

#include <string>
#include <vector>

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
  /// A raw COMMIT, which is refused where the engine can.
  void commit() {
    if (is("mysql")) {
      connection().execute("COMMIT");
    } else {
      EXPECT_THAT([&] { connection().execute("COMMIT"); },
                  ThrowsError(ErrorCode::conflict, "nothing was committed"));
    }
  }
  /// What `commit` leaves.
  [[nodiscard]] int committed(int kept, int refused) const { return is("mysql") ? kept : refused; }
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

TEST_P(SandboxTest, KeepsNothingOfARawCommitAndFindsIt) {
  Sandbox sandbox{connection()};
  insert(2);
  commit();

  EXPECT_EQ(count(), committed(2, 1));
  EXPECT_THAT([&] { sandbox.close(); },
              ThrowsError(ErrorCode::conflict, "was ended by the code under test ('COMMIT')"));
  EXPECT_NO_THROW(sandbox.close());
  EXPECT_EQ(count(), committed(2, 1));
}

TEST_P(SandboxTest, NamesTheStatementThatEndedIt) {
  Sandbox sandbox{connection()};
  insert(2);
  connection().execute("ROLLBACK");
  static_cast<void>(connection().query("SELECT 1"));
  try {
    sandbox.close();
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.details().statement, "ROLLBACK");
  }
}

TEST_P(SandboxTest, FindsACommitBehindWhichAnotherTransactionBegan) {
  {
    Sandbox sandbox{connection()};
    insert(2);
    commit();
    connection().execute(engine().begin_sql());
    insert(3);

    EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "was ended"));
    EXPECT_FALSE(connection().in_transaction());
    EXPECT_EQ(count(), committed(2, 1));
    connection().execute(engine().begin_sql());
    insert(4);
  }
  connection().execute("COMMIT");
  EXPECT_EQ(count(), committed(3, 2))
      << "the destructor ended a transaction that is not the sandbox's";
}

TEST_P(SandboxTest, CommitsAsUsualBehindIt) {
  {
    const Sandbox sandbox{connection()};
    insert(2);
  }
  {
    Transaction transaction{connection()};
    insert(3);
    transaction.commit();
  }
  insert(4);
  EXPECT_EQ(count(), 3);
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
    EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "'CREATE TABLE'"));
  } else {
    sandbox.close();
    EXPECT_EQ(engine().introspect(connection()).tables().size(), 1U);
  }
}

TEST_P(SandboxTest, SaysSoOnStandardErrorWhenItIsNotClosed) {
  ::testing::internal::CaptureStderr();
  {
    Sandbox sandbox{connection()};
    commit();
  }
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              HasSubstr("was ended by the code under test"));
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(SandboxTest, CanFollowOneAfterTheOther) {
  const std::vector<BoundStatement> prepared{{.sql = "INSERT INTO t VALUES (2)"}};
  for (int i = 0; i < 3; ++i) {
    Sandbox sandbox{connection()};
    run_atomically(connection(), prepared);
    EXPECT_EQ(count(), 2);
  }
  EXPECT_EQ(count(), 1);
}

TEST_P(SandboxTest, FollowsOneThatWasEndedFromWithin) {
  for (int i = 0; i < 3; ++i) {
    Sandbox sandbox{connection()};
    connection().execute("ROLLBACK");
    EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "'ROLLBACK'"));
  }
  Sandbox sandbox{connection()};
  insert(2);
  sandbox.close();
  EXPECT_EQ(count(), 1);
}

TEST_P(SandboxTest, ChecksConstraintsThatWaitForTheCommit) {
  connection().execute(
      "CREATE TABLE child (t_id INT, FOREIGN KEY (t_id) REFERENCES t (id)" +
      pick(" DEFERRABLE INITIALLY DEFERRED)", " DEFERRABLE INITIALLY DEFERRED)", ")"));
  Sandbox sandbox{connection()};
  EXPECT_NO_THROW(sandbox.check_constraints());
  if (!is("mysql")) {
    connection().execute("INSERT INTO child VALUES (7)");
    EXPECT_THAT([&] { sandbox.check_constraints(); },
                ThrowsError(ErrorCode::constraint_violation, "child"));
    EXPECT_THAT([&] { sandbox.check_constraints(); },
                ThrowsError(ErrorCode::constraint_violation, "child"));
    insert(7);
    EXPECT_NO_THROW(sandbox.check_constraints());
    commit();
    EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "'COMMIT'"));
  }
  sandbox.close();
  EXPECT_EQ(count(), 1);
}

TEST_P(SandboxTest, SaysUnavailableWhenTheConnectionIsLost) {
  if (is("sqlite")) return;
  Sandbox sandbox{connection()};
  insert(2);
  const auto id =
      connection().query_value(pick("", "SELECT pg_backend_pid()", "SELECT CONNECTION_ID()"));
  const auto other = connect();
  static_cast<void>(other->query(
      pick("", "SELECT pg_terminate_backend(" + id.display() + ", 5000)", "SELECT 1")));
  if (is("mysql")) other->execute("KILL CONNECTION " + id.display());

  EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::unavailable, ""));
  EXPECT_EQ(other->query_value("SELECT COUNT(*) FROM t"), Value{1});
}

class SqliteSandbox : public SandboxTest {};
INSTANTIATE_TEST_SUITE_P(, SqliteSandbox, ::testing::Values("sqlite"));

TEST_P(SqliteSandbox, KeepsNothingOfWhatFollowsACommit) {
  Sandbox sandbox{connection()};
  commit();
  EXPECT_THAT([&] { insert(2); }, ThrowsError(ErrorCode::conflict, "nothing was committed"));
  EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "'COMMIT'"));
  EXPECT_EQ(count(), 1);
}

class PostgresSandbox : public SandboxTest {};
INSTANTIATE_TEST_SUITE_P(, PostgresSandbox, ::testing::Values("postgres"));

TEST_P(PostgresSandbox, LetsConstraintsBeSetAndStillRefusesTheCommit) {
  const std::vector<std::string> ways{
      "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED",
      "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL IMMEDIATE",
      "SAVEPOINT mine; SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK TO SAVEPOINT mine",
      "SAVEPOINT mine; SET CONSTRAINTS ALL IMMEDIATE; RELEASE SAVEPOINT mine",
      "SET LOCAL ROLE pg_monitor; SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE",
      "SET LOCAL session_replication_role = replica; SET CONSTRAINTS ALL IMMEDIATE",
      "DO $$ BEGIN SET CONSTRAINTS ALL IMMEDIATE; EXCEPTION WHEN OTHERS THEN RAISE; END $$"};
  for (const auto& way : ways) {
    Sandbox sandbox{connection()};
    EXPECT_NO_THROW(connection().execute_script(way)) << way;
    insert(2);
    commit();
    EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "'COMMIT'"));
    EXPECT_EQ(count(), 1) << way;
  }
}

TEST_P(PostgresSandbox, RefusesThePreparedCommitAndTheChainedOne) {
  for (const std::string sql : {"PREPARE TRANSACTION 'mine'", "COMMIT AND CHAIN"}) {
    Sandbox sandbox{connection()};
    insert(2);
    EXPECT_THAT([&] { connection().execute(sql); },
                ThrowsError(ErrorCode::conflict, "nothing was committed"));
    EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "was ended"));
    EXPECT_EQ(count(), 1);
  }
}

TEST_P(PostgresSandbox, RefusesCommitsAlsoAfterDiscard) {
  { const Sandbox first{connection()}; }
  connection().execute("DISCARD ALL");
  Sandbox sandbox{connection()};
  commit();
  EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "'COMMIT'"));
}

TEST_P(PostgresSandbox, FindsCommitsWithoutTheRightToRefuseThem) {
  const std::string role = "seedbed_poor_" + url().database;
  connection().execute_script("REVOKE TEMPORARY ON DATABASE \"" + url().database +
                              "\" FROM PUBLIC; CREATE ROLE \"" + role + "\"; GRANT ALL ON t TO \"" +
                              role + "\"; SET ROLE \"" + role + '"');
  Sandbox sandbox{connection()};
  insert(2);
  connection().execute("COMMIT");
  EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "'COMMIT'"));
  EXPECT_EQ(count(), 2);
  connection().execute_script("RESET ROLE; DROP OWNED BY \"" + role + "\"; DROP ROLE \"" + role +
                              '"');
}

}  // namespace
}  // namespace seedbed
