#include "tests/cleanup/emptying_test.hpp"

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::ThrowsError;

class Emptying : public testing::EmptyingTest {};
INSTANTIATE_TEST_SUITE_P(, Emptying, testing::emptying_on_all_engines(), testing::strategy_name);

TEST_P(Emptying, RemovesRowsThatCameSinceTheMark) {
  run("CREATE TABLE parent (id INT PRIMARY KEY)");
  run("CREATE TABLE child (id INT PRIMARY KEY, p INT NOT NULL, FOREIGN KEY (p) REFERENCES parent "
      "(id))");
  run("CREATE TABLE untouched (id INT PRIMARY KEY)");
  mark();
  const auto other = connect();
  other->execute("INSERT INTO parent VALUES (1), (2)");
  other->execute("INSERT INTO child VALUES (1, 1)");

  const auto report = reset();

  EXPECT_EQ(emptied_by(report.used), by());
  EXPECT_EQ(report.reason, "");
  ASSERT_EQ(report.changes.tables.size(), 2U) << "untouched tables are not told of";
  EXPECT_EQ(report.changes.tables[0].table.name, "child");
  EXPECT_EQ(report.changes.tables[0].inserted, 1U);
  EXPECT_EQ(report.changes.tables[1].inserted, 2U);
  EXPECT_EQ(rows_left(), 0);
  EXPECT_TRUE(engine().empty_baseline().changes(connection()).none());
  EXPECT_TRUE(reset().changes.none());
}

TEST_P(Emptying, PutsNothingIntoTheTablesOfTheUser) {
  make_counted("t");
  const auto before = engine().introspect(connection());
  mark();
  const auto after = engine().introspect(connection());
  ASSERT_EQ(after.tables().size(), 1U);
  EXPECT_EQ(after.tables()[0], before.tables()[0]);
  const auto triggers = connection().query_value(
      pick("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'",
           "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal",
           "SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE()"));
  EXPECT_EQ(triggers.as<int>(), 0);
}

TEST_P(Emptying, BringsCountersBackToThoseOfTheBaseline) {
  make_counted("t");
  make_counted("idle");
  run("INSERT INTO t (v) VALUES (1), (2), (3)");
  run("DELETE FROM t");
  mark();

  EXPECT_EQ(next_key("t"), 4);
  EXPECT_EQ(next_key("idle"), 1);
  const auto report = reset();
  EXPECT_THAT(report.changes.counters, ElementsAre(HasSubstr("idle"), HasSubstr("t")));
  EXPECT_EQ(next_key("t"), 4) << "and not the start";
  EXPECT_EQ(next_key("idle"), 1);

  reset();
  run("INSERT INTO t (v) VALUES (7)");
  reset();
  EXPECT_EQ(next_key("t"), 4) << "of a table that held rows";
}

TEST_P(Emptying, BringsBackCountersThatRolledBackRowsMoved) {
  if (engine_name() == "sqlite") GTEST_SKIP() << "its counters are rolled back with the rows";
  make_counted("t");
  mark();
  {
    Transaction transaction{connection()};
    run("INSERT INTO t (v) VALUES (1)");
    transaction.rollback();
  }
  EXPECT_EQ(reset().changes.counters.size(), 1U);
  EXPECT_EQ(next_key("t"), 1);
}

TEST_P(Emptying, BringsBackSequencesThatNoColumnOwns) {
  if (engine_name() == "sqlite") GTEST_SKIP() << "it has none";
  if (engine().capabilities(connection()).product == "MySQL") GTEST_SKIP() << "it has none";
  run("CREATE SEQUENCE tickets START WITH 100");
  const std::string draw = "SELECT nextval(" + pick("", "'tickets'", "tickets") + ")";
  EXPECT_EQ(connection().query_value(draw).as<int>(), 100);
  mark();
  EXPECT_EQ(connection().query_value(draw).as<int>(), 101);
  EXPECT_EQ(connect()->query_value(draw).as<int>(), 102);

  EXPECT_THAT(reset().changes.counters, ElementsAre(HasSubstr("tickets")));

  EXPECT_EQ(connection().query_value(draw).as<int>(), 101);
  reset();
  EXPECT_EQ(connect()->query_value(draw).as<int>(), 101);
}

