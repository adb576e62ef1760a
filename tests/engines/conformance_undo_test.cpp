#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/engines/undo_fixture.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::told;

class Undo : public testing::UndoTest {};
SEEDBED_ON_ALL_ENGINES(Undo);

TEST_P(Undo, BringsBackWhatOthersCommitted) {
  begin();
  run("INSERT INTO author (name) VALUES ('Dan');"
      "UPDATE author SET name = 'Bert', weight = 2 WHERE name = 'Bob';"
      "DELETE FROM page WHERE number = 2;");
  EXPECT_NE(state(), before());

  const Changes changes = undo();

  EXPECT_THAT(told(changes), ElementsAre("author +1 ~1 -0", "page +0 ~0 -1"));
  EXPECT_THAT(changes.obstacles, IsEmpty());
  expect_restored();
}

TEST_P(Undo, FindsNothingWhereNothingChanged) {
  begin();
  run("SELECT * FROM author");
  EXPECT_TRUE(undo().none());
  expect_restored();
}

TEST_P(Undo, RunsAgainAndAgain) {
  begin();
  for (int i = 0; i < 20; ++i) {
    run("INSERT INTO author (name) VALUES ('Dan');"
        "UPDATE book SET title = 'other' WHERE id = 1; DELETE FROM author WHERE id = 2;");
    static_cast<void>(undo());
    expect_restored();
  }
}

TEST_P(Undo, KnowsTheFirstStateOfARowThatChangedOften) {
  begin();
  run("UPDATE author SET name = 'Abe' WHERE id = 1; UPDATE author SET name = 'Ada' WHERE id = 1;"
      "DELETE FROM author WHERE id = 3; INSERT INTO author (id, name) VALUES (3, 'New');"
      "INSERT INTO author (id, name) VALUES (50, 'Short'); DELETE FROM author WHERE id = 50;");
  EXPECT_THAT(told(log().changes(connection(), 0)), ElementsAre("author +0 ~2 -0"));
  static_cast<void>(undo());
  expect_restored();
}

TEST_P(Undo, LetsUniqueValuesChangeHands) {
  begin();
  run("UPDATE author SET name = 'x' WHERE id = 1; UPDATE author SET name = 'Ann' WHERE id = 2;"
      "UPDATE author SET name = 'Bob' WHERE id = 1; DELETE FROM author WHERE id = 3;"
      "INSERT INTO author (name) VALUES ('Cid');");
  static_cast<void>(undo());
  expect_restored();
}

TEST_P(Undo, FollowsKeysThatChange) {
  begin();
  run("DELETE FROM page; UPDATE author SET id = 70 WHERE id = 3; UPDATE author SET id = 71 WHERE id"
      " = 70; INSERT INTO author (id, name) VALUES (3, 'Third');");
  EXPECT_THAT(told(log().changes(connection(), 0)),
              ElementsAre("author +1 ~1 -0", "page +0 ~0 -3"));
  static_cast<void>(undo());
  expect_restored();
}

TEST_P(Undo, FollowsCascades) {
  begin();
  run("DELETE FROM author WHERE id = 1");
  EXPECT_EQ(count("page"), 0);
  EXPECT_THAT(told(undo()), ElementsAre("author +0 ~0 -1", "book +0 ~0 -2", "page +0 ~0 -3"));
  expect_restored();
}

TEST_P(Undo, KeepsEveryKindOfValue) {
  connection().execute_script(pick(
      "CREATE TABLE odd (id INTEGER PRIMARY KEY, a REAL, b TEXT, c BLOB, d);"
      "INSERT INTO odd VALUES (1, 0.1, 'it''s \"x\", (y) \\ {}', x'00ff0a', 9007199254740993),"
      " (2, NULL, '', x'', 'NULL'), (3, 1e-300, ' ', NULL, 1.5)",
      "CREATE TYPE mood AS ENUM ('sad', 'so so, \"x\"');"
      "CREATE TABLE odd (id INT PRIMARY KEY, a DOUBLE PRECISION, b TEXT, c BYTEA, d INTERVAL,"
      " e mood, f INT[], g JSON, h NUMERIC, i REAL, j DATE, k MONEY, l TSRANGE, m TEXT[],"
      " n CHAR(5), o BIT(3), p XML, q TIME WITH TIME ZONE);"
      "INSERT INTO odd VALUES (1, 0.1, E'it''s \"x\", (y) \\\\ {}\\n', '\\x00ff0a', '1 mon 2 days"
      " -3:00', 'so so, \"x\"', '{1,NULL}', '{\"a\":  1}', 1.500, 0.1, '2024-02-29', '12.34',"
      " '[2024-01-01 10:00,)', '{\"a,b\",NULL,\"NULL\"}', 'ab', '101', '<a>x</a>',"
      " '12:00+05:30'), (2, 'NaN', '', '', NULL, NULL, '{}', NULL, 'NaN', 'Infinity',"
      " 'infinity', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
      "CREATE TABLE odd (id INT PRIMARY KEY, a DOUBLE, b TEXT, c BLOB, d FLOAT, e ENUM('a','b'),"
      " f SET('x','y'), g JSON, h DECIMAL(20,5), i BIT(3), j DATE, k TIME(6), l DATETIME(6),"
      " m TIMESTAMP(6) NULL, n YEAR, o POINT, p BIGINT UNSIGNED, q VARBINARY(10));"
      "INSERT INTO odd VALUES (1, 0.1, 'it''s \"x\", (y) \\\\ {}', x'00ff0a', 0.1, 'b', 'x,y',"
      " '{\"a\":  1}', 1.5, b'101', '2024-02-29', '-838:59:59', '2024-01-01 10:00:00.123456',"
      " '2024-01-01 10:00:00.123456', 2024, POINT(1, 2), 18446744073709551615, x'00'),"
      " (2, NULL, '', '', NULL, NULL, '', NULL, NULL, NULL, '0000-00-00', NULL, NULL, NULL,"
      " NULL, NULL, 0, '')"));
  begin();
  run("DELETE FROM odd WHERE id = 1; UPDATE odd SET b = 'changed'");
  static_cast<void>(undo());
  expect_restored();
}

