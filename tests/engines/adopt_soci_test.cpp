#include <gmock/gmock.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/adopt/soci.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/sqlite_test.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

// The user's session on a file of its own, and Seedbed's connection over it.
class AdoptSoci : public testing::SqliteTest {
 protected:
  void SetUp() override { session_ << "create table t (id integer primary key, name text)"; }

  [[nodiscard]] int rows() {
    int count = 0;
    session_ << "select count(*) from t", soci::into(count);
    return count;
  }

  soci::session session_{soci::sqlite3, "dbname=" + url().database};
  std::unique_ptr<Connection> adopted_ = adopt(session_);
};

TEST_F(AdoptSoci, SharesRowsBothWays) {
  const std::string name = "O'Brien";
  session_ << "insert into t (name) values (:name)", soci::use(name);
  adopted_->execute("INSERT INTO t (name) VALUES (?)", std::vector<Value>{"ours"});

  EXPECT_EQ(adopted_->query_value("SELECT name FROM t WHERE id = 1"), Value{name});
  std::string ours;
  session_ << "select name from t where id = 2", soci::into(ours);
  EXPECT_EQ(ours, "ours");
}

TEST_F(AdoptSoci, KnowsThatItIsAdopted) {
  EXPECT_TRUE(adopted_->adopted());
  EXPECT_EQ(adopted_->engine().name(), "sqlite");
  EXPECT_EQ(adopted_->database_name(), url().database);
}

TEST_F(AdoptSoci, NestsInTheUsersTransaction) {
  soci::transaction users{session_};
  session_ << "insert into t (name) values ('before')";
  {
    Transaction ours{*adopted_};
    EXPECT_TRUE(ours.nested());
    adopted_->execute("INSERT INTO t (name) VALUES ('dropped')");
    ours.rollback();
  }
  {
    Transaction ours{*adopted_};
    adopted_->execute("INSERT INTO t (name) VALUES ('kept')");
    ours.commit();
  }
  EXPECT_TRUE(adopted_->in_transaction());
  users.commit();

  EXPECT_EQ(rows(), 2);
  EXPECT_FALSE(adopted_->in_transaction());
}

TEST_F(AdoptSoci, LoadsInsideTheUsersTransaction) {
  const Schema schema = adopted_->engine().introspect(*adopted_);
  soci::transaction users{session_};
  bool more = true;
  adopted_->bulk_load({schema.at("t"), {"id", "name"}}, [&](ColumnBatch& batch) {
    if (more) batch.append({7, "loaded"});
    return std::exchange(more, false);
  });
  EXPECT_EQ(rows(), 1);
  users.rollback();

  EXPECT_EQ(rows(), 0);
}

TEST_F(AdoptSoci, LeavesTheUsersSettings) {
  session_ << "pragma busy_timeout = 77";
  session_ << "pragma foreign_keys = off";

  {
    const auto again = adopt(session_);
    Transaction transaction{*again};
    again->execute("INSERT INTO t (name) VALUES ('x')");
    transaction.commit();
  }

  int timeout = 0;
  int keys = 1;
  session_ << "pragma busy_timeout", soci::into(timeout);
  session_ << "pragma foreign_keys", soci::into(keys);
  EXPECT_EQ(timeout, 77);
  EXPECT_EQ(keys, 0);
}

TEST_F(AdoptSoci, LeavesTheSessionOpen) {
  adopted_.reset();

  session_ << "insert into t (name) values ('after')";
  EXPECT_EQ(rows(), 1);
}

TEST_F(AdoptSoci, LeavesTheUsersTransactionOpenWhenDestroyed) {
  soci::transaction users{session_};
  adopted_->execute("INSERT INTO t (name) VALUES ('x')");
  adopted_.reset();
  users.commit();

  EXPECT_EQ(rows(), 1);
}

TEST_F(AdoptSoci, TakesASessionFromAPool) {
  soci::connection_pool pool{1};
  pool.at(0).open(soci::sqlite3, "dbname=" + url().database);
  soci::session pooled{pool};

  adopt(pooled)->execute("INSERT INTO t (name) VALUES ('x')");

  EXPECT_EQ(rows(), 1);
}

TEST_F(AdoptSoci, RefusesASessionThatIsNotOpen) {
  soci::session closed;

  EXPECT_THAT([&] { static_cast<void>(adopt(closed)); },
              ThrowsError(ErrorCode::invalid_input, "not connected"));
}

// A session on some other backend, which opens nothing.
class OtherBackend final : public soci::details::session_backend {
 public:
  bool is_connected() override { return true; }
  void begin() override {}
  void commit() override {}
  void rollback() override {}
  [[nodiscard]] std::string get_dummy_from_table() const override { return ""; }
  [[nodiscard]] std::string get_backend_name() const override { return "firebird"; }
  soci::details::statement_backend* make_statement_backend() override { return nullptr; }
  soci::details::rowid_backend* make_rowid_backend() override { return nullptr; }
  soci::details::blob_backend* make_blob_backend() override { return nullptr; }
};

class OtherFactory final : public soci::backend_factory {
 public:
  [[nodiscard]] soci::details::session_backend* make_session(
      const soci::connection_parameters& /*parameters*/) const override {
    return std::make_unique<OtherBackend>().release();
  }
};

TEST_F(AdoptSoci, RefusesOtherBackends) {
  const OtherFactory factory;
  soci::session other{factory, ""};

  EXPECT_THAT([&] { static_cast<void>(adopt(other)); },
              ThrowsError(ErrorCode::unsupported, "firebird"));
}

}  // namespace

}  // namespace seedbed
