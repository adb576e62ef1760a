#include <chrono>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/engines/undo_log.hpp"
#include "tests/engines/postgres_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::ThrowsError;

/// A database whose tables belong to a role that is no superuser.
class PostgresUndo : public testing::PostgresTest {
 protected:
  void SetUp() override {
    PostgresTest::SetUp();
    if (IsSkipped()) return;
    role_ = "sbowner_" + url().database;
    db().execute_script("CREATE ROLE " + role_ + " LOGIN; GRANT CREATE ON DATABASE " +
                        url().database + " TO " + role_ + "; GRANT CREATE ON SCHEMA public TO " +
                        role_);
    owner_ = connect_as_owner();
    owner_->execute_script(
        "CREATE TABLE author (id INT PRIMARY KEY, name TEXT UNIQUE);"
        "CREATE TABLE book (id INT PRIMARY KEY, author_id INT NOT NULL REFERENCES author (id));"
        "CREATE TABLE audit (what TEXT);"
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO audit VALUES (tg_op); RETURN coalesce(new, old); END $$;"
        "CREATE TRIGGER note AFTER INSERT OR DELETE ON author FOR EACH ROW EXECUTE FUNCTION note();"
        "ALTER TABLE author ENABLE ALWAYS TRIGGER note;"
        "INSERT INTO author VALUES (1, 'Ann'), (2, 'Bob'); INSERT INTO book VALUES (1, 1), (2, 2);"
        "DELETE FROM audit");
  }
  void TearDown() override {
    owner_.reset();
    if (!role_.empty()) db().execute_script("DROP OWNED BY " + role_ + "; DROP ROLE " + role_);
    PostgresTest::TearDown();
  }
  [[nodiscard]] std::unique_ptr<Connection> connect_as_owner() const {
    DatabaseUrl as_role = url();
    as_role.user = role_;
    return engine().connect(as_role);
  }
  [[nodiscard]] const UndoLog& log() const { return engine().undo_log(); }

  std::string role_;
  std::unique_ptr<Connection> owner_;
};

