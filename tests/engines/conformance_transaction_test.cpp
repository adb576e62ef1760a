#include <optional>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/conformance.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

class Transactions : public testing::ConformanceTest {
 protected:
  void SetUp() override {
    ConformanceTest::SetUp();
    if (IsSkipped()) return;
    connection().execute("CREATE TABLE t (a INT NOT NULL PRIMARY KEY)");
  }
  void insert(int value) {
    connection().execute(with_placeholders("INSERT INTO t VALUES (?)"), std::vector<Value>{value});
  }
  // PostgreSQL answers COMMIT in a failed transaction with ROLLBACK and no error.
  void commit_after_an_error(Transaction& transaction) const {
    if (is("postgres")) {
      EXPECT_THAT([&] { transaction.commit(); }, ThrowsError(ErrorCode::conflict, ""));
    } else {
      transaction.commit();
    }
  }
};
SEEDBED_ON_ALL_ENGINES(Transactions);

TEST_P(Transactions, KeepWhatIsCommitted) {
  Transaction transaction{connection()};
  EXPECT_FALSE(transaction.nested());
  EXPECT_TRUE(connection().in_transaction());
  insert(1);
  transaction.commit();

  EXPECT_FALSE(connection().in_transaction());
  EXPECT_EQ(connect()->query_value("SELECT count(*) FROM t"), Value{1});
}

TEST_P(Transactions, DropWhatIsRolledBack) {
  Transaction transaction{connection()};
  insert(1);
  transaction.rollback();

  EXPECT_FALSE(connection().in_transaction());
  EXPECT_EQ(count("t"), 0);
}

TEST_P(Transactions, RollBackWhenDestroyed) {
  {
    const Transaction transaction{connection()};
    insert(1);
  }

  EXPECT_FALSE(connection().in_transaction());
  EXPECT_EQ(count("t"), 0);
}

TEST_P(Transactions, RollBackWhenTheConnectionIsDestroyed) {
  {
    const auto other = connect();
    other->execute(engine().begin_sql());
    other->execute("INSERT INTO t VALUES (1)");
  }

  EXPECT_EQ(count("t"), 0);
}

TEST_P(Transactions, NestThreeDeep) {
  Transaction first{connection()};
  insert(1);
  {
    Transaction second{connection()};
    EXPECT_TRUE(second.nested());
    insert(2);
    {
      Transaction third{connection()};
      insert(3);
      third.rollback();
    }
    {
      Transaction third{connection()};
      insert(4);
      third.commit();
    }
    second.commit();
  }
  {
    const Transaction second{connection()};
    insert(5);
  }
  first.commit();

  const RowSet left = connection().query("SELECT a FROM t ORDER BY a");
  EXPECT_THAT(left.rows, ::testing::ElementsAre(Row{1}, Row{2}, Row{4}));
}

TEST_P(Transactions, DropCommittedInnerWorkWhenTheOuterRollsBack) {
  {
    const Transaction outer{connection()};
    Transaction inner{connection()};
    insert(1);
    inner.commit();
  }

  EXPECT_EQ(count("t"), 0);
}

TEST_P(Transactions, StayUsableAfterAnErrorInsideANestedOne) {
  Transaction outer{connection()};
  insert(1);
  {
    const Transaction inner{connection()};
    EXPECT_THAT([&] { insert(1); }, ThrowsError(ErrorCode::constraint_violation, ""));
  }
  insert(2);
  outer.commit();

  EXPECT_EQ(count("t"), 2);
}

TEST_P(Transactions, NeverCommitHalfAfterAnErrorUnnoticed) {
  {
    Transaction transaction{connection()};
    insert(1);
    EXPECT_THAT([&] { insert(1); }, ThrowsError(ErrorCode::constraint_violation, ""));
    commit_after_an_error(transaction);
  }

  EXPECT_FALSE(connection().in_transaction());
  EXPECT_EQ(count("t"), is("postgres") ? 0 : 1);
}

TEST_P(Transactions, SayWhenADeferredKeyFailsAtTheCommit) {
  if (is("mysql")) GTEST_SKIP() << "MySQL checks foreign keys at once";
  connection().execute("CREATE TABLE child (a INT REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED)");
  {
    Transaction transaction{connection()};
    connection().execute("INSERT INTO child VALUES (77)");
    EXPECT_THAT([&] { transaction.commit(); }, ThrowsError(ErrorCode::constraint_violation, ""));
  }

  EXPECT_FALSE(connection().in_transaction());
  EXPECT_EQ(count("child"), 0);
}

TEST_P(Transactions, RollDdlBackWhereTheEngineCan) {
  if (!engine().capabilities(connection()).transactional_ddl) {
    GTEST_SKIP() << "DDL commits on this engine";
  }
  {
    const Transaction transaction{connection()};
    connection().execute("CREATE TABLE made (a INT)");
  }

  EXPECT_EQ(engine().introspect(connection()).find("made"), nullptr);
}

TEST_P(Transactions, NoticeThatDdlHasCommittedThem) {
  if (!is("mysql")) GTEST_SKIP() << "only MySQL's DDL commits";
  std::optional<Transaction> outer{std::in_place, connection()};
  std::optional<Transaction> inner{std::in_place, connection()};
  insert(1);
  connection().execute("CREATE TABLE made (a INT)");

  EXPECT_THAT([&] { inner->commit(); }, ThrowsError(ErrorCode::conflict, ""));
  inner.reset();
  outer.reset();

  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(Transactions, HideWorkFromOtherConnectionsUntilTheCommit) {
  const auto other = connect();
  Transaction transaction{connection()};
  insert(1);

  EXPECT_EQ(other->query_value("SELECT count(*) FROM t"), Value{0});
  transaction.commit();
  EXPECT_EQ(other->query_value("SELECT count(*) FROM t"), Value{1});
}

}  // namespace

}  // namespace seedbed
