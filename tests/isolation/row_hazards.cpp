#include <utility>

#include "tests/isolation/hazards.hpp"

namespace seedbed::testing {

namespace {

Hazard on_rows(std::string name, const std::string& script, Course course = Course::inside) {
  return {std::move(name), script, script, script, course};
}

// PostgreSQL and MySQL name columns alike, but quote and merge differently.
std::vector<Hazard> hazards_of_statements() {
  return {
      {"INSERT ... ON CONFLICT, ON DUPLICATE KEY",
       "INSERT INTO review VALUES (1, 2, 'new'), (8, 2, 'new') ON CONFLICT (id) DO UPDATE SET "
       "words = excluded.words",
       "INSERT INTO review VALUES (1, 2, 'new'), (8, 2, 'new') ON CONFLICT (id) DO UPDATE SET "
       "words = excluded.words",
       "INSERT INTO review VALUES (1, 2, 'new'), (8, 2, 'new') ON DUPLICATE KEY UPDATE words = "
       "VALUES(words)"},
      {"MERGE", "",
       "MERGE INTO review r USING (VALUES (1, 'new'), (2, 'bad'), (8, 'new')) AS v (id, words) ON "
       "r.id = v.id WHEN MATCHED AND v.words = 'bad' THEN DELETE WHEN MATCHED THEN UPDATE SET "
       "words = v.words WHEN NOT MATCHED THEN INSERT VALUES (v.id, NULL, v.words)",
       ""},
      {"REPLACE", "REPLACE INTO author (id, name) VALUES (3, 'Bob')", "",
       "REPLACE INTO author (id, name) VALUES (3, 'Bob')"},
      {"COPY FROM, LOAD DATA", "", "COPY loose FROM PROGRAM 'printf \"7\\tz\\n8\\t\\\\\\\\N\\n\"'",
       "SELECT 7, 'z' UNION SELECT 8, NULL INTO OUTFILE '../rows_of_{database}'; LOAD DATA INFILE "
       "'../rows_of_{database}' INTO TABLE loose",
       Course::inside, "", true, true},
      on_rows("unique values that change hands",
              "UPDATE author SET name = 'x' WHERE id = 1; UPDATE author SET name = 'Ann' WHERE id "
              "= 2; UPDATE author SET name = 'Bob' WHERE id = 1"),
      on_rows("a statement that fails",
              "INSERT INTO review VALUES (7, 1, 'x'); INSERT INTO review VALUES (7, 2, 'y'); "
              "INSERT INTO review VALUES (8, 2, 'y'), (7, 2, 'y'); DELETE FROM review WHERE id = 1",
              Course::failing),
      on_rows("a constraint violated, at the commit where it waits",
              "INSERT INTO egg VALUES (9, 77); DELETE FROM review WHERE id = 1", Course::failing),
      {"generated columns",
       "UPDATE priced SET cents = 7; INSERT INTO priced (id, cents) VALUES (2, 9)",
       "UPDATE priced SET cents = 7; INSERT INTO priced (id, cents) VALUES (2, 9)",
       "UPDATE priced SET cents = 7; INSERT INTO priced (id, cents) VALUES (2, 9)"},
      {"GENERATED ALWAYS", "",
       "DELETE FROM book WHERE id = 3; UPDATE book SET title = 'x'; INSERT INTO book (id, "
       "author_id) OVERRIDING SYSTEM VALUE VALUES (77, 1), (3, 2)",
       ""},
  };
}

}  // namespace

std::vector<Hazard> row_hazards() {
  std::vector<Hazard> all{
      on_rows("rows inserted", "INSERT INTO author (name) VALUES ('Dan'), ('Eve')"),
      on_rows("seed rows changed", "UPDATE author SET name = 'Other' WHERE id = 1"),
      on_rows("seed rows deleted", "DELETE FROM review"),
      on_rows("a key changed",
              "DELETE FROM book WHERE author_id = 2; UPDATE author SET id = 90 WHERE id = 2"),
      on_rows("rows written elsewhere, and committed", "INSERT INTO author (name) VALUES ('Dan')",
              Course::elsewhere),
      on_rows("rows written by a thread behind the test's end",
              "INSERT INTO author (name) VALUES ('Dan')", Course::late),
      {"two tests that want one unique value", "INSERT INTO review VALUES (7, 1, 'x')",
       "INSERT INTO review VALUES (7, 1, 'x')", "INSERT INTO review VALUES (7, 1, 'x')",
       Course::inside, "INSERT INTO review VALUES (7, 1, 'x')"},
      on_rows("a cascade to two tables", "DELETE FROM author WHERE id = 1"),
      on_rows("a cascade within a table", "DELETE FROM node WHERE id = 1"),
      on_rows("a cycle of keys", "UPDATE egg SET hen_id = NULL; DELETE FROM hen; DELETE FROM egg"),
      on_rows("a table without a key",
              "INSERT INTO loose VALUES (1, 'x'); DELETE FROM loose WHERE a = 2"),
      {"odd names", R"(UPDATE "odd ""name"" é" SET "a b" = 'y')",
       R"(INSERT INTO "odd ""name"" é" ("a b") VALUES ('y'))",
       "INSERT INTO `odd \"name\" é` (`a b`) VALUES ('y')"},
      {"a trigger that writes elsewhere", "UPDATE watched SET name = 'y'",
       "UPDATE watched SET name = 'y'", ""},
      {"TRUNCATE", "DELETE FROM review", "TRUNCATE author RESTART IDENTITY CASCADE",
       "TRUNCATE review"},
      {"a counter drawn from",
       "INSERT INTO author (name) VALUES ('Dan'); DELETE FROM author WHERE name = 'Dan'",
       "SELECT nextval('author_id_seq'), nextval('free_counter')",
       "INSERT INTO author (name) VALUES ('Dan'); DELETE FROM author WHERE name = 'Dan'"},
      {"a counter set", "UPDATE sqlite_sequence SET seq = 900",
       "SELECT setval('author_id_seq', 900)", "ALTER TABLE author AUTO_INCREMENT = 900"},
      {"an unused counter set", "", "SELECT setval('free_counter', 50, false)", ""},
      {"a partition written and rows moved", "",
       "UPDATE part SET region = 'b' WHERE id = 1; INSERT INTO part VALUES (3, 'a')", ""},
      {"an unlogged table", "", "UPDATE scratch SET a = 'y'", ""},
      {"row level security", "", "DELETE FROM secret", ""},
      {"a large object", "", "SELECT lo_from_bytea(0, 'x')", ""},
  };
  Hazard longest{"names as long as may be"};
  const auto write = [](std::string_view engine) {
    const std::string first = long_name(engine, 'a');
    const std::string second = long_name(engine, 'b');
    return "UPDATE " + first + " SET " + first + " = 'y'; DELETE FROM " + second;
  };
  longest.sqlite = write("sqlite");
  longest.postgres = write("postgres");
  longest.mysql = write("mysql");
  all.push_back(std::move(longest));
  for (auto& hazard : hazards_of_statements()) all.push_back(std::move(hazard));
  return all;
}

}  // namespace seedbed::testing
