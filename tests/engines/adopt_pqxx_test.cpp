#include <cmath>
#include <memory>

#include <gmock/gmock.h>
#include <pqxx/pqxx>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/adopt/pqxx.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/postgres_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ThrowsError;

class AdoptPqxx : public testing::PostgresTest {
 protected:
  void SetUp() override {
    PostgresTest::SetUp();
    if (IsSkipped()) return;
    db().execute("CREATE TABLE t (a INT PRIMARY KEY, b TEXT)");
    user_ = std::make_unique<pqxx::connection>(url().to_string());
  }
  void TearDown() override {
    user_.reset();
    PostgresTest::TearDown();
  }

  [[nodiscard]] pqxx::connection& user() { return *user_; }
  [[nodiscard]] std::int64_t committed_rows() { return number("SELECT count(*) FROM t"); }
  void terminate_users_session() {
    db().execute("SELECT pg_terminate_backend($1)", std::vector<Value>{user().backendpid()});
  }

 private:
  std::unique_ptr<pqxx::connection> user_;
};

const std::string kDuplicate = "INSERT INTO t VALUES (1, 'twice')";

/// A source of `rows` rows, at most 1000 in a batch, whose cells COPY has to escape.
auto awkward_rows(int rows) {
  return [row = 0, rows](ColumnBatch& batch) mutable {
    for (int i = 0; i < 1000 && row < rows; ++i, ++row) {
      batch.append({row + 5, "tab\t back\\slash 'quote'\n\\N \\. ä",
                    row == 0 ? std::nan("") : row / 3.0, Bytes{std::string{"\x00\\'", 3}},
                    row % 2 == 0, "2026-01-31", "12345678901234567890.0123456789"});
    }
    return batch.row_count() > 0;
  };
}

Error error_of(Connection& connection, const std::string& sql) {
  try {
    connection.execute(sql);
  } catch (const Error& error) {
    return error;
  }
  return Error{ErrorCode::internal, "accepted: " + sql};
}

TEST_F(AdoptPqxx, WritesInTheUsersTransactionAndEndsNothing) {
  pqxx::work work{user()};
  {
    const auto adopted = adopt(work);
    EXPECT_TRUE(adopted->adopted());
    EXPECT_TRUE(adopted->in_transaction());
    EXPECT_EQ(adopted->database_name(), url().database);
    EXPECT_EQ(adopted->execute("INSERT INTO t VALUES ($1, $2)", std::vector<Value>{1, "it's"}), 1U);
    EXPECT_EQ(adopted->execute("SELECT * FROM t"), 0U);
  }
  EXPECT_EQ(committed_rows(), 0);

  EXPECT_EQ(work.exec1("SELECT b FROM t")[0].as<std::string>(), "it's");
  work.commit();

  EXPECT_EQ(committed_rows(), 1);
}

TEST_F(AdoptPqxx, NestsSavepointsWhoseFailureLeavesTheUsersTransactionUsable) {
  pqxx::work work{user()};
  const auto adopted = adopt(work);
  Transaction outer{*adopted};
  adopted->execute("INSERT INTO t VALUES (1, 'kept')");
  {
    const Transaction inner{*adopted};
    EXPECT_TRUE(inner.nested());
    EXPECT_THAT([&] { adopted->execute(kDuplicate); },
                ThrowsError(ErrorCode::constraint_violation, "\"t_pkey\" (key: a)"));
  }
  outer.commit();

  work.exec("INSERT INTO t VALUES (2, 'by the user')");
  work.commit();

  EXPECT_EQ(committed_rows(), 2);
}

// libpqxx sends a subtransaction's SAVEPOINT with its first exec, and never with exec_params:
// without it the failure below aborts the whole transaction.
TEST_F(AdoptPqxx, SendsTheSavepointOfASubtransaction) {
  pqxx::work work{user()};
  work.exec("INSERT INTO t VALUES (1, 'kept')");
  {
    pqxx::subtransaction sub{work};
    const auto adopted = adopt(sub);
    EXPECT_TRUE(adopted->in_transaction());
    EXPECT_THAT([&] { adopted->execute(kDuplicate); },
                ThrowsError(ErrorCode::constraint_violation, "t_pkey"));
    sub.abort();
  }

  work.commit();
  EXPECT_EQ(committed_rows(), 1);
}

