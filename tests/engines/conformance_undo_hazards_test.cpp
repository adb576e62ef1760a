#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/undo_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::ThrowsError;
using testing::told;

class UndoHazards : public testing::UndoTest {};
SEEDBED_ON_ALL_ENGINES(UndoHazards);

TEST_P(UndoHazards, LeavesWhatIsNotCommittedAlone) {
  begin();
  const auto writer = connect();
  {
    Transaction open{*writer};
    writer->execute("INSERT INTO author (name) VALUES ('Late')");
    if (!is("sqlite")) {
      run("DELETE FROM page WHERE number = 2");
      const Changes changes = undo();
      EXPECT_THAT(told(changes), ElementsAre("page +0 ~0 -1"));
      EXPECT_EQ(changes.left.size(), 1U) << "what is not over is told";
    }
    open.commit();
  }
  EXPECT_EQ(count("author"), 4);
  EXPECT_THAT(told(undo()), ElementsAre("author +1 ~0 -0"));
  expect_restored();
}

TEST_P(UndoHazards, DoesNotWaitForHeldRowsWithoutEnd) {
  begin();
  run("UPDATE author SET name = 'Anna' WHERE id = 1");
  const auto writer = connect();
  {
    Transaction open{*writer};
    writer->execute("UPDATE author SET name = 'Anne' WHERE id = 1");
    EXPECT_THAT([&] { static_cast<void>(undo()); }, ThrowsError(ErrorCode::unavailable, ""));
    EXPECT_FALSE(connection().in_transaction());
  }
  static_cast<void>(undo());
  expect_restored();
}

TEST_P(UndoHazards, ForgetsWhatWasRolledBack) {
  begin();
  const auto writer = connect();
  {
    Transaction open{*writer};
    writer->execute("DELETE FROM page");
    open.rollback();
  }
  EXPECT_THAT(undo().tables, IsEmpty());
  expect_restored();
}

// A counter moves by rows that are rolled back, too.
TEST_P(UndoHazards, SetsCountersBack) {
  begin();
  const auto writer = connect();
  {
    Transaction open{*writer};
    writer->execute("INSERT INTO author (name) VALUES ('Gone')");
    open.rollback();
  }
  static_cast<void>(undo());
  run("INSERT INTO author (name) VALUES ('Fourth')");
  EXPECT_EQ(connection().query_value("SELECT id FROM author WHERE name = 'Fourth'").as<int>(), 4);
  static_cast<void>(undo());
  expect_restored();
}

TEST_P(UndoHazards, TellsWhichRowsChanged) {
  begin();
  run("INSERT INTO page VALUES (3, 7, 'new'); UPDATE page SET words = 'x' WHERE number = 2;"
      "DELETE FROM page WHERE book_id = 2");
  const Changes changes = log().changes(connection(), 10);

  ASSERT_EQ(changes.tables.size(), 1U);
  const TableChanges& page = changes.tables.front();
  EXPECT_THAT(page.key_columns, ElementsAre("book_id", "number"));
  std::vector<std::string> rows;
  for (const auto& row : page.rows) {
    rows.push_back(fmt::format("{} {}", static_cast<int>(row.change), join(row.key, "/")));
  }
  std::ranges::sort(rows);
  EXPECT_THAT(rows, ElementsAre("0 3/7", "1 1/2", "2 2/1"));
  EXPECT_EQ(log().changes(connection(), 1).tables.front().rows.size(), 1U);
}

TEST_P(UndoHazards, DropsWhatIsNew) {
  begin();
  run("CREATE TABLE extra (id INT PRIMARY KEY, author_id INT REFERENCES author (id));"
      "INSERT INTO extra VALUES (1, 1); CREATE VIEW more AS SELECT id, name FROM author;"
      "INSERT INTO author (name) VALUES ('Dan')");
  EXPECT_EQ(log().changes(connection(), 0).schema.size(), 2U);

  const Changes changes = undo();

  EXPECT_TRUE(changes.undoable());
  EXPECT_THAT(changes.dropped, ElementsAre(HasSubstr("view"), HasSubstr("table")));
  EXPECT_THAT([&] { run("SELECT * FROM extra"); }, ThrowsError(ErrorCode::invalid_input, ""));
  EXPECT_THAT([&] { run("SELECT * FROM more"); }, ThrowsError(ErrorCode::invalid_input, ""));
  expect_restored();
  run("DELETE FROM page");
  EXPECT_THAT(told(undo()), ElementsAre("page +0 ~0 -3")) << "changes are still noted";
}