TEST_P(Emptying, IsNotConfusedByTruncate) {
  make_counted("t");
  run("INSERT INTO t (v) VALUES (1), (2), (3)");
  run("DELETE FROM t");
  mark();
  run("INSERT INTO t (v) VALUES (1)");
  connection().execute_script(pick("DELETE FROM t; DELETE FROM sqlite_sequence",
                                   "TRUNCATE t RESTART IDENTITY", "TRUNCATE TABLE t"));
  reset();
  EXPECT_EQ(next_key("t"), 4);
  run("INSERT INTO t (v) VALUES (1)");
  reset();
  EXPECT_EQ(next_key("t"), 4);
}

TEST_P(Emptying, EmptiesCyclesAndSelfReferences) {
  make_cycle("INT NOT NULL");
  run("CREATE TABLE tree (id INT PRIMARY KEY, up INT NOT NULL, FOREIGN KEY (up) REFERENCES tree "
      "(id))");
  run("CREATE TABLE chain (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES chain (id) ON "
      "DELETE RESTRICT)");
  mark();
  fill_not_null_cycle();
  run("INSERT INTO tree VALUES (1, 1)");
  run("INSERT INTO tree VALUES (2, 1)");
  run("INSERT INTO chain VALUES (1, NULL)");
  run("INSERT INTO chain VALUES (2, 1)");
  run("INSERT INTO chain VALUES (3, 2)");

  EXPECT_EQ(reset().changes.tables.size(), 4U);

  EXPECT_EQ(rows_left(), 0);
  EXPECT_THAT([&] { run("INSERT INTO a VALUES (5, 77)"); }, ::testing::Throws<Error>())
      << "the foreign keys are checked as before";
}

TEST_P(Emptying, RefusesToDeleteACycleThatNothingCanBreak) {
  make_cycle("INT NOT NULL", " ON DELETE RESTRICT");
  if (by() == EmptyBy::delete_ && engine_name() != "mysql") {
    EXPECT_THAT([&] { mark(); },
                ThrowsError(ErrorCode::unsupported, "use the strategy 'truncate'"));
    EXPECT_FALSE(engine().empty_baseline().begun(connection()));
    return;
  }
  mark();
  fill_not_null_cycle();
  reset();
  EXPECT_EQ(rows_left(), 0);
}

TEST_P(Emptying, LeavesKeptTablesAsTheyAre) {
  run("CREATE TABLE country (id INT PRIMARY KEY)");
  run("CREATE TABLE town (id INT PRIMARY KEY, c INT NOT NULL, FOREIGN KEY (c) REFERENCES country "
      "(id))");
  run("INSERT INTO country VALUES (1)");
  EXPECT_THAT([&] { mark(); },
              ThrowsError(ErrorCode::conflict, "would not bring back: 'country';"));
  EXPECT_THAT([&] { mark({"contry"}); },
              ThrowsError(ErrorCode::not_found, "did you mean 'country'?"));
  EXPECT_FALSE(engine().empty_baseline().begun(connection()));

  mark({"country"});
  run("INSERT INTO town VALUES (1, 1)");
  run("INSERT INTO country VALUES (2)");
  reset();

  EXPECT_EQ(count("town"), 0);
  EXPECT_EQ(count("country"), 2);
}

TEST_P(Emptying, RefusesToEmptyTheParentOfAKeptTable) {
  run("CREATE TABLE parent (id INT PRIMARY KEY)");
  run("CREATE TABLE child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES parent (id) ON "
      "DELETE CASCADE)");
  EXPECT_THAT(
      [&] { mark({"child"}); },
      ThrowsError(ErrorCode::conflict, "table 'child' is kept, but refers to 'parent' by (p)"));
}

TEST_P(Emptying, FiresNoTriggers) {
  make_audited_table();
  run("DELETE FROM t");
  run("DELETE FROM audit");
  if (engine_name() == "mysql" && by() == EmptyBy::delete_) {
    EXPECT_THAT([&] { mark({"audit"}); },
                ThrowsError(ErrorCode::unsupported, "table 't' has triggers (t_deleted)"));
    return;
  }
  mark({"audit"});
  run("INSERT INTO t VALUES (1)");
  reset();
  EXPECT_EQ(count("audit"), 0);
  EXPECT_EQ(count("t"), 0);

  run("INSERT INTO t VALUES (3)");
  run("DELETE FROM t");
  EXPECT_EQ(count("audit"), 1) << "the triggers are back";
}

