// What only PostgreSQL has: partitions, inheritance, schemas, roles, large objects.
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "tests/cleanup/emptying_test.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using testing::ThrowsError;

class EmptyingOnPostgres : public testing::EmptyingTest {
 protected:
  int number(const std::string& sql) { return connection().query_value(sql).as<int>(); }
};
INSTANTIATE_TEST_SUITE_P(, EmptyingOnPostgres,
                         ::testing::Combine(::testing::Values("postgres"),
                                            ::testing::Values("delete", "truncate")),
                         testing::strategy_name);

TEST_P(EmptyingOnPostgres, EmptiesPartitionsInAnySchema) {
  connection().execute_script(
      "CREATE SCHEMA other; "
      "CREATE TABLE part (id INT PRIMARY KEY, up INT NOT NULL REFERENCES part (id)) PARTITION BY "
      "RANGE (id); "
      "CREATE TABLE part_a PARTITION OF part FOR VALUES FROM (0) TO (10); "
      "CREATE TABLE other.part_b PARTITION OF part FOR VALUES FROM (10) TO (100) PARTITION BY "
      "RANGE (id); "
      "CREATE TABLE other.part_c PARTITION OF other.part_b FOR VALUES FROM (10) TO (50); "
      "CREATE TABLE other.child (id INT REFERENCES part (id)); "
      "CREATE TABLE audit (n INT); "
      "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "
      "public.audit VALUES (1); RETURN NULL; END $$; "
      "CREATE TRIGGER noted AFTER DELETE ON part FOR EACH ROW EXECUTE FUNCTION note(); "
      "CREATE TRIGGER off AFTER DELETE ON part_a FOR EACH ROW EXECUTE FUNCTION note(); "
      "ALTER TABLE part_a DISABLE TRIGGER off");
  mark({"audit"});
  const std::string states =
      "SELECT string_agg(tgrelid::regclass || tgname || tgenabled::text, ',' ORDER BY tgrelid, "
      "tgname) "
      "FROM pg_trigger WHERE NOT tgisinternal";
  const auto before = connection().query_value(states);
  run("INSERT INTO part VALUES (1, 11), (11, 12), (12, 1)");
  run("INSERT INTO other.child VALUES (11)");

  const auto report = reset();

  ASSERT_EQ(report.changes.tables.size(), 2U);
  EXPECT_EQ(report.changes.tables[0].table.to_string(), "part");
  EXPECT_EQ(report.changes.tables[0].inserted, 3U);
  EXPECT_EQ(report.changes.tables[1].table.to_string(), "other.child");
  EXPECT_EQ(number("SELECT (SELECT count(*) FROM part) + (SELECT count(*) FROM other.child)"), 0);
  EXPECT_EQ(connection().query_value(states), before);
  EXPECT_THAT([&] { run("INSERT INTO part VALUES (1, 2)"); }, ::testing::Throws<Error>());
}

TEST_P(EmptyingOnPostgres, LeavesAKeptTableThatInherits) {
  run("CREATE TABLE base (id INT)");
  run("CREATE TABLE special (more INT) INHERITS (base)");
  run("INSERT INTO special VALUES (1, 1)");
  mark({"special"});
  run("INSERT INTO base VALUES (2)");
  reset();
  EXPECT_EQ(count("base"), 1);
  EXPECT_EQ(count("special"), 1);
}

TEST_P(EmptyingOnPostgres, EmptiesCyclesOfKeysThatCannotWait) {
  run("CREATE TABLE a (id INT PRIMARY KEY, b_id INT NOT NULL)");
  run("CREATE TABLE b (id INT PRIMARY KEY, a_id INT NOT NULL REFERENCES a (id))");
  run("ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id)");
  mark();
  run("WITH other AS (INSERT INTO b VALUES (1, 1)) INSERT INTO a VALUES (1, 1)");
  reset();
  EXPECT_EQ(rows_left(), 0);
  EXPECT_EQ(number("SELECT count(*) FROM pg_constraint WHERE condeferrable"), 0);
}