TEST_P(UndoHazards, FindsAnAlteredTable) {
  begin();
  run("INSERT INTO author (name) VALUES ('Dan'); ALTER TABLE author ADD COLUMN extra INT;"
      "CREATE TABLE other (id INT)");

  const Changes changes = undo();

  EXPECT_FALSE(changes.schema.empty());
  EXPECT_FALSE(changes.undoable());
  EXPECT_EQ(count("author"), 4) << "nothing is undone";
  EXPECT_EQ(count("other"), 0) << "nothing is dropped";
}

TEST_P(UndoHazards, FindsATableThatWasMadeAnew) {
  connection().execute("CREATE TABLE again (id INT PRIMARY KEY)");
  begin();
  run("INSERT INTO again VALUES (1); DROP TABLE again; CREATE TABLE again (id INT PRIMARY KEY);"
      "INSERT INTO again VALUES (2)");
  EXPECT_FALSE(undo().undoable());
}

TEST_P(UndoHazards, IgnoresTemporaryTables) {
  begin();
  const auto writer = connect();
  writer->execute("CREATE TEMPORARY TABLE scratch (id INT PRIMARY KEY)");
  writer->execute("INSERT INTO scratch VALUES (1)");
  writer->execute("DROP TABLE scratch");
  EXPECT_TRUE(undo().none());
}

TEST_P(UndoHazards, BringsBackWhatTruncateRemoved) {
  begin();
  run(pick("DELETE FROM page", "TRUNCATE author RESTART IDENTITY CASCADE", "TRUNCATE page"));
  const Changes changes = undo();
  if (is("mysql")) {
    EXPECT_THAT(changes.obstacles, ElementsAre("TRUNCATE of table 'page'"));
    return;
  }
  expect_restored();
}

TEST_P(UndoHazards, DoesNotFireTriggers) {
  connection().execute_script(
      pick("CREATE TABLE audit (id INTEGER PRIMARY KEY, what TEXT);"
           "CREATE TRIGGER \"watch it\" AFTER UPDATE ON author BEGIN"
           " INSERT INTO audit (what) VALUES (new.name);"
           " UPDATE book SET title = title || '!' WHERE author_id = new.id; END;"
           "CREATE TRIGGER stamp AFTER INSERT ON author BEGIN"
           " UPDATE author SET weight = 5 WHERE id = new.id; END;"
           "CREATE TRIGGER gone AFTER DELETE ON author BEGIN"
           " INSERT INTO audit (what) VALUES ('gone'); END;",
           "CREATE TABLE audit (id SERIAL PRIMARY KEY, what TEXT);"
           "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
           " INSERT INTO audit (what) VALUES (coalesce(new.name, 'gone'));"
           " UPDATE book SET title = title || '!' WHERE author_id = new.id;"
           " IF tg_op = 'INSERT' THEN UPDATE author SET weight = 5 WHERE id = new.id; END IF;"
           " RETURN new; END $$;"
           "CREATE TRIGGER \"  watch it\" AFTER INSERT OR UPDATE OR DELETE ON author FOR EACH ROW"
           " EXECUTE FUNCTION note();",
           "CREATE TABLE audit (id INT AUTO_INCREMENT PRIMARY KEY, what TEXT);"
           "CREATE TRIGGER `watch it` AFTER UPDATE ON author FOR EACH ROW BEGIN"
           " INSERT INTO audit (what) VALUES (new.name);"
           " UPDATE book SET title = concat(title, '!') WHERE author_id = new.id; END;"
           "CREATE TRIGGER gone AFTER DELETE ON author FOR EACH ROW BEGIN"
           " INSERT INTO audit (what) VALUES ('gone');"
           " UPDATE page SET words = concat(words, '?'); END;"
           "CREATE TRIGGER stamp AFTER INSERT ON author FOR EACH ROW"
           " UPDATE book SET title = concat(title, '+') WHERE author_id = new.id;"));
  begin();
  run("UPDATE author SET name = 'Anna' WHERE id = 1; INSERT INTO author (name) VALUES ('Dan');"
      "DELETE FROM author WHERE id = 3;");
  EXPECT_GT(count("audit"), 0);
  static_cast<void>(undo());
  expect_restored();
  run("UPDATE author SET name = 'Anna' WHERE id = 1");
  EXPECT_EQ(count("audit"), 1) << "they fire again";
}