TEST_P(Emptying, NoticesTriggersThatCameLater) {
  if (engine_name() != "mysql") GTEST_SKIP() << "elsewhere all are switched off";
  run("CREATE TABLE t (id INT PRIMARY KEY)");
  run("CREATE TABLE audit (what INT)");
  mark({"audit"});
  run("CREATE TRIGGER late AFTER DELETE ON t FOR EACH ROW INSERT INTO audit VALUES (old.id)");
  run("INSERT INTO t VALUES (1)");
  if (by() == EmptyBy::delete_) {
    EXPECT_THAT([&] { reset(); }, ThrowsError(ErrorCode::unsupported, "late"));
    EXPECT_EQ(count("t"), 1);
    reset(ResetStrategy::truncate);
  } else {
    reset();
  }
  EXPECT_EQ(count("t") + count("audit"), 0);
}

TEST_P(Emptying, CopesWithOddNames) {
  const std::string odd = R"(we"ird `na'me; -- %s {0})";
  make_counted(odd);
  run("CREATE TABLE " + engine().quote("größe") + " (id INT PRIMARY KEY, " +
      engine().quote("select") + " INT, FOREIGN KEY (" + engine().quote("select") +
      ") REFERENCES " + engine().quote("größe") + " (id) ON DELETE RESTRICT)");
  mark();
  EXPECT_EQ(next_key(odd), 1);
  run("INSERT INTO " + engine().quote(TableName{.name = odd}) + " (v) VALUES (1)");
  run("INSERT INTO " + engine().quote("größe") + " VALUES (1, NULL)");
  run("INSERT INTO " + engine().quote("größe") + " VALUES (2, 1)");
  reset();
  EXPECT_EQ(rows_left(), 0);
  EXPECT_EQ(next_key(odd), 1);
}

TEST_P(Emptying, DoesNothingInAnEmptyDatabase) {
  mark();
  EXPECT_TRUE(reset().changes.none());
}

TEST_P(Emptying, RefusesAnotherSchema) {
  run("CREATE TABLE t (id INT PRIMARY KEY)");
  mark();
  run("CREATE TABLE extra (id INT PRIMARY KEY)");
  run("INSERT INTO t VALUES (1)");
  EXPECT_THAT([&] { reset(); }, ThrowsError(ErrorCode::conflict, "extra"));
  EXPECT_EQ(count("t"), 1);
  run("DROP TABLE extra");
  reset();
  EXPECT_EQ(count("t"), 0);
  run("ALTER TABLE t ADD COLUMN more INT");
  EXPECT_THAT([&] { reset(); }, ThrowsError(ErrorCode::conflict, "t"));
}

TEST_P(Emptying, BringsBackRowNumbersAndRecords) {
  run("CREATE TABLE t (id INT PRIMARY KEY)");
  engine().prepare_own_tables(connection());
  const std::string rows = engine().own_table("rows");
  run("CREATE TABLE " + rows +
      " (table_name VARCHAR(255) NOT NULL PRIMARY KEY, next_row BIGINT NOT NULL)");
  run("INSERT INTO " + rows + " VALUES ('t', 7)");
  mark();
  run("UPDATE " + rows + " SET next_row = 9");
  run("INSERT INTO " + rows + " VALUES ('u', 2)");
  reset();
  EXPECT_EQ(connection().query_value("SELECT sum(next_row) FROM " + rows).as<int>(), 7);
  run("DELETE FROM " + rows);
  reset();
  EXPECT_EQ(connection().query_value("SELECT sum(next_row) FROM " + rows).as<int>(), 7);
}

TEST_P(Emptying, LeavesOpenTransactionsToTheNextReset) {
  if (engine_name() == "sqlite") GTEST_SKIP() << "one writer at a time";
  run("CREATE TABLE t (id INT PRIMARY KEY)");
  run("CREATE TABLE u (id INT PRIMARY KEY)");
  mark();
  run("INSERT INTO u VALUES (1)");
  const auto other = connect();
  Transaction transaction{*other};
  other->execute("INSERT INTO t VALUES (1)");

  const auto report = reset();

  EXPECT_EQ(count("u"), 0);
  if (engine_name() == "postgres") {
    EXPECT_THAT(report.changes.left, ElementsAre(HasSubstr("open transaction")));
  }
  transaction.commit();
  EXPECT_EQ(count("t"), 1);
  reset();
  EXPECT_EQ(count("t"), 0);
}

TEST_P(Emptying, DoesNotWaitWithoutEndForRowsThatOthersHold) {
  if (engine_name() == "sqlite") GTEST_SKIP() << "one writer at a time";
  run("CREATE TABLE parent (id INT PRIMARY KEY)");
  run("CREATE TABLE child (id INT PRIMARY KEY, p INT NOT NULL, FOREIGN KEY (p) REFERENCES parent "
      "(id))");
  mark();
  run("INSERT INTO parent VALUES (1)");
  const auto other = connect();
  Transaction transaction{*other};
  other->execute("INSERT INTO child VALUES (1, 1)");

  EXPECT_THAT([&] { reset(); }, ThrowsError(ErrorCode::unavailable, ""));

  EXPECT_EQ(count("parent"), 1);
  transaction.commit();
  reset();
  EXPECT_EQ(rows_left(), 0);
}

TEST_P(Emptying, RefusesAnOpenTransaction) {
  run("CREATE TABLE t (id INT PRIMARY KEY)");
  mark();
  Transaction transaction{connection()};
  EXPECT_THAT([&] { reset(); }, ThrowsError(ErrorCode::conflict, "transaction"));
}

TEST_P(Emptying, IsRefusedForABaselineMarkedOtherwise) {
  run("CREATE TABLE t (id INT PRIMARY KEY)");
  write_baseline(connection(), {"first", sha256("1"), "2026-01-01T00:00:00Z"});
  EXPECT_THAT([&] { reset(ResetStrategy::delete_); },
              ThrowsError(ErrorCode::conflict, "it was marked for 'restore'"));
  mark();
  EXPECT_THAT([&] { reset(ResetStrategy::rewind); }, ThrowsError(ErrorCode::conflict, "notes"));
  run("INSERT INTO t VALUES (1)");
  if (by() == EmptyBy::truncate) {
    EXPECT_THAT([&] { reset(ResetStrategy::delete_); },
                ThrowsError(ErrorCode::conflict, "it was marked for 'truncate'"));
  }
  EXPECT_EQ(reset(ResetStrategy::truncate).used, ResetStrategy::truncate);
  EXPECT_EQ(count("t"), 0);
}

TEST_P(Emptying, RestoresWhenWhatItKnewIsGone) {
  run("CREATE TABLE t (id INT PRIMARY KEY)");
  mark();
  engine().empty_baseline().end(connection());
  run("INSERT INTO t VALUES (1)");
  EXPECT_THAT([&] { reset(ResetStrategy::truncate); },
              ThrowsError(ErrorCode::conflict, "baseline mark"));
  bool restored = false;
  const auto report =
      reset_to_baseline(connection(), ResetStrategy::automatic,
                        {[](const Baseline&) {}, [&](const Baseline&) { restored = true; }});
  EXPECT_TRUE(restored);
  EXPECT_EQ(report.used, ResetStrategy::restore);
  EXPECT_THAT(report.reason, HasSubstr("migrated"));
}

TEST_P(Emptying, EndsWithoutATrace) {
  make_counted("t");
  mark();
  engine().empty_baseline().end(connection());
  EXPECT_FALSE(engine().empty_baseline().begun(connection()));
  const auto left = connection().query_value(
      pick("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'seedbed_empty%'",
           "SELECT (SELECT count(*) FROM pg_class WHERE relname LIKE 'seedbed_empty%') + (SELECT "
           "count(*) FROM pg_proc WHERE proname LIKE 'seedbed_empty%')",
           "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND "
           "table_name LIKE 'seedbed_empty%'"));
  EXPECT_EQ(left.as<int>(), 0);
  EXPECT_THAT(engine().introspect(connection()).tables()[0].triggers, IsEmpty());
}

TEST_P(Emptying, RefusesKeysFromOtherDatabases) {
  if (engine_name() != "mysql") GTEST_SKIP() << "elsewhere there are none";
  run("CREATE TABLE t (id INT PRIMARY KEY)");
  const std::string other = engine().quote(connection().database_name() + "_other");
  run("CREATE DATABASE " + other);
  run("CREATE TABLE " + other + ".u (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES " +
      engine().quote(connection().database_name()) + ".t (id))");
  EXPECT_THAT([&] { mark(); }, ThrowsError(ErrorCode::conflict, "other.u by "));
  mark({"t"});
  run("DROP DATABASE " + other);
}

}  // namespace
}  // namespace seedbed
