#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/conformance.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

class GuardedLoad : public testing::ConformanceTest {
 protected:
  void SetUp() override {
    ConformanceTest::SetUp();
    if (IsSkipped()) return;
    connection().execute_script(
        "CREATE TABLE parent (id INT NOT NULL PRIMARY KEY);"
        "CREATE TABLE child (id INT NOT NULL PRIMARY KEY, parent_id INT,"
        " CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id));"
        "CREATE TABLE audit (id INT);");
    // The tables refer to each other, so no order of loading satisfies both keys at once.
    connection().execute(
        pick("ALTER TABLE parent ADD COLUMN rival_id INT REFERENCES child (id)",
             "ALTER TABLE parent ADD COLUMN rival_id INT REFERENCES child (id)",
             "ALTER TABLE parent ADD COLUMN rival_id INT, ADD FOREIGN KEY (rival_id)"
             " REFERENCES child (id)"));
  }

  void create_trigger() {
    connection().execute_script(
        pick("CREATE TRIGGER \"watch it\" AFTER INSERT ON child BEGIN"
             " INSERT INTO audit VALUES (new.id); END;",
             "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
             " INSERT INTO audit VALUES (new.id); RETURN new; END $$;"
             "CREATE TRIGGER \"watch it\" AFTER INSERT ON child FOR EACH ROW"
             " EXECUTE FUNCTION note();",
             "CREATE TRIGGER `watch it` AFTER INSERT ON child FOR EACH ROW"
             " INSERT INTO audit VALUES (new.id);"));
  }

  [[nodiscard]] Schema schema() { return engine().introspect(connection()); }

  const std::vector<TableName> tables_{{"", "parent"}, {"", "child"}};
};
SEEDBED_ON_ALL_ENGINES(GuardedLoad);

TEST_P(GuardedLoad, LoadsChildrenBeforeTheirParents) {
  const Schema found = schema();
  Transaction transaction{connection()};
  const auto guard = engine().guard_load(connection(), found, tables_);
  load("child", {"id", "parent_id"}, {{1, 1}, {2, 2}});
  load("parent", {"id", "rival_id"}, {{1, 2}, {2, Null{}}});
  guard->finish();
  transaction.commit();

  EXPECT_EQ(count("child"), 2);
  EXPECT_THAT([&] { connection().execute("INSERT INTO child VALUES (3, 99)"); },
              ThrowsError(ErrorCode::constraint_violation, ""));
}

TEST_P(GuardedLoad, FindsOrphans) {
  const Schema found = schema();
  {
    Transaction transaction{connection()};
    const auto guard = engine().guard_load(connection(), found, tables_);
    load("child", {"id", "parent_id"}, {{1, 1}, {2, 98}, {3, 99}, {4, Null{}}});
    load("parent", {"id"}, {{1}});
    EXPECT_THAT([&] { guard->finish(); }, ThrowsError(ErrorCode::constraint_violation,
                                                      is("postgres") ? "child_parent" : "2"));
  }

  EXPECT_FALSE(connection().in_transaction());
  EXPECT_EQ(count("child"), 0);
  EXPECT_THAT([&] { connection().execute("INSERT INTO child VALUES (3, 99)"); },
              ThrowsError(ErrorCode::constraint_violation, ""));
}

TEST_P(GuardedLoad, KeepsTriggersFromFiring) {
  create_trigger();
  const Schema found = schema();
  Transaction transaction{connection()};
  if (is("mysql")) {
    EXPECT_THAT([&] { static_cast<void>(engine().guard_load(connection(), found, tables_)); },
                ThrowsError(ErrorCode::unsupported, "watch it"));
    return;
  }
  const auto guard = engine().guard_load(connection(), found, tables_);
  load("parent", {"id"}, {{1}});
  load("child", {"id", "parent_id"}, {{1, 1}});
  guard->finish();
  transaction.commit();

  EXPECT_EQ(count("audit"), 0);
  connection().execute("INSERT INTO child VALUES (2, 1)");
  EXPECT_EQ(count("audit"), 1);
  EXPECT_EQ(schema().at("child").triggers, std::vector<std::string>{"watch it"});
}