TEST_F(AdoptPqxx, TellsWhetherANontransactionIsInsideATransaction) {
  pqxx::nontransaction none{user()};
  const auto adopted = adopt(none);
  EXPECT_FALSE(adopted->in_transaction());
  {
    const Transaction transaction{*adopted};
    EXPECT_FALSE(transaction.nested());
    EXPECT_TRUE(adopted->in_transaction());
    adopted->execute("INSERT INTO t VALUES (1, 'dropped')");
    EXPECT_THROW(adopted->execute(kDuplicate), Error);
    EXPECT_TRUE(adopted->in_transaction());
  }
  EXPECT_FALSE(adopted->in_transaction());

  adopted->execute("INSERT INTO t VALUES (2, 'at once')");
  EXPECT_EQ(committed_rows(), 1);
}

TEST_F(AdoptPqxx, RefusesToCommitAFailedTransactionOfItsOwn) {
  pqxx::nontransaction none{user()};
  const auto adopted = adopt(none);
  Transaction transaction{*adopted};
  adopted->execute("INSERT INTO t VALUES (1, 'dropped')");
  EXPECT_THROW(adopted->execute(kDuplicate), Error);

  EXPECT_THAT([&] { transaction.commit(); },
              ThrowsError(ErrorCode::conflict, "nothing was committed"));
}

TEST_F(AdoptPqxx, ReadsAndWritesAsAnOwnConnectionDoes) {
  const std::string sql =
      "SELECT true, 7::int8, 0.1::float8, 1.1::float4, '\\x00ff'::bytea, NULL, '', "
      "1.50::numeric(5,2), "
      "'{a,\"b c\"}'::text[], date '2026-01-31'";
  pqxx::work work{user()};
  const auto adopted = adopt(work);

  const RowSet theirs = adopted->query(sql);
  const RowSet ours = db().query(sql);

  EXPECT_EQ(theirs.columns, ours.columns);
  EXPECT_EQ(theirs.rows, ours.rows);
  EXPECT_EQ(adopted->query("SELECT 1 WHERE false").columns.size(), 1U);
}

TEST_F(AdoptPqxx, StreamsManyRowsInBatches) {
  pqxx::work work{user()};
  const auto adopted = adopt(work);

  const auto stream =
      adopted->stream("SELECT generate_series(1, $1::int)", std::vector<Value>{10000});
  ColumnBatch batch;
  std::int64_t last = 0;
  while (stream->next(batch)) {
    EXPECT_LE(batch.row_count(), kBatchRows);
    last = batch.column(0).integer(batch.row_count() - 1);
  }

  EXPECT_EQ(last, 10000);
}

TEST_F(AdoptPqxx, BulkLoadsTheSameRowsAsAnOwnConnection) {
  db().execute_script(
      "CREATE TABLE \"we\"\"ird na'me\" (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
      "\"select\" TEXT, f FLOAT8, g BYTEA, h BOOL, d DATE, n NUMERIC(30,10));"
      "CREATE TABLE copy (LIKE \"we\"\"ird na'me\" INCLUDING ALL)");
  const Schema found = schema();
  const Table& odd = found.at(TableName{"", "we\"ird na'me"});
  const Table& plain = found.at("copy");
  pqxx::work work{user()};
  const auto adopted = adopt(work);

  const auto written = adopted->bulk_load({odd, odd.column_names()}, awkward_rows(2500));
  work.commit();

  EXPECT_EQ(db().bulk_load({plain, plain.column_names()}, awkward_rows(2500)), written);
  EXPECT_EQ(number("SELECT count(*) FROM (TABLE copy EXCEPT TABLE \"we\"\"ird na'me\") x"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM \"we\"\"ird na'me\""), static_cast<std::int64_t>(written));
}

