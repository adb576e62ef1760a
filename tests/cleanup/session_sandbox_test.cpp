#include <memory>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <soci/soci.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/adopt/soci.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

// What the drivers' headers declare, without the C libraries' headers that they include.
extern "C" {
const soci::backend_factory* factory_sqlite3();
const soci::backend_factory* factory_postgresql();
const soci::backend_factory* factory_mysql();
}

namespace seedbed {
namespace {

using testing::EngineTest;
using testing::ThrowsError;

/// The code under test has a SOCI session; `connection()` is an observer.
class SessionSandboxTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped()) return;
    connection().execute("CREATE TABLE t (id INT PRIMARY KEY)");
    session_.open(savepoints(driver()), address());
  }
  void TearDown() override {
    session_.close();
    EngineTest::TearDown();
  }

  [[nodiscard]] const soci::backend_factory& driver() const {
    if (is("sqlite")) return *factory_sqlite3();
    return is("postgres") ? *factory_postgresql() : *factory_mysql();
  }
  [[nodiscard]] std::string address() const {
    if (is("sqlite")) return "dbname=" + url().database;
    return fmt::format("host={} port={} {}={} user={} password={}", url().host, url().port,
                       is("mysql") ? "db" : "dbname", url().database, url().user, url().password);
  }
  [[nodiscard]] soci::session& session() { return session_; }
  void insert(int id) { session_ << "insert into t values (" << id << ")"; }
  [[nodiscard]] int rows() {
    int count = 0;
    session_ << "select count(*) from t", soci::into(count);
    return count;
  }
  /// As another connection sees it.
  [[nodiscard]] int committed_rows() {
    return connection().query_value("SELECT COUNT(*) FROM t").as<int>();
  }
  void kill_session() {
    std::string id;
    session_ << pick("", "select cast(pg_backend_pid() as text)", "select connection_id()"),
        soci::into(id);
    if (is("mysql")) return static_cast<void>(connection().execute("KILL CONNECTION " + id));
    static_cast<void>(connection().query("SELECT pg_terminate_backend(" + id + ", 5000)"));
  }

 private:
  soci::session session_;
};
SEEDBED_ON_ALL_ENGINES(SessionSandboxTest);

TEST_P(SessionSandboxTest, UndoesWhatWasCommittedInside) {
  SessionSandbox sandbox{session()};
  {
    soci::transaction users{session()};
    insert(1);
    users.commit();
  }
  session().begin();
  insert(2);
  session().commit();
  insert(3);
  EXPECT_EQ(rows(), 3);
  sandbox.close();
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(committed_rows(), 0);
}

TEST_P(SessionSandboxTest, RollsBackToTheInnermostBegin) {
  SessionSandbox sandbox{session()};
  session().begin();
  insert(1);
  session().begin();
  insert(2);
  session().begin();
  insert(3);
  session().commit();
  EXPECT_EQ(rows(), 3);
  session().rollback();
  EXPECT_EQ(rows(), 1);
  session().commit();
  session().begin();
  insert(4);
  session().rollback();
  EXPECT_EQ(rows(), 1);
  sandbox.close();
  EXPECT_EQ(rows(), 0);
}

TEST_P(SessionSandboxTest, RollsBackWhatAnExceptionLeaves) {
  SessionSandbox sandbox{session()};
  insert(1);
  const auto fail = [this] {
    const soci::transaction users{session()};
    insert(2);
    throw std::runtime_error{"in the middle"};
  };
  EXPECT_THROW(fail(), std::runtime_error);
  EXPECT_EQ(rows(), 1);
}

TEST_P(SessionSandboxTest, GoesOnBehindAStatementThatFailsInATransaction) {
  SessionSandbox sandbox{session()};
  insert(1);
  {
    const soci::transaction users{session()};
    insert(2);
    EXPECT_THROW(insert(2), soci::soci_error);
  }
  insert(3);
  EXPECT_EQ(rows(), 2);
  sandbox.close();
  EXPECT_EQ(rows(), 0);
}

TEST_P(SessionSandboxTest, GoesOnBehindWhateverFailedOutsideOfTransactions) {
  SessionSandbox sandbox{session()};
  insert(1);
  int id = 1;
  EXPECT_THROW(insert(1), soci::soci_error);
  EXPECT_THROW((session() << "insert into t values (:id)", soci::use(id)), soci::soci_error);
  EXPECT_THROW(session() << "insrt into t values (7)", soci::soci_error);
  const auto prepare = [&] {
    soci::statement broken =
        (session().prepare << "select missing from t where id = :id", soci::use(id));
    broken.execute();
  };
  EXPECT_THROW(prepare(), soci::soci_error);
  EXPECT_THROW(session() << "insert into t values (2), (3), (1)", soci::soci_error);
  EXPECT_THROW(session() << "select * from missing", soci::soci_error);
  EXPECT_EQ(rows(), 1);
  insert(2);
  EXPECT_THROW(insert(2), soci::soci_error);
  EXPECT_EQ(rows(), 2);
  sandbox.close();
  EXPECT_EQ(rows(), 0);
}