// All that an owner may do is enough: triggers, keys that must wait, counters.
TEST_P(EmptyingOnPostgres, NeedsNoSuperuser) {
  const std::string role = "seedbed_owner_" + std::to_string(::getpid());
  run("CREATE ROLE " + role);
  run("GRANT CREATE ON DATABASE " + engine().quote(connection().database_name()) + " TO " + role);
  run("GRANT ALL ON SCHEMA public TO " + role);
  run("CREATE TABLE foreigner (id INT)");
  run("GRANT ALL ON foreigner TO " + role);
  run("SET ROLE " + role);
  make_audited_table();
  run("DELETE FROM t");
  run("DELETE FROM audit");
  make_cycle("INT NOT NULL");
  make_counted("counted");
  EXPECT_THAT([&] { mark({"audit"}); },
              ThrowsError(ErrorCode::refused, "does not own: public.foreigner"));

  mark({"audit", "foreigner"});
  run("INSERT INTO t VALUES (1)");
  fill_not_null_cycle();
  EXPECT_EQ(next_key("counted"), 1);
  reset();

  EXPECT_EQ(rows_left(), 0);
  EXPECT_EQ(next_key("counted"), 1);
  run("RESET ROLE");
  run("DROP OWNED BY " + role + " CASCADE");
  run("DROP ROLE " + role);
}

TEST_P(EmptyingOnPostgres, BringsBackLargeObjectsAndMaterializedViews) {
  run("CREATE TABLE t (id INT)");
  run("CREATE MATERIALIZED VIEW seen AS SELECT * FROM t");
  run("SELECT lo_create(4711)");
  mark();
  run("INSERT INTO t VALUES (1)");
  run("REFRESH MATERIALIZED VIEW seen");
  run("SELECT lo_create(4712)");
  reset();
  EXPECT_EQ(count("seen"), 0);
  EXPECT_EQ(number("SELECT min(oid::int) + count(*) FROM pg_largeobject_metadata"), 4712);
}

TEST_P(EmptyingOnPostgres, TellsOfARuleThatPreventsIt) {
  if (by() == EmptyBy::truncate) GTEST_SKIP() << "no rule is in its way";
  run("CREATE TABLE t (id INT)");
  run("CREATE RULE never AS ON DELETE TO t DO INSTEAD NOTHING");
  mark();
  run("INSERT INTO t VALUES (1)");
  EXPECT_THAT([&] { reset(ResetStrategy::delete_); }, ThrowsError(ErrorCode::conflict, "a rule"));
}

TEST_P(EmptyingOnPostgres, RefusesKeysOfTablesThatNoSchemaShows) {
  run("CREATE TABLE a (id INT PRIMARY KEY)");
  run("CREATE TABLE hidden (id INT CONSTRAINT h REFERENCES a (id) ON DELETE CASCADE)");
  const std::vector<EmptyTable> tables{{.name = {.name = "a"}}};
  EXPECT_THAT([&] { engine().empty_baseline().begin(connection(), tables, {}); },
              ThrowsError(ErrorCode::conflict, "public.hidden by h to public.a"));
}

TEST_P(EmptyingOnPostgres, NoticesForeignKeysAndSequences) {
  run("CREATE TABLE a (id INT PRIMARY KEY)");
  run("CREATE TABLE b (id INT)");
  mark();
  run("ALTER TABLE b ADD FOREIGN KEY (id) REFERENCES a (id)");
  EXPECT_THAT([&] { reset(); }, ThrowsError(ErrorCode::conflict, "a foreign key"));
  run("ALTER TABLE b DROP CONSTRAINT b_id_fkey");
  reset();
  run("CREATE SEQUENCE fresh");
  EXPECT_THAT([&] { reset(); }, ThrowsError(ErrorCode::conflict, "sequence public.fresh is new"));
}

TEST_P(EmptyingOnPostgres, TakesPreparedTransactionsAway) {
  if (number("SELECT current_setting('max_prepared_transactions')") == 0) GTEST_SKIP() << "off";
  run("CREATE TABLE t (id INT PRIMARY KEY)");
  mark();
  connect()->execute_script("BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION 'left in " +
                            connection().database_name() + "'");
  reset();
  EXPECT_EQ(number("SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()"),
            0);
}

TEST_P(EmptyingOnPostgres, KeepsFilesOfTablesSmall) {
  run("CREATE TABLE t (id INT, filler TEXT DEFAULT repeat('x', 1000))");
  mark();
  run("INSERT INTO t SELECT generate_series(1, 2000)");
  EXPECT_THAT(reset().changes.counters, ElementsAre());
  EXPECT_EQ(number("SELECT pg_relation_size('t')"), 0) << "so that the next look takes no time";
}

}  // namespace
}  // namespace seedbed