TEST_F(AdoptPqxx, LeavesNothingOfALoadWhoseSourceThrows) {
  const Schema found = schema();
  pqxx::work work{user()};
  const auto adopted = adopt(work);
  int calls = 0;

  EXPECT_THROW(adopted->bulk_load({found.at("t"), {"a", "b"}},
                                  [&](ColumnBatch& batch) -> bool {
                                    if (++calls > 1) throw Error{ErrorCode::unavailable, "stopped"};
                                    for (int i = 0; i < 50'000; ++i)
                                      batch.append({i, "long enough"});
                                    return true;
                                  }),
               Error);

  work.exec("INSERT INTO t VALUES (1, 'only')");
  work.commit();
  EXPECT_EQ(committed_rows(), 1);
}

TEST_F(AdoptPqxx, KeepsTheUsersSettings) {
  pqxx::work work{user()};
  work.exec("SET TimeZone = 'Asia/Tokyo'");
  {
    const auto adopted = adopt(work);
    EXPECT_EQ(adopted->engine().introspect(*adopted).at("t").columns.size(), 2U);
  }

  EXPECT_EQ(work.exec1("SHOW TimeZone")[0].as<std::string>(), "Asia/Tokyo");
  EXPECT_EQ(work.exec1("SHOW search_path")[0].as<std::string>(), "\"$user\", public");
}

// After some failures libpqxx opens a new session for a nontransaction; the lock is gone then.
TEST_F(AdoptPqxx, IsLostForGoodWithItsSession) {
  pqxx::nontransaction none{user()};
  const auto adopted = adopt(none);
  ASSERT_TRUE(adopted->engine().try_lock(*adopted, "lock", 0));
  terminate_users_session();

  EXPECT_THAT([&] { adopted->execute("SELECT 1"); }, ThrowsError(ErrorCode::unavailable, ""));
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT([&] { (void)adopted->in_transaction(); },
                ThrowsError(ErrorCode::unavailable, "lost"));
    EXPECT_THAT([&] { adopted->execute("SELECT 1"); }, ThrowsError(ErrorCode::unavailable, "lost"));
  }
}

TEST_F(AdoptPqxx, RefusesATransactionThatHasEnded) {
  pqxx::work work{user()};
  const auto adopted = adopt(work);
  work.commit();

  EXPECT_THAT([&] { adopted->execute("INSERT INTO t VALUES ($1, 'late')", std::vector<Value>{1}); },
              ThrowsError(ErrorCode::invalid_input, "cannot be used"));
  EXPECT_EQ(committed_rows(), 0);
}

TEST_F(AdoptPqxx, SaysTheSameOfAnErrorAsAnOwnConnection) {
  db().execute("CREATE TABLE child (a INT REFERENCES t)");
  for (const std::string sql :
       {"SELECT nonsense", "SELECT\n nonsense", "INSERT INTO child VALUES (12345)",
        "SELECT 'x'::int", "SELECT 1; SELECT 2", "SELECT * FROM missing",
        "INSERT INTO t VALUES (NULL)"}) {
    pqxx::work work{user()};
    const auto adopted = adopt(work);

    const Error ours = error_of(db(), sql);
    const Error theirs = error_of(*adopted, sql);

    EXPECT_EQ(theirs.code(), ours.code()) << sql;
    EXPECT_EQ(theirs.details().sqlstate, ours.details().sqlstate);
    EXPECT_EQ(theirs.details().statement, sql);
    EXPECT_THAT(std::string{ours.what()}, HasSubstr(theirs.what()));
    EXPECT_THAT(theirs.what(), Not(HasSubstr("12345")));
  }
}

TEST_F(AdoptPqxx, RunsScriptsOfSeveralStatements) {
  pqxx::work work{user()};
  const auto adopted = adopt(work);

  adopted->execute_script("INSERT INTO t VALUES (1, 'a'); INSERT INTO t VALUES (2, 'b');");
  work.commit();

  EXPECT_EQ(committed_rows(), 2);
}

}  // namespace

}  // namespace seedbed
