#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/undo_log.hpp"
#include "tests/engines/mysql_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

class MysqlUndo : public testing::MysqlTest {};

// Whoever may only use the database still has a baseline: resets restore it.
TEST_F(MysqlUndo, IsRefusedToAUserWithoutProcess) {
  execute("CREATE TABLE item (id INT PRIMARY KEY)");
  DatabaseUrl limited = url();
  limited.user = "lim_" + url().database;
  limited.password = "secret";
  execute(fmt::format("CREATE USER {} IDENTIFIED BY 'secret'", limited.user));
  execute(fmt::format("GRANT ALL ON {}.* TO {}", url().database, limited.user));
  {
    const auto theirs = engine().connect(limited);
    const UndoLog& log = engine().undo_log();
    EXPECT_THAT([&] { log.begin(*theirs, {}); }, ThrowsError(ErrorCode::refused, "PROCESS"));
    EXPECT_FALSE(log.begun(*theirs));
  }
  execute("DROP USER " + limited.user);
  EXPECT_EQ(value("SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = "
                  "DATABASE()")
                .as<int>(),
            0);
}

TEST_F(MysqlUndo, DropsWhatIsNewAlsoWhereRowsCannotComeBack) {
  execute("CREATE TABLE a (id INT PRIMARY KEY)");
  const UndoLog& log = engine().undo_log();
  log.begin(connection(), {});
  connect()->execute_script("TRUNCATE a; CREATE VIEW extra AS SELECT id FROM a");
  const Changes changes = log.undo(connection());
  EXPECT_EQ(changes.obstacles.size(), 1U);
  EXPECT_EQ(changes.schema.size(), 0U);
  EXPECT_EQ(log.changes(connection(), 0).schema.size(), 0U) << "a restore is not refused";
}

// An end that stops half way, here at a table in use, leaves no log that only seems to be whole.
TEST_F(MysqlUndo, HasEndedBeforeTheFirstTriggerIsGone) {
  for (const char* table : {"a", "b"}) {
    execute(fmt::format("CREATE TABLE {} (id INT PRIMARY KEY)", table));
  }
  const UndoLog& log = engine().undo_log();
  log.begin(connection(), {});
  const auto writer = connect();
  writer->execute_script("START TRANSACTION; INSERT INTO b VALUES (1)");
  execute("SET SESSION lock_wait_timeout = 1");

  EXPECT_THAT([&] { log.end(connection()); }, ThrowsError(ErrorCode::unavailable, ""));

  EXPECT_FALSE(log.begun(connection()));
  writer->execute("ROLLBACK");
  log.begin(connection(), {});
  execute("INSERT INTO a VALUES (1)");
  EXPECT_EQ(log.undo(connection()).tables.size(), 1U);
}

// The server counts a statement when it begins, and the schema changes when it is done.
TEST_F(MysqlUndo, NoticesAnAlterThatWasRunningAtTheOneBefore) {
  execute("CREATE TABLE a (id INT PRIMARY KEY, name VARCHAR(10))");
  const UndoLog& log = engine().undo_log();
  log.begin(connection(), {});
  const auto reader = connect();
  reader->execute("START TRANSACTION");
  static_cast<void>(reader->query("SELECT * FROM a"));
  std::thread altering{[&] { connect()->execute("ALTER TABLE a ADD INDEX (name)"); }};
  while (value("SELECT count(*) FROM information_schema.processlist WHERE state LIKE '%metadata "
               "lock%' AND db = DATABASE()")
             .as<int>() == 0) {
    std::this_thread::yield();
  }

  const Changes during = log.undo(connection());
  reader->execute("COMMIT");
  altering.join();

  EXPECT_THAT(during.schema, ::testing::IsEmpty());
  EXPECT_THAT(log.undo(connection()).schema, ::testing::ElementsAre("table 'a' was altered"));
}

// Of these InnoDB knows nothing, and all happen within a second.
TEST_F(MysqlUndo, NoticesWhatIsDefinedAnew) {
  execute("CREATE TABLE a (id INT PRIMARY KEY, n INT)");
  execute("CREATE VIEW v AS SELECT id FROM a");
  execute("CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1");
  const UndoLog& log = engine().undo_log();
  for (const auto& [change, told] : std::vector<std::pair<std::string, std::string>>{
           {"ALTER TABLE a ADD CHECK (n > 0)", "table 'a' was altered"},
           {"ALTER TABLE a COMMENT 'x'", "table 'a' was altered"},
           {"ALTER TABLE a ALTER n SET DEFAULT 7", "table 'a' was altered"},
           {"CREATE OR REPLACE VIEW v AS SELECT n FROM a", "view 'v' was changed"},
           {"CREATE OR REPLACE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 2",
            "function 'f' was changed"},
           {"DROP FUNCTION f", "function 'f' is gone"}}) {
    log.begin(connection(), {});
    connect()->execute(change);
    EXPECT_THAT(log.undo(connection()).schema, ::testing::ElementsAre(told)) << change;
  }
}

TEST_F(MysqlUndo, DropsNewCode) {
  execute("CREATE TABLE a (id INT PRIMARY KEY)");
  const UndoLog& log = engine().undo_log();
  log.begin(connection(), {});
  connect()->execute("CREATE PROCEDURE p() SELECT 1");
  connect()->execute("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1");

  EXPECT_THAT(log.undo(connection()).dropped, ::testing::ElementsAre("procedure p", "event e"));
  EXPECT_TRUE(log.undo(connection()).none());
}

}  // namespace

}  // namespace seedbed
