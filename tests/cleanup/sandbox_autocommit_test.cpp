#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/cleanup/sandbox.hpp"
#include "seedbed/core/error.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

// Statements that fail in a sandbox, outside of transactions of the code under test.
namespace seedbed {
namespace {

using testing::EngineTest;
using testing::ThrowsError;

class SandboxAutocommit : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped()) return;
    connection().execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY)");
    insert(1);
  }
  void insert(int id) { connection().execute(fmt::format("INSERT INTO t VALUES ({})", id)); }
  void expect_duplicate(const std::string& sql) {
    EXPECT_THAT([&] { connection().execute(sql); },
                ThrowsError(ErrorCode::constraint_violation, ""));
  }
  static void expect_aborted(const std::function<void()>& statement) {
    try {
      statement();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_EQ(error.details().sqlstate, "25P02") << error.what();
    }
  }
  [[nodiscard]] int count() { return connection().query_value("SELECT COUNT(*) FROM t").as<int>(); }
};
SEEDBED_ON_ALL_ENGINES(SandboxAutocommit);

TEST_P(SandboxAutocommit, GoesOnBehindWhateverFailed) {
  const std::string mark = pick("?", "$1", "?");
  const std::vector<BoundStatement> failing{
      {.sql = "INSERT INTO t VALUES (1)"},
      {.sql = "INSERT INTO t VALUES (" + mark + ")", .arguments = {Value{1}}},
      {.sql = "INSRT INTO t VALUES (7)"},
      {.sql = "UPDATE t SET id = 1 WHERE id > 1"},
      {.sql = "DELETE FROM nothing"},
      {.sql = "SELECT missing FROM t"},
      {.sql = "CREATE TABLE /* twice */ t (id INT)"}};
  Sandbox sandbox{connection()};
  int kept = 1;
  for (const auto& statement : failing) {
    if (is("mysql") && statement.sql.starts_with("CREATE")) continue;  // DDL ends the sandbox
    insert(10 + kept++);
    EXPECT_THROW(connection().execute(statement.sql, statement.arguments), Error);
    EXPECT_EQ(count(), kept) << statement.sql;
    EXPECT_THROW(static_cast<void>(connection().query(statement.sql, statement.arguments)), Error);
    EXPECT_EQ(count(), kept) << statement.sql;
    EXPECT_THROW(connection().run_all({&statement, 1}), Error);
    EXPECT_EQ(count(), kept) << statement.sql;
    EXPECT_THROW(connection().execute_script(statement.sql + ";" + statement.sql), Error);
    EXPECT_EQ(count(), kept) << statement.sql;
  }
  sandbox.close();
  EXPECT_EQ(count(), 1);
}

TEST_P(SandboxAutocommit, LeavesNothingOfAStatementOfManyRows) {
  Sandbox sandbox{connection()};
  insert(2);
  expect_duplicate("INSERT INTO t VALUES (3), (4), (1), (5)");
  EXPECT_EQ(count(), 2);
  expect_duplicate("INSERT INTO t SELECT id + 1 FROM t");
  EXPECT_EQ(count(), 2);
  insert(3);
  sandbox.close();
  EXPECT_EQ(count(), 1);
}

TEST_P(SandboxAutocommit, LeavesNothingOfABulkLoad) {
  Sandbox sandbox{connection()};
  insert(2);
  const Schema schema = engine().introspect(connection());
  const BulkTarget target{.table = schema.tables().front(), .columns = {"id"}};
  bool sent = false;
  const BatchSource rows = [&sent](ColumnBatch& batch) {
    if (sent) return false;
    for (const int id : {5, 6, 2}) batch.column(0).append(Value{id});
    return sent = true;
  };
  EXPECT_THROW(connection().bulk_load(target, rows), Error);
  EXPECT_EQ(count(), 2);
  insert(3);
  sandbox.close();
  EXPECT_EQ(count(), 1);
}

TEST_P(SandboxAutocommit, LeavesTransactionsOfTheCodeAsTheDatabaseHasThem) {
  Sandbox sandbox{connection()};
  insert(2);
  {
    Transaction users{connection()};
    insert(3);
    expect_duplicate("INSERT INTO t VALUES (3)");
    if (is("postgres")) {
      expect_aborted([&] { insert(4); });
      expect_aborted([&] { users.commit(); });
    } else {
      insert(4);
      EXPECT_EQ(count(), 4);
    }
  }
  EXPECT_EQ(count(), 2);
  expect_duplicate("INSERT INTO t VALUES (2)");
  {
    Transaction users{connection()};
    insert(3);
    users.commit();
  }
  expect_duplicate("INSERT INTO t VALUES (3)");
  EXPECT_EQ(count(), 3);
  sandbox.close();
  EXPECT_EQ(count(), 1);
}

