#include <functional>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/postgres_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

constexpr int kBatches = 200;
constexpr int kRows = 1000;  // in each

/// Gives `kBatches`; `edit` may change a row's two cells.
BatchSource numbered_batches(std::function<void(int row, Row& cells)> edit = {}) {
  return [edit = std::move(edit), batches = 0](ColumnBatch& batch) mutable {
    if (batches == kBatches) return false;
    for (int i = batches * kRows; i < (batches + 1) * kRows; ++i) {
      Row cells{i, fmt::format("row {}", i)};
      if (edit) edit(i, cells);
      batch.append(cells);
    }
    ++batches;
    return true;
  };
}

/// A transaction, and its other sessions, which are destroyed after it.
struct StreamedLoad {
  StreamedLoad(Connection& connection, const Table& table) : transaction{connection} {
    streams = connection.engine().open_streams(connection, table);
  }

  std::unique_ptr<LoadStreams> streams{};
  Transaction transaction;
};

class LoadStreamsTest : public testing::PostgresTest {
 protected:
  void SetUp() override {
    PostgresTest::SetUp();
    if (IsSkipped()) return;
    if (std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "one core has one session";
    db().execute_script(
        "CREATE TABLE t (id int PRIMARY KEY, name text UNIQUE CHECK (name <> 'bad'))");
    schema_ = schema();
  }

  [[nodiscard]] BulkTarget target() const { return {schema_.at("t"), {"id", "name"}}; }
  [[nodiscard]] std::unique_ptr<LoadStreams> open_streams() {
    return engine().open_streams(db(), target().table);
  }
  /// Whether a load of the table, as it is after the statement, goes by several sessions.
  [[nodiscard]] bool opens_after(const std::string& statement) {
    db().execute_script(statement);
    const Table table = engine().introspect(db()).at("t");
    Transaction transaction{db()};
    return engine().open_streams(db(), table) != nullptr;
  }
  [[nodiscard]] std::int64_t rows() { return number("SELECT count(*) FROM t"); }
  [[nodiscard]] std::int64_t notes() {
    return number("SELECT count(*) FROM seedbed.seedbed_streams");
  }

  /// As if the process of a load were gone, whose own transaction has ended.
  void end_other_sessions_of_load() {
    const auto* end =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
        "current_database() AND query LIKE '%SHARE ROW EXCLUSIVE%' AND pid <> "
        "pg_backend_pid()";
    while (number(end) > 0) continue;
  }

  /// Whether another session comes to write the table within that time.
  [[nodiscard]] bool others_write(std::string_view within) {
    const auto other = connect();
    other->execute(fmt::format("SET lock_timeout = '{}'", within));
    try {
      other->execute("INSERT INTO t VALUES (-1, 'other')");
      other->execute("DELETE FROM t WHERE id = -1");
    } catch (const Error& error) {
      EXPECT_EQ(error.details().sqlstate, "55P03");
      return false;
    }
    return true;
  }

 private:
  Schema schema_;
};

TEST_F(LoadStreamsTest, WriteAllRowsAtOnce) {
  StreamedLoad load{db(), target().table};
  ASSERT_NE(load.streams, nullptr);

  load.streams->load(target(), numbered_batches());
  load.streams->commit();
  load.transaction.commit();
  load.streams.reset();

  EXPECT_EQ(rows(), kBatches * kRows);
  EXPECT_EQ(number("SELECT sum(id) FROM t WHERE name = 'row ' || id"), 19999900000);
  EXPECT_GT(number("SELECT count(DISTINCT xmin::text) FROM t"), 1);
  EXPECT_EQ(notes(), 0);
  EXPECT_TRUE(others_write("30s"));
}

TEST_F(LoadStreamsTest, LeaveNothingUnlessTheCallerCommits) {
  {
    StreamedLoad load{db(), target().table};
    ASSERT_NE(load.streams, nullptr);
    load.streams->load(target(), numbered_batches());
    load.streams->commit();
  }

  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(notes(), 0);
}

TEST_F(LoadStreamsTest, AreTakenBackByWhoeverComesNext) {
  db().execute("INSERT INTO t VALUES (-7, 'mine')");
  const auto loader = connect();
  const auto other = connect();
  StreamedLoad load{*loader, target().table};
  ASSERT_NE(load.streams, nullptr);
  load.streams->load(target(), numbered_batches());
  load.streams->commit();
  const auto committed = rows();
  EXPECT_GT(committed, 1);
  EXPECT_LT(committed, kBatches * kRows);

  engine().undo_broken_loads(*other);
  EXPECT_EQ(rows(), committed) << "the load is still running";

  load.transaction.rollback();
  end_other_sessions_of_load();
  engine().undo_broken_loads(*other);
  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(notes(), 0);
}

TEST_F(LoadStreamsTest, SayWhatKeepsALoadFromBeingTakenBack) {
  const auto loader = connect();
  StreamedLoad load{*loader, target().table};
  ASSERT_NE(load.streams, nullptr);
  load.streams->load(target(), numbered_batches());
  load.streams->commit();
  load.transaction.rollback();
  end_other_sessions_of_load();
  db().execute("CREATE TABLE child (t_id int REFERENCES t (id))");
  db().execute("INSERT INTO child SELECT min(id) FROM t");

  EXPECT_THAT([&] { engine().undo_broken_loads(db()); },
              ThrowsError(ErrorCode::constraint_violation, "delete what refers to them"));

  db().execute("DROP TABLE child");
  engine().undo_broken_loads(db());
  EXPECT_EQ(rows(), 0);
}

TEST_F(LoadStreamsTest, LeaveTheTableToTheCallerWhenARowIsRefused) {
  StreamedLoad load{db(), target().table};
  ASSERT_NE(load.streams, nullptr);
  const auto bad = numbered_batches([](int row, Row& cells) {
    if (row == 150'000) cells[1] = "bad";
  });

  EXPECT_THAT([&] { load.streams->load(target(), bad); },
              ThrowsError(ErrorCode::constraint_violation, "t_name_check"));

  EXPECT_FALSE(others_write("100ms")) << "the table stays locked";
  EXPECT_EQ(db().bulk_load(target(), numbered_batches()), kBatches * kRows);
  load.streams->commit();
  load.transaction.commit();
  EXPECT_EQ(rows(), kBatches * kRows);
}

TEST_F(LoadStreamsTest, DoNotWaitForEachOtherWithoutEnd) {
  StreamedLoad load{db(), target().table};
  ASSERT_NE(load.streams, nullptr);
  // Equal names in neighbouring batches, which different sessions write.
  const auto twice =
      numbered_batches([](int row, Row& cells) { cells[1] = fmt::format("{}", row % 3000); });

  EXPECT_ANY_THROW(load.streams->load(target(), twice));

  EXPECT_THAT(
      [&] {
        db().bulk_load(target(), numbered_batches([](int row, Row& cells) {
                         cells[1] = fmt::format("{}", row % 3000);
                       }));
      },
      ThrowsError(ErrorCode::constraint_violation, "t_name_key"));
}

TEST_F(LoadStreamsTest, PassOnWhatTheSourceThrows) {
  StreamedLoad load{db(), target().table};
  ASSERT_NE(load.streams, nullptr);
  const auto broken = numbered_batches([](int row, Row& /*cells*/) {
    if (row == 50'000) throw std::runtime_error{"no more"};
  });

  EXPECT_THROW(load.streams->load(target(), broken), std::runtime_error);

  load.transaction.commit();
  EXPECT_EQ(rows(), 0);
}

TEST_F(LoadStreamsTest, KeepOthersFromWritingUntilTheEnd) {
  StreamedLoad load{db(), target().table};
  ASSERT_NE(load.streams, nullptr);
  EXPECT_FALSE(others_write("100ms"));
  load.streams->close();
  EXPECT_FALSE(others_write("100ms"));

  load.transaction.commit();
  load.streams.reset();
  EXPECT_TRUE(others_write("30s"));
}

TEST_F(LoadStreamsTest, AreNotOpenedBesideAnotherWriter) {
  const auto writer = connect();
  Transaction writing{*writer};
  writer->execute("INSERT INTO t VALUES (1, 'written')");

  Transaction transaction{db()};
  EXPECT_EQ(open_streams(), nullptr);

  writing.commit();
  EXPECT_EQ(db().execute("INSERT INTO t VALUES (2, 'mine')"), 1U);
}

TEST_F(LoadStreamsTest, AreOnlyForTablesWhoseRowsStandAlone) {
  EXPECT_TRUE(opens_after("CREATE INDEX ON t (name, id)"));
  EXPECT_FALSE(opens_after("CREATE TABLE child (t_id int REFERENCES t (id))"));
  db().execute_script("DROP TABLE t CASCADE; CREATE TABLE t (id int, name text)");
  EXPECT_FALSE(opens_after("SET default_transaction_isolation = 'repeatable read'"));
  db().execute("RESET default_transaction_isolation");
  EXPECT_FALSE(
      opens_after("CREATE RULE none AS ON INSERT TO t WHERE new.id = 7 DO INSTEAD NOTHING"));
  db().execute("DROP RULE none ON t");
  EXPECT_FALSE(opens_after("ALTER TABLE t ENABLE ROW LEVEL SECURITY"));
  db().execute("ALTER TABLE t DISABLE ROW LEVEL SECURITY");
  EXPECT_TRUE(opens_after("ALTER TABLE t ADD PRIMARY KEY (id)"));
}

TEST_F(LoadStreamsTest, AreNotOpenedForATableThatOthersDoNotSee) {
  Transaction transaction{db()};
  db().execute_script("DROP TABLE t; CREATE TABLE t (id int, name text)");

  EXPECT_EQ(open_streams(), nullptr);
}

TEST_F(LoadStreamsTest, BelieveNoNotesOfAnotherCluster) {
  {
    const StreamedLoad load{db(), target().table};  // makes the table of notes
    ASSERT_NE(load.streams, nullptr);
  }
  db().execute("INSERT INTO t VALUES (1, 'mine')");
  db().execute(
      "INSERT INTO seedbed.seedbed_streams SELECT 'another', '9000000000000', xmin::text::xid8, "
      "'t'::regclass FROM t");

  engine().undo_broken_loads(db());

  EXPECT_EQ(rows(), 1);
}

}  // namespace

}  // namespace seedbed
