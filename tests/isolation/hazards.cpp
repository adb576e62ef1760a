#include "tests/isolation/hazards.hpp"

#include <array>

namespace seedbed::testing {

namespace {

constexpr std::string_view kRows = R"sql(
INSERT INTO author (name) VALUES ('Ann'), ('Bob'), ('Cid');
INSERT INTO book (author_id, title) VALUES (1, 'one'), (1, 'two'), (2, 'three');
INSERT INTO review VALUES (1, 1, 'good'), (2, 3, 'bad');
INSERT INTO node VALUES (1, NULL), (2, 1), (3, 2);
INSERT INTO egg VALUES (1, NULL);
INSERT INTO hen VALUES (1, 1);
UPDATE egg SET hen_id = 1;
)sql";

constexpr std::string_view kSqlite = R"sql(
CREATE TABLE author (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
CREATE TABLE book (id INTEGER PRIMARY KEY AUTOINCREMENT, author_id INT REFERENCES author (id)
  ON DELETE CASCADE, title TEXT);
CREATE TABLE review (id INT NOT NULL PRIMARY KEY, book_id INT REFERENCES book (id) ON DELETE SET NULL, words TEXT);
CREATE TABLE node (id INT NOT NULL PRIMARY KEY, parent_id INT REFERENCES node (id) ON DELETE CASCADE);
CREATE TABLE egg (id INT NOT NULL PRIMARY KEY, hen_id INT REFERENCES hen (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE hen (id INT NOT NULL PRIMARY KEY, egg_id INT REFERENCES egg (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE loose (a INT, b TEXT);
CREATE TABLE "odd ""name"" é" ("select" INTEGER PRIMARY KEY, "a b" TEXT);
CREATE TABLE ledger (id INTEGER PRIMARY KEY, what TEXT);
CREATE TABLE watched (id INT NOT NULL PRIMARY KEY, name TEXT);
CREATE TRIGGER watch AFTER UPDATE ON watched BEGIN INSERT INTO ledger (what) VALUES (new.name); END;
INSERT INTO loose VALUES (1, 'x'), (1, 'x'), (2, NULL);
INSERT INTO "odd ""name"" é" VALUES (1, 'x');
INSERT INTO watched VALUES (1, 'x');
)sql";

constexpr std::string_view kPostgres = R"sql(
CREATE TABLE author (id SERIAL PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE book (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author_id INT REFERENCES author (id)
  ON DELETE CASCADE, title TEXT);
CREATE TABLE review (id INT PRIMARY KEY, book_id INT REFERENCES book (id) ON DELETE SET NULL, words TEXT);
CREATE TABLE node (id INT PRIMARY KEY, parent_id INT REFERENCES node (id) ON DELETE CASCADE);
CREATE TABLE egg (id INT PRIMARY KEY, hen_id INT);
CREATE TABLE hen (id INT PRIMARY KEY, egg_id INT REFERENCES egg (id) DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE egg ADD FOREIGN KEY (hen_id) REFERENCES hen (id) DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE loose (a INT, b TEXT);
CREATE TABLE "odd ""name"" é" ("select" SERIAL PRIMARY KEY, "a b" TEXT);
CREATE TABLE ledger (id SERIAL PRIMARY KEY, what TEXT);
CREATE TABLE watched (id INT PRIMARY KEY, name TEXT);
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN INSERT INTO ledger (what) VALUES (new.name); RETURN new; END $$;
CREATE TRIGGER watch AFTER UPDATE ON watched FOR EACH ROW EXECUTE FUNCTION watch();
CREATE TABLE part (id INT, region TEXT, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE part_a PARTITION OF part FOR VALUES IN ('a');
CREATE TABLE part_b PARTITION OF part FOR VALUES IN ('b');
CREATE UNLOGGED TABLE scratch (id INT PRIMARY KEY, a TEXT);
CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS authors FROM author;
CREATE TABLE secret (id INT PRIMARY KEY, owner TEXT);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON secret USING (owner = current_user);
CREATE PROCEDURE write_and_commit() LANGUAGE plpgsql AS $$
  BEGIN INSERT INTO author (name) VALUES ('Procedure'); COMMIT; END $$;
CREATE SEQUENCE free_counter;
INSERT INTO loose VALUES (1, 'x'), (1, 'x'), (2, NULL);
INSERT INTO "odd ""name"" é" ("a b") VALUES ('x');
INSERT INTO watched VALUES (1, 'x');
INSERT INTO part VALUES (1, 'a'), (2, 'b');
INSERT INTO scratch VALUES (1, 'x');
INSERT INTO secret VALUES (1, current_user), (2, 'somebody');
)sql";

constexpr std::string_view kMysql = R"sql(
CREATE TABLE author (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL UNIQUE);
CREATE TABLE book (id INT AUTO_INCREMENT PRIMARY KEY, author_id INT, title TEXT,
  FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE);
CREATE TABLE review (id INT PRIMARY KEY, book_id INT, words TEXT,
  FOREIGN KEY (book_id) REFERENCES book (id) ON DELETE SET NULL);
CREATE TABLE node (id INT PRIMARY KEY, parent_id INT,
  FOREIGN KEY (parent_id) REFERENCES node (id) ON DELETE CASCADE);
CREATE TABLE egg (id INT PRIMARY KEY, hen_id INT);
CREATE TABLE hen (id INT PRIMARY KEY, egg_id INT, FOREIGN KEY (egg_id) REFERENCES egg (id));
ALTER TABLE egg ADD FOREIGN KEY (hen_id) REFERENCES hen (id);
CREATE TABLE loose (a INT, b TEXT);
CREATE TABLE `odd "name" é` (`select` INT AUTO_INCREMENT PRIMARY KEY, `a b` TEXT);
CREATE PROCEDURE write_and_commit() BEGIN INSERT INTO author (name) VALUES ('Procedure'); COMMIT; END;
INSERT INTO loose VALUES (1, 'x'), (1, 'x'), (2, NULL);
INSERT INTO `odd "name" é` (`a b`) VALUES ('x');
)sql";

Hazard everywhere(std::string name, const std::string& script) {
  return {std::move(name), script, script, script};
}

struct Exception {
  std::string_view hazard;
  Way way;
  std::string_view engine;
  Outcome outcome;
};

constexpr auto kAnyEngine = "";

/// `rollback` cannot see what others do, and counters are in no transaction but SQLite's. `auto`
/// drops what is new in the schema, and refuses what was changed. `restore` looks at tables and
/// columns only.
constexpr std::array kExceptions{
    Exception{"rows inserted", Way::rollback, "postgres", Outcome::gap},
    Exception{"rows inserted", Way::rollback, "mysql", Outcome::gap},
    Exception{"a key changed", Way::rollback, "mysql", Outcome::gap},
    Exception{"rows written elsewhere, and committed", Way::rollback, "sqlite", Outcome::refused},
    Exception{"rows written elsewhere, and committed", Way::rollback, "postgres", Outcome::gap},
    Exception{"rows written elsewhere, and committed", Way::rollback, "mysql", Outcome::gap},
    Exception{"COMMIT in the code under test", Way::rollback, kAnyEngine, Outcome::refused},
    Exception{"ROLLBACK in the code under test", Way::rollback, kAnyEngine, Outcome::refused},
    Exception{"a procedure that commits", Way::rollback, kAnyEngine, Outcome::refused},
    Exception{"odd names", Way::rollback, "postgres", Outcome::gap},
    Exception{"odd names", Way::rollback, "mysql", Outcome::gap},
    Exception{"a trigger that writes elsewhere", Way::rollback, "postgres", Outcome::gap},
    Exception{"TRUNCATE", Way::rollback, "mysql", Outcome::refused},
    Exception{"a counter drawn from", Way::rollback, "postgres", Outcome::gap},
    Exception{"a counter drawn from", Way::rollback, "mysql", Outcome::gap},
    Exception{"a counter set", Way::rollback, "postgres", Outcome::gap},
    Exception{"a counter set", Way::rollback, "mysql", Outcome::refused},
    Exception{"an unused counter set", Way::rollback, "postgres", Outcome::gap},
    Exception{"a table created", Way::rollback, "mysql", Outcome::refused},
    Exception{"a column added", Way::rollback, "mysql", Outcome::refused},
    Exception{"an index created", Way::rollback, "mysql", Outcome::refused},
    Exception{"a view created", Way::rollback, "mysql", Outcome::refused},
    Exception{"a materialized view refreshed", Way::rollback, "postgres", Outcome::gap},
    Exception{"an advisory lock", Way::rollback, "postgres", Outcome::gap},
    Exception{"an advisory lock", Way::rollback, "mysql", Outcome::gap},
    Exception{"a prepared transaction", Way::rollback, "postgres", Outcome::refused},
    Exception{"settings of the database", Way::rollback, "mysql", Outcome::refused},

    Exception{"a transaction left open elsewhere", Way::automatic, "sqlite", Outcome::refused},
    Exception{"a transaction left open elsewhere", Way::automatic, "postgres", Outcome::told},
    Exception{"a cascade within a table", Way::automatic, "mysql", Outcome::escalated},
    Exception{"a table without a key", Way::automatic, "mysql", Outcome::escalated},
    Exception{"TRUNCATE", Way::automatic, "mysql", Outcome::escalated},
    Exception{"an unused counter set", Way::automatic, "postgres", Outcome::gap},
    Exception{"a column added", Way::automatic, kAnyEngine, Outcome::refused},
    Exception{"an index created", Way::automatic, "mysql", Outcome::gap},
    Exception{"a trigger switched off", Way::automatic, kAnyEngine, Outcome::refused},
    Exception{"an advisory lock", Way::automatic, "postgres", Outcome::told},
    Exception{"an advisory lock", Way::automatic, "mysql", Outcome::gap},
    Exception{"settings of the database", Way::automatic, "postgres", Outcome::refused},
    Exception{"settings of the database", Way::automatic, "mysql", Outcome::refused},

    Exception{"a transaction left open elsewhere", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"a table created", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"a column added", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"an index created", Way::restore, kAnyEngine, Outcome::gap},
    Exception{"a view created", Way::restore, kAnyEngine, Outcome::gap},
    Exception{"a trigger switched off", Way::restore, kAnyEngine, Outcome::gap},
    Exception{"a partition attached", Way::restore, "postgres", Outcome::gap},
    Exception{"a materialized view refreshed", Way::restore, "postgres", Outcome::gap},
    Exception{"an advisory lock", Way::restore, "postgres", Outcome::gap},
    Exception{"an advisory lock", Way::restore, "mysql", Outcome::gap},
    Exception{"a prepared transaction", Way::restore, "postgres", Outcome::refused},
    Exception{"a large object", Way::restore, "postgres", Outcome::gap},
    Exception{"settings of the database", Way::restore, kAnyEngine, Outcome::gap},
};

}  // namespace

std::string_view to_string(Outcome outcome) noexcept {
  constexpr std::array<std::string_view, 6> kNames{"restored", "told", "escalated",
                                                   "refused",  "gap",  "-"};
  return kNames.at(static_cast<std::size_t>(outcome));
}

std::string_view to_string(Way way) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"rollback", "auto", "restore"};
  return kNames.at(static_cast<std::size_t>(way));
}

const std::string& Hazard::script(std::string_view engine) const {
  return engine == "sqlite" ? sqlite : engine == "postgres" ? postgres : mysql;
}

std::string baseline_sql(std::string_view engine) {
  const auto tables = engine == "sqlite" ? kSqlite : engine == "postgres" ? kPostgres : kMysql;
  const auto* last = engine == "postgres" ? "REFRESH MATERIALIZED VIEW totals;" : "";
  return std::string{tables} + std::string{kRows} + last;
}

const std::vector<Hazard>& hazards() {
  static const std::vector<Hazard> kHazards{
      everywhere("rows inserted", "INSERT INTO author (name) VALUES ('Dan'), ('Eve')"),
      everywhere("seed rows changed", "UPDATE author SET name = 'Other' WHERE id = 1"),
      everywhere("seed rows deleted", "DELETE FROM review"),
      everywhere("a key changed",
                 "DELETE FROM book WHERE author_id = 2; UPDATE author SET id = 90 WHERE id = 2"),
      {"rows written elsewhere, and committed", "INSERT INTO author (name) VALUES ('Dan')",
       "INSERT INTO author (name) VALUES ('Dan')", "INSERT INTO author (name) VALUES ('Dan')",
       true},
      {"COMMIT in the code under test", "BEGIN; DELETE FROM review; COMMIT",
       "BEGIN; DELETE FROM review; COMMIT", "START TRANSACTION; DELETE FROM review; COMMIT"},
      {"ROLLBACK in the code under test",
       "BEGIN; DELETE FROM review; ROLLBACK; INSERT INTO review VALUES (9, NULL, 'x')",
       "BEGIN; DELETE FROM review; ROLLBACK; INSERT INTO review VALUES (9, NULL, 'x')",
       "START TRANSACTION; DELETE FROM review; ROLLBACK; INSERT INTO review VALUES (9, NULL, 'x')"},
      {"a procedure that commits", "", "CALL write_and_commit()", "CALL write_and_commit()"},
      {"a transaction left open elsewhere", "BEGIN; SELECT * FROM author",
       "BEGIN; INSERT INTO part VALUES (7, 'a')",
       "START TRANSACTION; INSERT INTO hen VALUES (7, NULL)", true},
      everywhere("a cascade to two tables", "DELETE FROM author WHERE id = 1"),
      everywhere("a cascade within a table", "DELETE FROM node WHERE id = 1"),
      {"a cycle of keys", "UPDATE egg SET hen_id = NULL; DELETE FROM hen; DELETE FROM egg",
       "UPDATE egg SET hen_id = NULL; DELETE FROM hen; DELETE FROM egg",
       "UPDATE egg SET hen_id = NULL; DELETE FROM hen; DELETE FROM egg"},
      everywhere("a table without a key",
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
      everywhere("a table created", "CREATE TABLE extra_table (id INT)"),
      {"a column added", "ALTER TABLE author ADD COLUMN extra TEXT",
       "ALTER TABLE author ADD COLUMN extra TEXT", "ALTER TABLE author ADD COLUMN extra TEXT"},
      {"an index created", "CREATE INDEX extra_index ON book (title)",
       "CREATE INDEX extra_index ON book (title)",
       "CREATE INDEX extra_index ON book (author_id, id)"},
      everywhere("a view created", "CREATE VIEW extra_view AS SELECT id FROM author"),
      {"a trigger switched off", "DROP TRIGGER watch", "ALTER TABLE watched DISABLE TRIGGER watch",
       ""},
      {"a temporary table", "CREATE TEMP TABLE mine (id INT)", "CREATE TEMP TABLE mine (id INT)",
       "CREATE TEMPORARY TABLE mine (id INT)"},
      {"a partition written and rows moved", "",
       "UPDATE part SET region = 'b' WHERE id = 1; INSERT INTO part VALUES (3, 'a')", ""},
      {"a partition attached", "", "CREATE TABLE part_c PARTITION OF part FOR VALUES IN ('c')", ""},
      {"an unlogged table", "", "UPDATE scratch SET a = 'y'", ""},
      {"a materialized view refreshed", "",
       "INSERT INTO author (name) VALUES ('Dan'); REFRESH MATERIALIZED VIEW totals", ""},
      {"row level security", "", "DELETE FROM secret", ""},

      {"an advisory lock", "", "SELECT pg_advisory_lock(42)", "SELECT GET_LOCK('mine', 1)"},
      {"a prepared transaction", "", "BEGIN; DELETE FROM part; PREPARE TRANSACTION 'left'", ""},
      {"a large object", "", "SELECT lo_from_bytea(0, 'x')", ""},
      {"settings of the session", "PRAGMA foreign_keys = OFF",
       "SET session_replication_role = replica; DELETE FROM author WHERE id = 1",
       "SET foreign_key_checks = 0; DELETE FROM author WHERE id = 1"},
      {"settings of the database", "PRAGMA user_version = 9",
       "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''1MB''', "
       "current_database()); END $$",
       "ALTER DATABASE CHARACTER SET latin1"},
      {"REPLACE", "REPLACE INTO author (id, name) VALUES (3, 'Bob')", "",
       "REPLACE INTO author (id, name) VALUES (3, 'Bob')"},
  };
  return kHazards;
}

Outcome expected(const Hazard& hazard, Way way, std::string_view engine) {
  if (hazard.script(engine).empty()) return Outcome::none;
  for (const auto& exception : kExceptions) {
    if (exception.hazard == hazard.name && exception.way == way &&
        (exception.engine.empty() || exception.engine == engine)) {
      return exception.outcome;
    }
  }
  return Outcome::restored;
}

}  // namespace seedbed::testing