TEST_P(SandboxAutocommit, HoldsInEachOfNestedSandboxes) {
  Transaction around{connection()};
  {
    const Sandbox outer{connection()};
    insert(2);
    expect_duplicate("INSERT INTO t VALUES (2)");
    {
      const Sandbox inner{connection()};
      insert(3);
      expect_duplicate("INSERT INTO t VALUES (3)");
      EXPECT_EQ(count(), 3);
    }
    expect_duplicate("INSERT INTO t VALUES (2)");
    EXPECT_EQ(count(), 2);
  }
  around.rollback();
  EXPECT_EQ(count(), 1);
}

class PostgresAutocommit : public SandboxAutocommit {};
INSTANTIATE_TEST_SUITE_P(, PostgresAutocommit, ::testing::Values("postgres"));

TEST_P(PostgresAutocommit, GoesOnBehindAStreamThatFailsInTheMiddle) {
  Sandbox sandbox{connection()};
  insert(2);
  constexpr const char* kSql = "SELECT 1 / (30000 - i) FROM generate_series(1, 40000) AS i";
  EXPECT_THROW(static_cast<void>(connection().query(kSql)), Error);
  EXPECT_EQ(count(), 2);
  {
    const auto abandoned = connection().stream(kSql);
    ColumnBatch batch;
    EXPECT_TRUE(abandoned->next(batch));
    EXPECT_THROW(insert(3), Error) << "the stream is being read";
  }
  EXPECT_EQ(count(), 2);
  { const auto unread = connection().stream("SELECT i FROM generate_series(1, 40000) AS i"); }
  insert(3);
  EXPECT_EQ(count(), 3);
}

TEST_P(PostgresAutocommit, GoesOnBehindWhatSpeaksAnotherProtocolOrTakesTooLong) {
  Sandbox sandbox{connection()};
  insert(2);
  for (const std::string sql : {"COPY t FROM STDIN", "/* out */ COPY t TO STDOUT"}) {
    EXPECT_THAT([&] { connection().execute(sql); }, ThrowsError(ErrorCode::unsupported, "COPY"));
    EXPECT_EQ(count(), 2) << sql;
  }
  EXPECT_EQ(connection().execute("COPY t TO PROGRAM 'cat >/dev/null'"), 2U);
  connection().execute("SET LOCAL statement_timeout = 20");
  EXPECT_THROW(static_cast<void>(connection().query("SELECT pg_sleep(5)")), Error);
  connection().execute("SET LOCAL statement_timeout = 0");
  EXPECT_EQ(count(), 2);
}

TEST_P(PostgresAutocommit, NeedsNoPreparedStatements) {
  Sandbox sandbox{connection()};
  insert(2);
  connection().execute("DEALLOCATE ALL");
  insert(3);
  expect_duplicate("INSERT INTO t VALUES (3)");
  EXPECT_EQ(count(), 3);
}

TEST_P(PostgresAutocommit, LeavesSavepointsInTextToTheCode) {
  Sandbox sandbox{connection()};
  connection().execute("SAVEPOINT mine");
  insert(2);
  expect_duplicate("INSERT INTO t VALUES (2)");
  connection().execute("-- mine\nROLLBACK TO SAVEPOINT mine");
  EXPECT_EQ(count(), 1);
  connection().execute("RELEASE mine");
}

TEST_P(PostgresAutocommit, EndsWithABeginInText) {
  for (const std::string begin : {"BEGIN", "SELECT 1; START TRANSACTION"}) {
    Sandbox sandbox{connection()};
    insert(2);
    connection().execute_script(begin);
    expect_duplicate("INSERT INTO t VALUES (2)");
    expect_aborted([&] { insert(3); });
    connection().execute("ROLLBACK");
    EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "'ROLLBACK'"));
    EXPECT_EQ(count(), 1);
  }
}

TEST_P(PostgresAutocommit, FindsAProcedureThatCommits) {
  connection().execute("CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$");
  Sandbox sandbox{connection()};
  insert(2);
  EXPECT_THROW(connection().execute("CALL p()"), Error);
  EXPECT_EQ(count(), 2);
  EXPECT_NO_THROW(sandbox.close());
}

}  // namespace
}  // namespace seedbed
