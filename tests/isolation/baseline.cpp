#include <fmt/format.h>

#include "tests/isolation/hazards.hpp"

namespace seedbed::testing {

namespace {

constexpr std::string_view kRows = R"sql(
INSERT INTO author (name) VALUES ('Ann'), ('Bob'), ('Cid');
INSERT INTO book (author_id, title) VALUES (1, 'one'), (1, 'two'), (2, 'three');
INSERT INTO review VALUES (1, 1, 'good'), (2, 3, 'bad');
INSERT INTO priced (id, cents) VALUES (1, 250);
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
CREATE INDEX title_index ON book (title);
CREATE TABLE priced (id INT NOT NULL PRIMARY KEY, cents INT, euros REAL GENERATED ALWAYS AS (cents / 100.0) STORED);
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
CREATE INDEX title_index ON book (title);
CREATE TABLE priced (id INT PRIMARY KEY, cents INT, euros NUMERIC GENERATED ALWAYS AS (cents / 100.0) STORED);
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
INSERT INTO secret VALUES (1, current_user), (2, 'somebody');
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON secret USING (owner = current_user);
CREATE PROCEDURE write_and_commit() LANGUAGE plpgsql AS $$
  BEGIN INSERT INTO author (name) VALUES ('Procedure'); COMMIT; END $$;
CREATE SEQUENCE free_counter;
CREATE EXTENSION IF NOT EXISTS dblink;
INSERT INTO loose VALUES (1, 'x'), (1, 'x'), (2, NULL);
INSERT INTO "odd ""name"" é" ("a b") VALUES ('x');
INSERT INTO watched VALUES (1, 'x');
INSERT INTO part VALUES (1, 'a'), (2, 'b');
INSERT INTO scratch VALUES (1, 'x');
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
CREATE INDEX title_index ON book (title(20));
CREATE TABLE priced (id INT PRIMARY KEY, cents INT, euros DECIMAL(9, 2) AS (cents / 100) STORED);
CREATE TABLE loose (a INT, b TEXT);
CREATE TABLE `odd "name" é` (`select` INT AUTO_INCREMENT PRIMARY KEY, `a b` TEXT);
CREATE PROCEDURE write_and_commit() BEGIN INSERT INTO author (name) VALUES ('Procedure'); COMMIT; END;
INSERT INTO loose VALUES (1, 'x'), (1, 'x'), (2, NULL);
INSERT INTO `odd "name" é` (`a b`) VALUES ('x');
)sql";

}  // namespace

std::string baseline_sql(std::string_view engine) {
  const auto tables = engine == "sqlite" ? kSqlite : engine == "postgres" ? kPostgres : kMysql;
  std::string longest;
  for (const char last : {'a', 'b'}) {
    const std::string name = long_name(engine, last);
    longest += fmt::format("CREATE TABLE {0} (id INT NOT NULL PRIMARY KEY, {0} VARCHAR(9));", name);
    longest += fmt::format("INSERT INTO {} VALUES (1, 'x');", name);
  }
  const auto* last = engine == "postgres" ? "REFRESH MATERIALIZED VIEW totals;" : "";
  return std::string{tables} + std::string{kRows} + longest + last;
}

std::string long_name(std::string_view engine, char last) {
  constexpr std::size_t kPostgresBytes = 63;
  constexpr std::size_t kOthersBytes = 64;
  std::string name(engine == "postgres" ? kPostgresBytes : kOthersBytes, 'n');
  name.back() = last;
  return name;
}

}  // namespace seedbed::testing
