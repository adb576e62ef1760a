#include "seedbed/cleanup/strategies.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/cleanup/clean_test.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::CleanTest;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::ThrowsError;

class Clean : public CleanTest {};
INSTANTIATE_TEST_SUITE_P(, Clean, testing::strategies_on_all_engines(), testing::strategy_name);

TEST_P(Clean, EmptiesAChainOfTables) {
  run("CREATE TABLE c (id INT PRIMARY KEY)");
  run("CREATE TABLE b (id INT PRIMARY KEY, c_id INT NOT NULL, FOREIGN KEY (c_id) REFERENCES c "
      "(id))");
  run("CREATE TABLE a (id INT PRIMARY KEY, b_id INT NOT NULL, FOREIGN KEY (b_id) REFERENCES b "
      "(id))");
  run("INSERT INTO c VALUES (1), (2)");
  run("INSERT INTO b VALUES (1, 1), (2, 1), (3, 2)");
  run("INSERT INTO a VALUES (1, 1)");

  EXPECT_THAT(clean(), ElementsAre(std::pair{"a", 1}, std::pair{"b", 3}, std::pair{"c", 2}));

  EXPECT_EQ(rows_left(), 0);
  EXPECT_FALSE(connection().in_transaction());
  EXPECT_THAT(clean(), ElementsAre(std::pair{"a", 0}, std::pair{"b", 0}, std::pair{"c", 0}));
}

TEST_P(Clean, DoesNothingInAnEmptyDatabase) {
  EXPECT_THAT(clean(), IsEmpty());
}

TEST_P(Clean, EmptiesSelfReferencesOfAnyDepth) {
  for (const std::string action : {"NO ACTION", "RESTRICT", "CASCADE"}) {
    run("CREATE TABLE t (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES t (id) ON "
        "DELETE " +
        action + ")");
    run("INSERT INTO t VALUES (1, NULL)");
    for (int i = 2; i <= 40; ++i) {
      run("INSERT INTO t VALUES (" + std::to_string(i) + ", " + std::to_string(i - 1) + ")");
    }
    EXPECT_THAT(clean(), ElementsAre(std::pair{"t", 40})) << action;
    EXPECT_EQ(rows_left(), 0);
    run("DROP TABLE t");
  }
}

TEST_P(Clean, EmptiesNotNullSelfReferences) {
  run("CREATE TABLE t (id INT PRIMARY KEY, parent INT NOT NULL, FOREIGN KEY (parent) REFERENCES t "
      "(id))");
  run("INSERT INTO t VALUES (1, 1)");
  run("INSERT INTO t VALUES (2, 1)");
  run("INSERT INTO t VALUES (3, 2)");
  clean();
  EXPECT_EQ(rows_left(), 0);
}

TEST_P(Clean, EmptiesACycleWithANullableKey) {
  make_cycle("INT");
  run("INSERT INTO a VALUES (1, NULL)");
  run("INSERT INTO b VALUES (1, 1)");
  run("UPDATE a SET b_id = 1");

  EXPECT_THAT(clean(), ::testing::UnorderedElementsAre(std::pair{"a", 1}, std::pair{"b", 1}));

  EXPECT_EQ(rows_left(), 0);
}

TEST_P(Clean, EmptiesACycleOfNotNullKeys) {
  make_cycle("INT NOT NULL");
  fill_not_null_cycle();
  clean();
  EXPECT_EQ(rows_left(), 0);
  EXPECT_THAT([&] { run("INSERT INTO a VALUES (5, 77)"); }, ::testing::Throws<Error>())
      << "the foreign keys are checked as before";
}

TEST_P(Clean, RefusesToDeleteACycleThatNothingCanBreak) {
  if (engine_name() == "mysql") return;
  make_cycle("INT NOT NULL", " ON DELETE RESTRICT");
  if (strategy() == CleanStrategy::automatic) {
    EXPECT_NO_THROW(clean());
    return;
  }
  if (strategy() == CleanStrategy::truncate) return;
  EXPECT_THAT([&] { clean(); }, ThrowsError(ErrorCode::unsupported, "use the strategy 'truncate'"));
}

