#include <thread>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/postgres_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

// A role that may connect and nothing else, not even use `public`.
class PostgresRights : public testing::PostgresTest {
 protected:
  void SetUp() override {
    PostgresTest::SetUp();
    if (IsSkipped()) return;
    role_ = "sbrole_" + url().database;
    db().execute_script("CREATE ROLE " + role_ + " LOGIN; REVOKE ALL ON SCHEMA public FROM PUBLIC");
  }
  void TearDown() override {
    if (!role_.empty()) db().execute_script("DROP OWNED BY " + role_ + "; DROP ROLE " + role_);
    PostgresTest::TearDown();
  }
  [[nodiscard]] std::unique_ptr<Connection> connect_as_role() const {
    DatabaseUrl as_role = url();
    as_role.user = role_;
    return engine().connect(as_role);
  }

  std::string role_;
};

TEST_F(PostgresRights, AreNotNeededOnPublicForOwnTables) {
  db().execute("GRANT CREATE ON DATABASE " + url().database + " TO " + role_);
  const auto role = connect_as_role();
  const MarkRecord mark{"id", engine().database_binding(*role)};

  engine().write_mark(*role, mark);
  role->execute("CREATE TABLE " + engine().own_table("rows") + " (a INT)");

  EXPECT_EQ(engine().read_mark(*role), mark);
  EXPECT_TRUE(engine().own_table_exists(*role, "rows"));
  EXPECT_TRUE(engine().introspect(*role).tables().empty());
}

TEST_F(PostgresRights, SayWhichGrantIsMissing) {
  const auto role = connect_as_role();

  EXPECT_THAT([&] { engine().prepare_own_tables(*role); },
              ThrowsError(ErrorCode::invalid_input, "GRANT CREATE ON DATABASE"));
  EXPECT_EQ(engine().read_mark(*role), std::nullopt);

  db().execute_script("CREATE TABLE t (a INT); GRANT USAGE ON SCHEMA public TO " + role_);
  EXPECT_THAT([&] { role->execute("SELECT * FROM public.t"); },
              ThrowsError(ErrorCode::invalid_input, "GRANT SELECT"));
}

TEST_F(PostgresRights, ToInsertAreEnoughForAGuardedLoadWithoutCyclesAndTriggers) {
  db().execute_script(
      "CREATE TABLE parent (id INT PRIMARY KEY); CREATE TABLE child (id INT REFERENCES parent);"
      "CREATE TABLE tree (id INT PRIMARY KEY, up INT REFERENCES tree);"
      "GRANT USAGE ON SCHEMA public TO " +
      role_ + "; GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO " + role_);
  const auto role = connect_as_role();
  const Schema found = engine().introspect(*role);
  const std::vector<TableName> plain{{"", "parent"}, {"", "child"}};
  const std::vector<TableName> cyclic{{"", "tree"}};

  {
    Transaction transaction{*role};
    const auto guard = engine().guard_load(*role, found, plain);
    role->execute("INSERT INTO public.parent VALUES (1)");
    role->execute("INSERT INTO public.child VALUES (1)");
    guard->finish();
    transaction.commit();
  }

  const Transaction transaction{*role};
  EXPECT_THAT([&] { (void)engine().guard_load(*role, found, cyclic); },
              ThrowsError(ErrorCode::invalid_input, "connect as its owner"));
}

TEST_F(PostgresRights, ToInsertAreNotEnoughWhereTriggersAreToBeSilent) {
  db().execute_script(
      "CREATE TABLE t (id INT); CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN RETURN NEW; END $$; CREATE TRIGGER loud BEFORE INSERT ON t FOR EACH ROW EXECUTE "
      "FUNCTION loud(); GRANT USAGE ON SCHEMA public TO " +
      role_ + "; GRANT SELECT, INSERT ON t TO " + role_);
  const auto role = connect_as_role();
  const std::vector<TableName> tables{{"", "t"}};

  const Transaction transaction{*role};
  EXPECT_THAT([&] { (void)engine().guard_load(*role, engine().introspect(*role), tables); },
              ThrowsError(ErrorCode::refused, "table 't' has triggers, which only its owner can"));
}