TEST_P(GuardedLoad, PutsTriggersBackWhenItIsRolledBack) {
  if (is("mysql")) GTEST_SKIP() << "MySQL refuses tables with triggers";
  create_trigger();
  const Schema found = schema();
  {
    const Transaction transaction{connection()};
    const auto guard = engine().guard_load(connection(), found, tables_);
    load("child", {"id", "parent_id"}, {{1, Null{}}});
  }

  connection().execute("INSERT INTO child VALUES (2, NULL)");
  EXPECT_EQ(count("audit"), 1);
}

class OwnTables : public testing::ConformanceTest {};
SEEDBED_ON_ALL_ENGINES(OwnTables);

TEST_P(OwnTables, AreMadeAndFound) {
  EXPECT_FALSE(engine().own_table_exists(connection(), "rows"));

  engine().prepare_own_tables(connection());
  engine().prepare_own_tables(connection());
  connection().execute("CREATE TABLE " + engine().own_table("rows") + " (a INT)");

  EXPECT_TRUE(engine().own_table_exists(connection(), "rows"));
  EXPECT_FALSE(engine().own_table_exists(connection(), "other"));
}

TEST_P(OwnTables, AreLeftOutOfTheSchema) {
  engine().write_mark(connection(), {"id", engine().database_binding(connection())});
  engine().prepare_own_tables(connection());
  connection().execute("CREATE TABLE " + engine().own_table("rows") + " (a INT)");
  connection().execute("CREATE TABLE users (a INT)");

  EXPECT_EQ(engine().introspect(connection()).table_names(), std::vector<std::string>{"users"});
}

TEST_P(OwnTables, HoldTheMark) {
  EXPECT_EQ(engine().read_mark(connection()), std::nullopt);
  const MarkRecord mark{"0d9f4c1e-5f2b-4e3f-9a44-8f5a5c1f3a10",
                        engine().database_binding(connection())};

  engine().write_mark(connection(), mark);

  EXPECT_EQ(engine().read_mark(connection()), mark);
  EXPECT_EQ(engine().read_mark(*connect()), mark);
  const MarkRecord newer{"11111111-5f2b-4e3f-9a44-8f5a5c1f3a10", mark.binding};
  engine().write_mark(connection(), newer);
  EXPECT_EQ(engine().read_mark(connection()), newer);
}

TEST_P(OwnTables, BindTheMarkToOneDatabase) {
  const testing::TestDatabase other{GetParam()};

  const std::string here = engine().database_binding(connection());

  EXPECT_FALSE(here.empty());
  EXPECT_EQ(here, engine().database_binding(*connect()));
  EXPECT_EQ(here == engine().database_binding(*other.connect()), is("sqlite"));
  EXPECT_EQ(engine().read_mark(*other.connect()), std::nullopt);
}

class NamedLock : public testing::ConformanceTest {};
SEEDBED_ON_ALL_ENGINES(NamedLock);

TEST_P(NamedLock, IsHeldByOneConnectionAtATime) {
  const auto other = connect();
  ASSERT_TRUE(engine().try_lock(connection(), "migrate", 0));

  // The write transaction is SQLite's lock.
  EXPECT_EQ(engine().try_lock(*other, "migrate", 0), is("sqlite"));
  EXPECT_TRUE(engine().try_lock(*other, "other", 0));

  engine().unlock(connection(), "migrate");
  EXPECT_TRUE(engine().try_lock(*other, "migrate", 0));
  engine().unlock(*other, "migrate");
  engine().unlock(*other, "other");
}

TEST_P(NamedLock, IsFreedWithItsConnection) {
  { ASSERT_TRUE(engine().try_lock(*connect(), "migrate", 0)); }

  EXPECT_TRUE(engine().try_lock(connection(), "migrate", 5000));
  engine().unlock(connection(), "migrate");
}

TEST_P(NamedLock, IsOneForEachDatabase) {
  const testing::TestDatabase other{GetParam()};
  const auto elsewhere = other.connect();
  ASSERT_TRUE(engine().try_lock(connection(), "migrate", 0));

  EXPECT_TRUE(engine().try_lock(*elsewhere, "migrate", 0));

  engine().unlock(*elsewhere, "migrate");
  engine().unlock(connection(), "migrate");
}

}  // namespace

}  // namespace seedbed