TEST_P(Clean, KeepsTheTablesAskedFor) {
  run("CREATE TABLE parent (id INT PRIMARY KEY)");
  run("CREATE TABLE child (id INT PRIMARY KEY, p INT NOT NULL, FOREIGN KEY (p) REFERENCES parent "
      "(id))");
  run("INSERT INTO parent VALUES (1)");
  run("INSERT INTO child VALUES (1, 1)");

  EXPECT_THAT(clean({"parent"}), ElementsAre(std::pair{"child", 1}));

  EXPECT_EQ(count("parent"), 1);
  EXPECT_EQ(count("child"), 0);
}

TEST_P(Clean, RefusesToEmptyTheParentOfAKeptTable) {
  run("CREATE TABLE parent (id INT PRIMARY KEY)");
  run("CREATE TABLE child (id INT PRIMARY KEY, p INT NOT NULL, FOREIGN KEY (p) REFERENCES parent "
      "(id))");
  run("INSERT INTO parent VALUES (1)");
  run("INSERT INTO child VALUES (1, 1)");

  EXPECT_THAT(
      [&] { clean({"child"}); },
      ThrowsError(ErrorCode::conflict, "table 'child' is kept, but refers to 'parent' by (p)"));
  EXPECT_THAT([&] { clean({"chld"}); }, ThrowsError(ErrorCode::not_found, "did you mean 'child'?"));
  EXPECT_EQ(count("parent"), 1);
}

TEST_P(Clean, CopesWithOddNames) {
  const std::string table = engine().quote("we\"ird na'me; --");
  const std::string column = engine().quote("select");
  run("CREATE TABLE " + table + " (id INT PRIMARY KEY, " + column + " INT, FOREIGN KEY (" + column +
      ") REFERENCES " + table + " (id) ON DELETE RESTRICT)");
  run("CREATE TABLE " + engine().quote("größe`") + " (id INT PRIMARY KEY)");
  run("INSERT INTO " + table + " VALUES (1, NULL)");
  run("INSERT INTO " + table + " VALUES (2, 1)");
  run("INSERT INTO " + engine().quote("größe`") + " VALUES (1)");

  EXPECT_THAT(clean(), Contains(std::pair{"größe`", 1}));

  EXPECT_EQ(rows_left(), 0);
}

TEST_P(Clean, SetsCountersBackToTheirStart) {
  run(pick("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v INT)",
           "CREATE TABLE t (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v INT)",
           "CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT)"));
  run("INSERT INTO t (v) VALUES (1), (2), (3)");
  clean();
  run("INSERT INTO t (v) VALUES (4)");
  EXPECT_EQ(connection().query_value("SELECT id FROM t").as<int>(), 1);

  run("DELETE FROM t");
  clean();
  run("INSERT INTO t (v) VALUES (5)");
  EXPECT_EQ(connection().query_value("SELECT id FROM t").as<int>(), 1)
      << "of a table that was empty";
}

TEST_P(Clean, FiresNoTriggersThatWriteElsewhere) {
  make_audited_table();
  if (engine_name() == "mysql" && strategy() != CleanStrategy::truncate) {
    EXPECT_THAT([&] { clean({"audit"}); },
                ThrowsError(ErrorCode::unsupported, "table 't' has triggers (t_deleted)"));
    EXPECT_EQ(count("t"), 2);
    return;
  }
  clean({"audit"});
  EXPECT_EQ(count("audit"), 0);
  EXPECT_EQ(count("t"), 0);

  run("INSERT INTO t VALUES (3)");
  run("DELETE FROM t");
  EXPECT_EQ(count("audit"), 1) << "the triggers are back";
}