class PostgresRaces : public testing::PostgresTest {
 protected:
  // What went wrong in each of `count` sessions that write their mark at once; empty where nothing
  // did.
  [[nodiscard]] std::vector<std::string> write_marks_at_once(std::size_t count) {
    std::vector<std::unique_ptr<Connection>> connections(count);
    for (auto& connection : connections) connection = connect();
    std::vector<std::string> problems(count);
    std::vector<std::thread> threads(count);
    for (std::size_t i = 0; i < count; ++i) {
      threads[i] = std::thread{[this, i, &connections, &problems] {
        problems[i] = write_mark(*connections[i], std::to_string(i));
      }};
    }
    for (auto& thread : threads) thread.join();
    return problems;
  }

 private:
  [[nodiscard]] std::string write_mark(Connection& connection, const std::string& id) const {
    try {
      engine().write_mark(connection, {id, "binding"});
      return {};
    } catch (const Error& error) {
      return error.what();
    }
  }
};

TEST_F(PostgresRaces, LeaveOneSchemaForOwnTables) {
  for (int round = 0; round < 5; ++round) {
    db().execute("DROP SCHEMA IF EXISTS seedbed CASCADE");

    EXPECT_EQ(write_marks_at_once(8), std::vector<std::string>(8));

    EXPECT_EQ(number("SELECT count(*) FROM seedbed.seedbed_mark"), 1);
  }
}

class PostgresGuardedLoad : public testing::PostgresTest {
 protected:
  void SetUp() override {
    PostgresTest::SetUp();
    if (IsSkipped()) return;
    db().execute_script(
        "CREATE TABLE a (id INT PRIMARY KEY, b INT NOT NULL);"
        "CREATE TABLE b (id INT PRIMARY KEY, a INT NOT NULL REFERENCES a);"
        "ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b;"
        "CREATE TABLE noted (id INT); CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN INSERT INTO noted VALUES (1); RETURN new; END$$;"
        "CREATE TABLE log (y INT) PARTITION BY LIST (y);"
        "CREATE TABLE log_1 PARTITION OF log DEFAULT;"
        "CREATE TRIGGER on_root AFTER INSERT ON log FOR EACH ROW EXECUTE FUNCTION note();"
        "CREATE TRIGGER on_leaf AFTER INSERT ON log_1 FOR EACH ROW EXECUTE FUNCTION note();"
        "CREATE TRIGGER off AFTER INSERT ON b FOR EACH ROW EXECUTE FUNCTION note();"
        "CREATE TRIGGER always AFTER INSERT ON b FOR EACH ROW EXECUTE FUNCTION note();"
        "ALTER TABLE b DISABLE TRIGGER off; ALTER TABLE b ENABLE ALWAYS TRIGGER always");
  }
  [[nodiscard]] std::vector<Row> states() {
    return db()
        .query(
            "SELECT tgrelid::regclass::text, tgname::text, tgenabled::text, tgdeferrable FROM "
            "pg_trigger ORDER BY 1, 2")
        .rows;
  }
};

TEST_F(PostgresGuardedLoad, FillsACycleOfNotNullKeysAndPutsEverythingBack) {
  const auto before = states();
  const Schema found = schema();
  const std::vector<TableName> tables{{"", "a"}, {"", "b"}, {"", "log"}};
  Transaction transaction{db()};

  const auto guard = engine().guard_load(db(), found, tables);
  db().execute("INSERT INTO a VALUES (1, 2)");
  db().execute("INSERT INTO b VALUES (2, 1)");
  db().execute("INSERT INTO log VALUES (1)");
  guard->finish();
  transaction.commit();

  EXPECT_EQ(states(), before);
  EXPECT_EQ(number("SELECT count(*) FROM noted"), 0);
}

TEST_F(PostgresGuardedLoad, CountsTheOrphansOfTheKeyThatFails) {
  const Schema found = schema();
  const std::vector<TableName> tables{{"", "a"}, {"", "b"}};
  Transaction transaction{db()};

  const auto guard = engine().guard_load(db(), found, tables);
  db().execute("INSERT INTO a VALUES (1, 77), (2, 78)");

  EXPECT_THAT([&] { guard->finish(); },
              ThrowsError(ErrorCode::constraint_violation,
                          "foreign key 'a_b' of table 'a': 2 row(s) have no parent in 'b'"));
}

}  // namespace

}  // namespace seedbed