TEST_P(UndoHazards, IsGoneAfterItsEnd) {
  const Schema before = engine().introspect(connection());
  EXPECT_FALSE(log().begun(connection()));
  begin();
  EXPECT_TRUE(log().begun(connection()));
  EXPECT_EQ(engine().introspect(connection()).at("author").triggers, std::vector<std::string>{});
  log().end(connection());
  log().end(connection());
  EXPECT_FALSE(log().begun(connection()));
  const std::string left =
      pick("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'seedbed%'",
           "SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal) + (SELECT count(*) FROM"
           " pg_class WHERE relname LIKE 'seedbed%') + (SELECT count(*) FROM pg_proc WHERE proname"
           " LIKE 'seedbed%') + (SELECT count(*) FROM pg_event_trigger)",
           "SELECT (SELECT count(*) FROM information_schema.triggers WHERE trigger_schema ="
           " DATABASE()) + (SELECT count(*) FROM information_schema.tables WHERE table_schema ="
           " DATABASE() AND table_name LIKE 'seedbed%')");
  EXPECT_EQ(connection().query_value(left).as<int>(), 0);
  run("INSERT INTO author (name) VALUES ('Dan')");
}

TEST_P(UndoHazards, BeginsAnew) {
  begin();
  run("INSERT INTO author (name) VALUES ('Dan')");
  begin();
  EXPECT_TRUE(undo().none());
  EXPECT_EQ(count("author"), 4);
}

TEST_P(UndoHazards, RefusesATransaction) {
  begin();
  const Transaction open{connection()};
  EXPECT_THAT([&] { static_cast<void>(undo()); }, ThrowsError(ErrorCode::conflict, "transaction"));
  EXPECT_THAT([&] { log().begin(connection(), {}); },
              ThrowsError(ErrorCode::conflict, "transaction"));
}

TEST_P(UndoHazards, SeesWhatReplaceRemoved) {
  if (is("postgres")) GTEST_SKIP() << "PostgreSQL has no REPLACE";
  begin();
  run("REPLACE INTO page VALUES (1, 2, 'z'); REPLACE INTO author (id, name) VALUES (1, 'Bob');"
      "INSERT INTO author (id, name) VALUES (9, 'Nine'); REPLACE INTO author (name) VALUES "
      "('Nine')");
  EXPECT_EQ(count("author"), 3);
  static_cast<void>(undo());
  expect_restored();
}

// A new row that rows of the beginning came to refer to, and a cycle of new ones.
TEST_P(UndoHazards, TakesNewRowsAwayThatOldOnesReferTo) {
  begin();
  run("INSERT INTO author (id, name) VALUES (70, 'New'); UPDATE book SET author_id = 70;"
      "UPDATE author SET name = 'Old' WHERE id = 1; DELETE FROM author WHERE id = 3;"
      "INSERT INTO book (author_id, title) VALUES (70, 'one more')");
  static_cast<void>(undo());
  expect_restored();
}

// Its key would take it away together with the row that it came to refer to.
TEST_P(UndoHazards, KeepsARowWhoseParentWasMissing) {
  connection().execute_script(
      pick("PRAGMA foreign_keys = OFF; INSERT INTO book (author_id, title) VALUES (70, 'left');"
           "PRAGMA foreign_keys = ON",
           "SET session_replication_role = replica;"
           "INSERT INTO book (author_id, title) VALUES (70, 'left');"
           "SET session_replication_role = origin",
           "SET foreign_key_checks = 0;"
           "INSERT INTO book (author_id, title) VALUES (70, 'left');"
           "SET foreign_key_checks = 1"));
  begin();
  run("INSERT INTO author (id, name) VALUES (70, 'New')");
  static_cast<void>(undo());
  expect_restored();
}

TEST_P(UndoHazards, SeesLoadsUnderAGuard) {
  begin();
  const Schema schema = engine().introspect(connection());
  const std::vector<TableName> tables{{"", "author"}, {"", "book"}};
  {
    Transaction transaction{connection()};
    const auto guard = engine().guard_load(connection(), schema, tables);
    load("author", {"id", "name"}, {{10, "Ten"}, {11, "Eleven"}});
    guard->finish();
    transaction.commit();
  }
  EXPECT_THAT(told(undo()), ElementsAre("author +2 ~0 -0"));
  expect_restored();
}

}  // namespace

}  // namespace seedbed