TEST_F(PostgresUndo, NeedsNoSuperuser) {
  log().begin(*owner_, {});
  // A new parent for a row that stays, and a unique value that changes hands.
  owner_->execute_script(
      "DELETE FROM book WHERE id = 2; DELETE FROM author WHERE id = 2;"
      "INSERT INTO author VALUES (3, 'Bob'); UPDATE book SET author_id = 3");

  const Changes changes = log().undo(*owner_);

  EXPECT_THAT(changes.obstacles, IsEmpty());
  EXPECT_EQ(number("SELECT count(*) FROM book b JOIN author a ON a.id = b.author_id"
                   " WHERE (b.id, a.name) IN ((1, 'Ann'), (2, 'Bob'))"),
            2);
  EXPECT_EQ(number("SELECT count(*) FROM author"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM audit"), 0);
  EXPECT_EQ(db().query_value("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'note'").text(),
            "A");
  EXPECT_EQ(number("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND condeferrable"), 0);
  EXPECT_TRUE(log().undo(*owner_).none());
}

// Without the right to switch foreign keys off they would delete rows that nobody changed.
TEST_F(PostgresUndo, KeepsRowsThatForeignKeysWouldDelete) {
  owner_->execute_script(
      "CREATE TABLE shelf (id INT PRIMARY KEY, place INT UNIQUE);"
      "CREATE TABLE part (id INT PRIMARY KEY, shelf_id INT REFERENCES shelf ON DELETE CASCADE);"
      "INSERT INTO shelf VALUES (1, 1), (2, 2); INSERT INTO part VALUES (1, 1), (2, 2)");
  log().begin(*owner_, {});
  owner_->execute("UPDATE shelf SET place = 3 WHERE id = 1");
  static_cast<void>(log().undo(*owner_));
  EXPECT_EQ(number("SELECT count(*) FROM part"), 2);
  EXPECT_EQ(number("SELECT place FROM shelf WHERE id = 1"), 1);

  // Values change hands, so that rows must go before others come back.
  owner_->execute_script(
      "UPDATE shelf SET place = 3 WHERE id = 1; UPDATE shelf SET place = 1 WHERE id = 2;"
      "UPDATE shelf SET place = 2 WHERE id = 1");
  EXPECT_THAT([&] { static_cast<void>(log().undo(*owner_)); },
              ThrowsError(ErrorCode::constraint_violation, "would change others"));
  EXPECT_EQ(number("SELECT count(*) FROM part"), 2);
}

TEST_F(PostgresUndo, KeepsRowsThatForeignKeysOfTheirOwnTableWouldDelete) {
  owner_->execute_script(
      "CREATE TABLE node (id INT PRIMARY KEY, up INT REFERENCES node ON DELETE CASCADE,"
      " place INT UNIQUE); INSERT INTO node VALUES (1, NULL, 1), (2, NULL, 2), (3, 1, 3)");
  log().begin(*owner_, {});
  owner_->execute_script(
      "UPDATE node SET place = 9 WHERE id = 1; UPDATE node SET place = 1 WHERE id = 2;"
      "UPDATE node SET place = 2 WHERE id = 1");
  EXPECT_THAT([&] { static_cast<void>(log().undo(*owner_)); },
              ThrowsError(ErrorCode::constraint_violation, "would change others"));
  EXPECT_EQ(number("SELECT count(*) FROM node"), 3);
}

TEST_F(PostgresUndo, FindsAChangedSchemaWithoutEventTriggers) {
  log().begin(*owner_, {});
  owner_->execute("ALTER TABLE book ADD COLUMN more INT");
  EXPECT_THAT(log().undo(*owner_).schema, ElementsAre("a change of the schema"));
}

TEST_F(PostgresUndo, DropsEveryKindOfNewObject) {
  owner_->execute_script("CREATE TYPE kind AS ENUM ('a'); CREATE INDEX place ON book (author_id)");
  log().begin(*owner_, {});
  owner_->execute_script(
      "CREATE SCHEMA \"odd one\"; CREATE TABLE \"odd one\".t (id SERIAL PRIMARY KEY);"
      "CREATE SEQUENCE free; CREATE INDEX extra ON book (author_id); CREATE TYPE mood AS ENUM ();"
      "CREATE DOMAIN short AS TEXT CHECK (length(value) < 9);"
      "CREATE FUNCTION twice(a INT, b TEXT) RETURNS INT LANGUAGE sql AS 'SELECT a * 2';"
      "CREATE MATERIALIZED VIEW names AS SELECT name FROM author;"
      "CREATE TABLE parts (id INT, day DATE) PARTITION BY RANGE (day);"
      "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
      "CREATE INDEX ON parts (id); ALTER TABLE author ADD CONSTRAINT named CHECK (name <> '');"
      "CREATE TRIGGER more AFTER DELETE ON book FOR EACH ROW EXECUTE FUNCTION note();"
      "CREATE RULE none AS ON UPDATE TO audit DO INSTEAD NOTHING;"
      "CREATE POLICY own ON book USING (true); DROP INDEX place;"
      "CREATE INDEX place ON book (author_id); INSERT INTO author VALUES (3, 'Cid')");

  const Changes changes = log().undo(*owner_);

  EXPECT_THAT(changes.schema, IsEmpty());
  EXPECT_THAT(changes.dropped, ::testing::Contains("schema \"odd one\""));
  EXPECT_THAT(changes.dropped, ::testing::Contains("index public.extra"));
  EXPECT_EQ(number("SELECT count(*) FROM author"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM pg_class WHERE relname = 'place'"), 1)
      << "what is of the beginning by its name stays";
  EXPECT_TRUE(log().undo(*owner_).none());
}

TEST_F(PostgresUndo, NotesWhatRolesWithoutRightsToItWrite) {
  log().begin(db(), {});
  owner_->execute("INSERT INTO author VALUES (3, 'Cid')");
  static_cast<void>(log().undo(db()));
  EXPECT_EQ(number("SELECT count(*) FROM author"), 2);
}

TEST_F(PostgresUndo, IsRefusedToWhoDoesNotOwnTheTables) {
  db().execute("CREATE TABLE other (id INT)");
  EXPECT_THAT([&] { log().begin(*owner_, {}); }, ThrowsError(ErrorCode::refused, "owner"));
  EXPECT_FALSE(log().begun(*owner_));
  EXPECT_EQ(number("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"), 1);
}

// What analyses tables while tests run writes, too, but nobody waits for it to be undone.
TEST_F(PostgresUndo, SaysNothingOfTheServersOwnWorkers) {
  ASSERT_EQ(db().query_value("SHOW autovacuum"), Value{"on"}) << "without it there are none";
  constexpr auto kNap =
      "SELECT extract(epoch FROM current_setting('autovacuum_naptime')::interval)::int8";
  db().execute_script(
      "ANALYZE author; ALTER TABLE author SET (autovacuum_analyze_threshold = 0,"
      " autovacuum_analyze_scale_factor = 0)");
  log().begin(db(), {});
  const auto holder = connect();
  Transaction held{*holder};  // of what the worker will write
  holder->execute("UPDATE pg_statistic SET stawidth = 1 WHERE starelid = 'author'::regclass");
  connect_as_owner()->execute("UPDATE author SET name = 'Anna' WHERE id = 1");
  const auto deadline = std::chrono::steady_clock::now() + 3 * std::chrono::seconds{number(kNap)};
  while (number("SELECT count(*) FROM pg_stat_activity, pg_sleep(0.02) WHERE datname = "
                "current_database() AND backend_type = 'autovacuum worker' AND backend_xid IS NOT "
                "NULL") == 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the worker did not come";
  }

  const Changes changes = log().undo(db());

  ASSERT_EQ(changes.tables.size(), 1U);
  EXPECT_EQ(changes.left.size(), 1U) << "the holder, not the worker: " << join(changes.left, "; ");
}

// A crash empties unlogged tables.
TEST_F(PostgresUndo, KnowsThatItsNotesWereLost) {
  log().begin(db(), {});
  db().execute("DELETE FROM book");
  db().execute_script("TRUNCATE seedbed.seedbed_undo, seedbed.seedbed_undo_now");
  const Changes changes = log().undo(db());
  ASSERT_EQ(changes.obstacles.size(), 1U);
  EXPECT_THAT(changes.obstacles.front(), ::testing::HasSubstr("crash"));
}

TEST_F(PostgresUndo, GivesUpWaitingForATable) {
  const auto writer = connect();
  writer->execute_script("BEGIN; DELETE FROM book");
  db().execute("SET lock_timeout = '100ms'");
  EXPECT_THAT([&] { log().begin(db(), {}); }, ThrowsError(ErrorCode::unavailable, "still open"));
  EXPECT_FALSE(log().begun(db()));
}

// An end that stops half way, here at a table in use, leaves no log that only seems to be whole.
TEST_F(PostgresUndo, HasEndedBeforeTheFirstTriggerIsGone) {
  constexpr std::size_t kTables = 450;  // more than one transaction removes
  for (std::size_t i = 0; i < kTables; ++i) {
    owner_->execute_script(fmt::format(
        "CREATE TABLE many{0} (id INT PRIMARY KEY); INSERT INTO many{0} VALUES (1)", i));
  }
  log().begin(*owner_, {});
  owner_->execute("SET lock_timeout = '100ms'");
  for (const auto* table : {"many0", "many449"}) {
    const auto writer = connect_as_owner();
    writer->execute_script(fmt::format("BEGIN; INSERT INTO {} VALUES (2)", table));
    EXPECT_THAT([&] { log().end(*owner_); }, ThrowsError(ErrorCode::unavailable, ""));
  }

  owner_->execute_script(
      "DO $$ BEGIN FOR i IN 0..449 LOOP EXECUTE format('DELETE FROM many%s', i); END LOOP; END $$");
  if (log().begun(*owner_)) {
    EXPECT_EQ(log().changes(*owner_, 0).tables.size(), kTables);
  }
}

}  // namespace

}  // namespace seedbed