TEST_P(SessionSandboxTest, KeepsPreparedStatementsThatFail) {
  SessionSandbox sandbox{session()};
  int id = 1;
  soci::statement prepared = (session().prepare << "insert into t values (:id)", soci::use(id));
  prepared.execute(true);
  EXPECT_THROW(prepared.execute(true), soci::soci_error);
  id = 2;
  prepared.execute(true);
  EXPECT_EQ(rows(), 2);
}

TEST_P(SessionSandboxTest, ReadsRowsOfAnyKind) {
  const SessionSandbox sandbox{session()};
  for (const int id : {1, 2, 3}) insert(id);
  int sum = 0;
  const soci::rowset<soci::row> dynamic = (session().prepare << "select id from t order by id");
  for (const auto& row : dynamic) sum += row.get<int>(0);
  std::vector<int> ids(10);
  session() << "select id from t order by id", soci::into(ids);
  EXPECT_EQ(sum, 6);
  EXPECT_EQ(ids, (std::vector<int>{1, 2, 3}));
  std::vector<int> more{4, 5};
  session() << "insert into t values (:id)", soci::use(more);
  EXPECT_EQ(rows(), 5);
}

TEST_P(SessionSandboxTest, LeavesTransactionsOfTheCodeAsTheDatabaseHasThem) {
  SessionSandbox sandbox{session()};
  insert(1);
  EXPECT_THROW(insert(1), soci::soci_error);
  session().begin();
  insert(2);
  EXPECT_THROW(insert(2), soci::soci_error);
  if (is("postgres")) {
    EXPECT_THROW(insert(3), soci::soci_error);
  } else {
    insert(3);
  }
  session().rollback();
  EXPECT_EQ(rows(), 1);
  {
    const SessionSandbox inner{session()};
    insert(2);
    EXPECT_THROW(insert(2), soci::soci_error);
    EXPECT_EQ(rows(), 2);
  }
  EXPECT_THROW(insert(1), soci::soci_error);
  EXPECT_EQ(rows(), 1);
}

TEST_P(SessionSandboxTest, LeavesSavepointsInTextToTheCode) {
  const SessionSandbox sandbox{session()};
  insert(1);
  session() << "SAVEPOINT mine";
  insert(2);
  session() << "ROLLBACK TO SAVEPOINT mine";
  EXPECT_EQ(rows(), 1);
}

TEST_P(SessionSandboxTest, GivesTheDriversBackend) {
  EXPECT_NE(driver_backend(session()), session().get_backend());
  EXPECT_EQ(driver_backend(session())->get_backend_name(), session().get_backend_name());
  soci::session plain{driver(), address()};
  EXPECT_EQ(driver_backend(plain), plain.get_backend());
}

TEST_P(SessionSandboxTest, RollsBackTransactionsThatWereLeftOpen) {
  {
    const SessionSandbox sandbox{session()};
    session().begin();
    insert(1);
    session().begin();
    insert(2);
  }
  EXPECT_EQ(rows(), 0);
  session().begin();
  insert(3);
  EXPECT_EQ(committed_rows(), 0);
  session().commit();
  EXPECT_EQ(committed_rows(), 1);
}

TEST_P(SessionSandboxTest, LeavesTransactionsOutsideToTheDriver) {
  session().begin();
  insert(1);
  session().rollback();
  soci::transaction users{session()};
  insert(2);
  users.commit();
  EXPECT_EQ(committed_rows(), 1);
}

TEST_P(SessionSandboxTest, Nests) {
  SessionSandbox outer{session()};
  session().begin();
  insert(1);
  {
    const SessionSandbox inner{session()};
    insert(2);
    session().begin();
    insert(3);
    session().commit();
    session().begin();
  }
  EXPECT_EQ(rows(), 1);
  session().rollback();
  EXPECT_EQ(rows(), 0);
}

TEST_P(SessionSandboxTest, EndsWithoutABeginAsTheDriverDoes) {
  SessionSandbox sandbox{session()};
  insert(1);
  if (is("sqlite")) {
    EXPECT_THROW(session().commit(), soci::soci_error);
    EXPECT_THROW(session().rollback(), soci::soci_error);
  } else {
    session().commit();
    session().rollback();
  }
  EXPECT_EQ(rows(), 1);
  sandbox.close();
  EXPECT_EQ(rows(), 0);
}

