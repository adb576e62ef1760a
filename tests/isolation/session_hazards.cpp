#include "tests/isolation/hazards.hpp"

namespace seedbed::testing {

namespace {

std::vector<Hazard> hazards_of_transactions() {
  return {
      {"COMMIT in the code under test", "BEGIN; DELETE FROM review; COMMIT",
       "BEGIN; DELETE FROM review; COMMIT", "START TRANSACTION; DELETE FROM review; COMMIT"},
      {"ROLLBACK in the code under test",
       "BEGIN; DELETE FROM review; ROLLBACK; INSERT INTO review VALUES (9, NULL, 'x')",
       "BEGIN; DELETE FROM review; ROLLBACK; INSERT INTO review VALUES (9, NULL, 'x')",
       "START TRANSACTION; DELETE FROM review; ROLLBACK; INSERT INTO review VALUES (9, NULL, 'x')"},
      {"a procedure that commits", "", "CALL write_and_commit()", "CALL write_and_commit()"},
      {.name = "a commit through dblink",
       .postgres = "SELECT dblink_exec('{conninfo}', 'DELETE FROM review')",
       .superuser = true,
       .alone = true},
      {.name = "a prepared transaction",
       .postgres = "BEGIN; DELETE FROM part; PREPARE TRANSACTION 'left in {database}'",
       .mysql = "XA START '{database}'; DELETE FROM review; XA END '{database}'; XA PREPARE "
                "'{database}'",
       .alone = true},
      {"a transaction left open elsewhere", "BEGIN; SELECT * FROM author",
       "BEGIN; INSERT INTO part VALUES (7, 'a')",
       "START TRANSACTION; INSERT INTO hen VALUES (7, NULL)", Course::elsewhere, "", false, true},
      {"a reader whose transaction stays open", "",
       "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM author",
       "START TRANSACTION WITH CONSISTENT SNAPSHOT; SELECT * FROM author", Course::elsewhere, "",
       false, true},
      {"changed rows that are locked elsewhere",
       "UPDATE review SET words = 'x' WHERE id = 1; BEGIN IMMEDIATE",
       "UPDATE review SET words = 'x' WHERE id = 1; BEGIN; SELECT * FROM review WHERE id = 1 FOR "
       "UPDATE",
       "UPDATE review SET words = 'x' WHERE id = 1; START TRANSACTION; SELECT * FROM review WHERE "
       "id = 1 FOR UPDATE",
       Course::elsewhere, "", false, true},
      {"other rows that are locked elsewhere", "",
       "BEGIN; SELECT * FROM review WHERE id = 1 FOR UPDATE",
       "START TRANSACTION; SELECT * FROM review WHERE id = 1 FOR UPDATE", Course::elsewhere, "",
       false, true},
      {"a changed table that is locked elsewhere", "",
       "DELETE FROM review; BEGIN; LOCK TABLE review IN SHARE MODE",
       "DELETE FROM review; LOCK TABLES review READ", Course::elsewhere, "", false, true},
      {"an advisory lock", "", "SELECT pg_advisory_lock(42)", "SELECT GET_LOCK('{database}', 1)"},
  };
}

}  // namespace

std::vector<Hazard> session_hazards() {
  std::vector<Hazard> all = hazards_of_transactions();
  const std::vector<Hazard> others{
      {"settings of the session", "PRAGMA foreign_keys = OFF",
       "SET session_replication_role = replica; DELETE FROM author WHERE id = 1",
       "SET foreign_key_checks = 0; DELETE FROM author WHERE id = 1", Course::inside, "", true},
      {"settings of the database", "PRAGMA user_version = 9",
       "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''1MB''', "
       "current_database()); END $$",
       "ALTER DATABASE CHARACTER SET latin1"},
      {.name = "settings of a role in the database",
       .postgres = "DO $$ BEGIN EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET "
                   "statement_timeout = ''1min''', current_database()); END $$"},
      {.name = "settings of a role",
       .postgres = "ALTER ROLE CURRENT_USER SET isolation.{database} = 'x'",
       .alone = true},
      {.name = "the journal mode", .sqlite = "PRAGMA journal_mode = WAL", .alone = true},
      {"a temporary table", "CREATE TEMP TABLE mine (id INT)", "CREATE TEMP TABLE mine (id INT)",
       "CREATE TEMPORARY TABLE mine (id INT)"},
      {"a database attached", "ATTACH ':memory:' AS mine; CREATE TABLE mine.t (id INT)", "", ""},
      {"LISTEN and NOTIFY", "", "LISTEN news; NOTIFY news, 'x'", ""},
      {"a prepared statement left", "", "PREPARE mine AS SELECT * FROM author; EXECUTE mine",
       "PREPARE mine FROM 'SELECT * FROM author'; EXECUTE mine"},
      {"a cursor left open", "", "BEGIN; DECLARE mine CURSOR FOR SELECT * FROM author; FETCH mine",
       "", Course::elsewhere, "", false, true},
      {"a cursor WITH HOLD", "",
       "DECLARE mine CURSOR WITH HOLD FOR SELECT * FROM author; FETCH mine", ""},
  };
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

}  // namespace seedbed::testing