TEST_P(Clean, ForgetsRowNumbersAndRecordsOfTheTables) {
  run("CREATE TABLE a (id INT PRIMARY KEY)");
  run("CREATE TABLE b (id INT PRIMARY KEY)");
  engine().prepare_own_tables(connection());
  const std::string rows = engine().own_table("rows");
  run("CREATE TABLE " + rows +
      " (table_name VARCHAR(255) NOT NULL PRIMARY KEY, next_row BIGINT NOT NULL)");
  run("INSERT INTO " + rows + " VALUES ('a', 7), ('b', 8)");

  clean({"b"});

  EXPECT_EQ(connection().query_value("SELECT next_row FROM " + rows).as<int>(), 8);
}

TEST_P(Clean, LeavesEverythingWhenInterrupted) {
  run("CREATE TABLE a (id INT PRIMARY KEY)");
  run("INSERT INTO a VALUES (1)");
  interrupt();
  EXPECT_THAT([&] { clean(); }, ThrowsError(ErrorCode::unavailable, "interrupted"));
  EXPECT_EQ(count("a"), 1);
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(Clean, LeavesTheTransactionAroundItToItsOwner) {
  run("CREATE TABLE a (id INT PRIMARY KEY)");
  run("INSERT INTO a VALUES (1)");
  Transaction transaction{connection()};
  if (engine_name() == "mysql") {
    EXPECT_THAT([&] { clean(); },
                ThrowsError(ErrorCode::conflict, "would commit the open transaction"));
    return;
  }
  clean();
  EXPECT_EQ(count("a"), 0);
  transaction.rollback();
  EXPECT_EQ(count("a"), 1);
}

TEST_P(Clean, PlansWithoutWriting) {
  make_cycle("INT");
  run("INSERT INTO a VALUES (1, NULL)");

  const auto plan = this->plan();

  EXPECT_THAT(plan.tables, ::testing::SizeIs(2));
  EXPECT_THAT(plan.statements, Contains(HasSubstr(engine().quote("a"))));
  if (strategy() != CleanStrategy::truncate) {
    const std::string key = engine().quote("b_id");
    const std::string table = pick("", "ONLY ", "") + engine().quote(TableName{.name = "a"});
    EXPECT_EQ(plan.statements.front(),
              "UPDATE " + table + " SET " + key + " = NULL WHERE " + key + " IS NOT NULL");
  }
  EXPECT_EQ(count("a"), 1);
}

// A table that TRUNCATE has emptied has another file.
TEST_P(Clean, TruncatesLargeTablesByItself) {
  if (engine_name() != "postgres") GTEST_SKIP() << "elsewhere deleting takes no longer for it";
  run("CREATE TABLE small (id INT PRIMARY KEY)");
  run("CREATE TABLE child (small_id INT REFERENCES small (id))");
  run("INSERT INTO small VALUES (1)");
  const auto file = [&] {
    return connection().query_value("SELECT pg_relation_filenode('small')").as<std::int64_t>();
  };
  const auto first = file();
  clean();
  EXPECT_EQ(file() != first, strategy() == CleanStrategy::truncate);

  run("INSERT INTO small SELECT generate_series(1, 5001)");
  const auto second = file();
  const auto planned =
      plan_clean(connection(), engine().introspect(connection()), {.strategy = strategy()});
  EXPECT_EQ(planned.statements.front().starts_with("TRUNCATE"),
            strategy() != CleanStrategy::delete_);
  clean();
  EXPECT_EQ(file() != second, strategy() != CleanStrategy::delete_);
  EXPECT_EQ(rows_left(), 0);
}

TEST(ParseCleanStrategy, KnowsAllAndSuggests) {
  EXPECT_EQ(parse_clean_strategy("auto"), CleanStrategy::automatic);
  EXPECT_EQ(parse_clean_strategy("truncate"), CleanStrategy::truncate);
  EXPECT_EQ(parse_clean_strategy("delete"), CleanStrategy::delete_);
  EXPECT_THAT([] { (void)parse_clean_strategy("delet"); },
              ThrowsError(ErrorCode::invalid_input,
                          "did you mean 'delete'? (known: auto, truncate, delete)"));
}

}  // namespace
}  // namespace seedbed