TEST_P(SessionSandboxTest, KeepsNothingOfARawCommitAndFindsIt) {
  SessionSandbox sandbox{session()};
  insert(1);
  if (is("mysql")) {
    session() << "COMMIT";
  } else {
    EXPECT_THROW(session() << "COMMIT", soci::soci_error);
  }
  EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "was ended by the code"));
  EXPECT_NO_THROW(sandbox.close());
  EXPECT_EQ(committed_rows(), is("mysql") ? 1 : 0);
}

TEST_P(SessionSandboxTest, FindsARawRollback) {
  SessionSandbox sandbox{session()};
  session() << "ROLLBACK";
  session() << "BEGIN";
  insert(1);
  EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "was ended by the code"));
  EXPECT_EQ(committed_rows(), 0);
  insert(2);
  EXPECT_EQ(committed_rows(), 1) << "the transaction was left open";
}

TEST_P(SessionSandboxTest, FindsDdlThatCommitsByItself) {
  SessionSandbox sandbox{session()};
  session() << "CREATE TABLE u (id INT)";
  if (is("mysql")) {
    EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "was ended"));
  } else {
    sandbox.close();
    EXPECT_EQ(engine().introspect(connection()).tables().size(), 1U);
  }
}

TEST_P(SessionSandboxTest, KeepsPreparedStatementsForTheNext) {
  int id = 1;
  std::unique_ptr<soci::statement> prepared;
  for (int i = 0; i < 3; ++i) {
    const SessionSandbox sandbox{session()};
    if (!prepared) {
      prepared = std::make_unique<soci::statement>(
          (session().prepare << "insert into t values (:id)", soci::use(id)));
    }
    soci::transaction users{session()};
    prepared->execute(true);
    users.commit();
    EXPECT_EQ(rows(), 1);
  }
  EXPECT_EQ(rows(), 0);
}

TEST_P(SessionSandboxTest, ChecksConstraintsThatWaitForTheCommit) {
  connection().execute(
      "CREATE TABLE child (t_id INT, FOREIGN KEY (t_id) REFERENCES t (id)" +
      pick(" DEFERRABLE INITIALLY DEFERRED)", " DEFERRABLE INITIALLY DEFERRED)", ")"));
  if (is("sqlite")) session() << "pragma foreign_keys = on";
  SessionSandbox sandbox{session()};
  EXPECT_NO_THROW(sandbox.check_constraints());
  if (is("mysql")) return;
  session() << "insert into child values (7)";
  EXPECT_THAT([&] { sandbox.check_constraints(); },
              ThrowsError(ErrorCode::constraint_violation, "child"));
  insert(7);
  EXPECT_NO_THROW(sandbox.check_constraints());
  sandbox.close();
  EXPECT_EQ(rows(), 0);
}

TEST_P(SessionSandboxTest, RefusesOtherSessionsAndOpenTransactions) {
  soci::session plain{driver(), address()};
  EXPECT_THAT([&] { SessionSandbox{plain}; },
              ThrowsError(ErrorCode::invalid_input, "not opened by 'savepoints'"));
  soci::session closed;
  EXPECT_THAT([&] { SessionSandbox{closed}; }, ThrowsError(ErrorCode::invalid_input, ""));
  session().begin();
  EXPECT_THAT([&] { SessionSandbox{session()}; },
              ThrowsError(ErrorCode::conflict, "a transaction is open"));
  session().rollback();
}

TEST_P(SessionSandboxTest, FindsASessionThatWasClosedOrReconnected) {
  {
    SessionSandbox sandbox{session()};
    insert(1);
    session().reconnect();
    EXPECT_THAT([&] { sandbox.close(); },
                ThrowsError(ErrorCode::conflict, "closed or reconnected"));
  }
  SessionSandbox sandbox{session()};
  insert(1);
  session().close();
  EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::conflict, "closed or reconnected"));
  EXPECT_EQ(committed_rows(), 0);
}

TEST_P(SessionSandboxTest, SaysUnavailableWhenTheConnectionIsLost) {
  if (is("sqlite")) return;
  SessionSandbox sandbox{session()};
  insert(1);
  kill_session();
  EXPECT_THAT([&] { sandbox.close(); }, ThrowsError(ErrorCode::unavailable, ""));
  EXPECT_EQ(committed_rows(), 0);
}

}  // namespace
}  // namespace seedbed