TEST_P(Undo, DoesNotDependOnSettingsOfTheWriter) {
  connection().execute_script(
      pick("CREATE TABLE moment (at TIMESTAMP PRIMARY KEY, other DATE);"
           "INSERT INTO moment VALUES ('2024-03-04 05:06:07', '2024-03-04')",
           "CREATE TABLE moment (at TIMESTAMPTZ PRIMARY KEY, other DATE);"
           "INSERT INTO moment VALUES ('2024-03-04 05:06:07', '2024-03-04')",
           "CREATE TABLE moment (at TIMESTAMP PRIMARY KEY, other DATE);"
           "INSERT INTO moment VALUES ('2024-03-04 05:06:07', '2024-03-04')"));
  begin();
  run(pick("UPDATE moment SET at = '2025-01-01', other = NULL",
           "SET datestyle = 'SQL, DMY'; SET timezone = 'Asia/Kolkata';"
           "UPDATE moment SET at = '01/02/2025', other = NULL; DELETE FROM moment",
           "SET time_zone = '+05:30'; SET sql_mode = 'ANSI_QUOTES';"
           "UPDATE moment SET at = '2025-01-01', other = NULL; DELETE FROM moment"));
  static_cast<void>(undo());
  expect_restored();
}

TEST_P(Undo, TakesOddNames) {
  connection().execute(pick(
      R"(CREATE TABLE "select {x} ""q"" é" ("key" INTEGER PRIMARY KEY, "a {} ""b""" TEXT, n TEXT))",
      R"(CREATE TABLE "select {x} ""q"" é" ("key" SERIAL PRIMARY KEY, "a {} ""b""" TEXT, n TEXT))",
      "CREATE TABLE `select {x} \"q\" é` (`key` INT AUTO_INCREMENT PRIMARY KEY, `a {} \"b\"` TEXT, "
      "n"
      " TEXT)"));
  const std::string name = engine().quote(R"(select {x} "q" é)");
  const std::string column = engine().quote(R"(a {} "b")");
  const std::string key = engine().quote("key");
  const std::string insert = fmt::format("INSERT INTO {} ({}, n) VALUES ('t', 'n')", name, column);
  run(insert);
  begin();
  run(fmt::format("{}; UPDATE {} SET n = 'x'; DELETE FROM {} WHERE {} = 1", insert, name, name,
                  key));
  const Changes changes = log().changes(connection(), 5);
  ASSERT_EQ(changes.tables.size(), 1U);
  EXPECT_THAT(changes.tables.front().key_columns, ElementsAre("key"));
  static_cast<void>(undo());
  expect_restored();
}

TEST_P(Undo, BringsBackTablesWithoutAKey) {
  connection().execute_script(
      "CREATE TABLE loose (a INT, b VARCHAR(20));"
      "INSERT INTO loose VALUES (1, 'x'), (1, 'x'), (2, NULL), (3, 'z')");
  begin();
  run("INSERT INTO loose VALUES (1, 'x'), (9, 'new'); UPDATE loose SET b = 'y' WHERE a = 3;"
      "DELETE FROM loose WHERE a = 2");
  const Changes changes = undo();
  if (is("mysql")) {
    EXPECT_THAT(changes.obstacles, ElementsAre("changes in table 'loose', which has no key"));
    return;
  }
  EXPECT_THAT(changes.obstacles, IsEmpty());
  expect_restored();
}
}  // namespace

}  // namespace seedbed
