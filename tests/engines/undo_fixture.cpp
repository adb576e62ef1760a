#include "tests/engines/undo_fixture.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace seedbed::testing {

void UndoTest::SetUp() {
  ConformanceTest::SetUp();
  if (IsSkipped()) return;
  connection().execute_script(
      pick("CREATE TABLE author (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,"
           " born TIMESTAMP, weight DOUBLE, picture BLOB);"
           "CREATE TABLE book (id INTEGER PRIMARY KEY AUTOINCREMENT, author_id INT REFERENCES"
           " author (id) ON DELETE CASCADE, title TEXT,"
           " shout TEXT GENERATED ALWAYS AS (upper(title)));"
           "CREATE TABLE page (book_id INT REFERENCES book (id) ON DELETE CASCADE, number INT,"
           " words TEXT, PRIMARY KEY (book_id, number));",
           "CREATE TABLE author (id SERIAL PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
           " born TIMESTAMPTZ, weight DOUBLE PRECISION, picture BYTEA);"
           "CREATE TABLE book (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author_id INT"
           " REFERENCES author (id) ON DELETE CASCADE, title TEXT,"
           " shout TEXT GENERATED ALWAYS AS (upper(title)) STORED);"
           "CREATE TABLE page (book_id INT REFERENCES book (id) ON DELETE CASCADE, number INT,"
           " words TEXT, PRIMARY KEY (book_id, number));",
           "CREATE TABLE author (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL"
           " UNIQUE, born TIMESTAMP NULL, weight DOUBLE, picture BLOB);"
           "CREATE TABLE book (id INT AUTO_INCREMENT PRIMARY KEY, author_id INT, title TEXT,"
           " shout TEXT GENERATED ALWAYS AS (upper(title)) STORED,"
           " FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE);"
           "CREATE TABLE page (book_id INT, number INT, words TEXT, PRIMARY KEY (book_id,"
           " number), FOREIGN KEY (book_id) REFERENCES book (id) ON DELETE CASCADE);"));
  connection().execute_script(
      "INSERT INTO author (name, born, weight) VALUES ('Ann', '2024-02-29 12:00:00', 0.1),"
      " ('Bob', NULL, 1e300), ('Cid', '1999-12-31 23:59:59', NULL);"
      "INSERT INTO book (author_id, title) VALUES (1, 'one'), (1, 'two'), (2, 'three');"
      "INSERT INTO page VALUES (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'c');");
}

void UndoTest::begin() {
  log().begin(connection(), {});
  before_ = state();
}

std::vector<std::string> UndoTest::state() {
  std::vector<std::string> lines;
  const auto reader = connect();
  const Schema schema = engine().introspect(*reader);
  for (const auto& table : schema.tables()) {
    const auto rows = reader->query("SELECT * FROM " + engine().quote(table.name)).rows;
    std::vector<std::string> texts;
    for (const auto& row : rows) {
      std::string text = table.name.to_string() + ":";
      for (const auto& cell : row) text += ' ' + engine().literal(cell);
      texts.push_back(std::move(text));
    }
    std::ranges::sort(texts);
    lines.insert(lines.end(), texts.begin(), texts.end());
  }
  for (const auto& counter : engine().sequence_states(*reader, schema)) {
    lines.push_back(fmt::format("{} next {}", counter.sequence.name.to_string(), counter.next));
  }
  return lines;
}

void UndoTest::expect_restored() {
  EXPECT_EQ(state(), before_);
  EXPECT_TRUE(log().changes(connection(), 0).none());
}

std::vector<std::string> told(const Changes& changes) {
  std::vector<std::string> lines;
  for (const auto& table : changes.tables) {
    lines.push_back(fmt::format("{} +{} ~{} -{}", table.table.to_string(), table.inserted,
                                table.updated, table.deleted));
  }
  return lines;
}

}  // namespace seedbed::testing
