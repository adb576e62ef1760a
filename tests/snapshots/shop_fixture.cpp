#include "tests/snapshots/shop_fixture.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace seedbed::testing {

namespace {

std::string kinds_and_texts(const Row& row) {
  std::string all;
  for (const auto& cell : row) all += fmt::format("{}{}|", to_string(cell.kind()), cell.display());
  return all;
}

}  // namespace

void ShopTest::SetUp() {
  EngineTest::SetUp();
  if (IsSkipped()) return;
  create_schema();
  insert_rows();
}

void ShopTest::run(const std::vector<std::string>& statements) {
  for (const auto& sql : statements) connection().execute(sql);
}

void ShopTest::create_schema() {
  const std::string id =
      pick("INTEGER PRIMARY KEY AUTOINCREMENT", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
           "BIGINT AUTO_INCREMENT PRIMARY KEY");
  const std::string blob = pick("BLOB", "bytea", "BLOB");
  run({fmt::format(
           "CREATE TABLE users (id {}, email VARCHAR(100) NOT NULL UNIQUE, name {}, vip BOOLEAN, "
           "balance DECIMAL(12,2) NOT NULL DEFAULT 0, score {}, born DATE, created {}, seen {}, "
           "uid {}, prefs {}, avatar {}, code CHAR(6), ratio {}, boss_id {} REFERENCES "
           "users(id){})",
           id, pick("TEXT", "text", "TEXT"), pick("DOUBLE", "double precision", "DOUBLE"),
           pick("TIMESTAMP", "timestamp", "DATETIME(6)"),
           pick("TIMESTAMPTZ", "timestamptz", "TIMESTAMP(6) NULL"),
           pick("UUID", "uuid", "CHAR(36)"), pick("JSON", "json", "JSON"), blob,
           pick("REAL", "real", "FLOAT"), pick("BIGINT", "bigint", "BIGINT"),
           pick("", "", ", FOREIGN KEY (boss_id) REFERENCES users(id)")),
       fmt::format(
           "CREATE TABLE orders (id {}, user_id BIGINT NOT NULL, number VARCHAR(20) NOT NULL, "
           "total DECIMAL(10,2), doubled DECIMAL(12,2) GENERATED ALWAYS AS (total * 2) STORED, "
           "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE)",
           id),
       ("CREATE TABLE order_items (order_id BIGINT NOT NULL, line INT NOT NULL, "
        "quantity INT NOT NULL, "
        "PRIMARY KEY (order_id, line), FOREIGN KEY (order_id) REFERENCES orders(id))"),
       "CREATE TABLE words (word VARCHAR(20), weight INT)",
       fmt::format("CREATE TABLE {} ({} VARCHAR(10) PRIMARY KEY, {} INT)", engine().quote("select"),
                   engine().quote("gro\"up"), engine().quote("\xC3\xA9t\xC3\xA9")),
       "CREATE TABLE empty_table (id INT PRIMARY KEY)"});
  const std::string key = "FOREIGN KEY (team_id) REFERENCES teams(id)";
  if (is("sqlite")) {
    run({"CREATE TABLE teams (id INT PRIMARY KEY, lead_id INT NOT NULL REFERENCES people(id))",
         "CREATE TABLE people (id INT PRIMARY KEY, team_id INT NOT NULL, " + key + ")"});
  } else {
    run({"CREATE TABLE teams (id INT PRIMARY KEY, lead_id INT NOT NULL)",
         "CREATE TABLE people (id INT PRIMARY KEY, team_id INT NOT NULL, " + key + ")",
         "ALTER TABLE teams ADD CONSTRAINT lead FOREIGN KEY (lead_id) REFERENCES people(id)"});
  }
}

void ShopTest::insert_rows() {
  const std::string into = fmt::format(
      "INSERT INTO users (id, email, name, vip, balance, score, born, created, seen, uid, prefs, "
      "avatar, code, ratio, boss_id) {} VALUES ",
      pick("", "OVERRIDING SYSTEM VALUE", ""));
  const auto bytes = [&](const std::string& hex) {
    return is("postgres") ? "'\\x" + hex + "'" : "x'" + hex + "'";
  };
  // Backslashes double where the engine takes them for escapes.
  const std::string torture =
      pick("'tab\tlf\ncr\rback\\slash \\N \\. \f\v \xF0\x9F\x8C\xB1'",
           "'tab\tlf\ncr\rback\\slash \\N \\. \f\v \xF0\x9F\x8C\xB1'",
           "'tab\tlf\ncr\rback\\\\slash \\\\N \\\\. \f\v \xF0\x9F\x8C\xB1'");
  const std::string null_word = pick("'\\N'", "'\\N'", "'\\\\N'");
  const std::string zone = pick("+00:00", "+00", "");
  run({into + fmt::format("(1, 'ada@example.com', {}, TRUE, 10.50, 0.1, '2000-02-29', "
                          "'2026-01-02 03:04:05.5', '2026-01-02 03:04:05{}', "
                          "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{{\"b\": 1, \"a\": "
                          "[12345678901234567890]}}', "
                          "{}, 'ab', 0.25, NULL)",
                          torture, zone, bytes("00ff10")),
       into +
           "(9, 'bob@example.com', '', FALSE, 9999999999.99, -1.5, NULL, NULL, NULL, NULL, NULL, "
           "NULL, NULL, NULL, 1)",
       into + fmt::format("(10, 'eve@example.com', {}, NULL, -0.01, 1e300, '1999-12-31', "
                          "'1970-01-01 00:00:00', NULL, NULL, '[]', {}, '', 3.5, 9)",
                          null_word, bytes("")),
       fmt::format(
           "INSERT INTO orders (id, user_id, number, total) {} VALUES (2, 1, 'ORD-2', 5.00), "
           "(100, 10, 'ORD-100', NULL)",
           pick("", "OVERRIDING SYSTEM VALUE", "")),
       "INSERT INTO order_items VALUES (100, 1, 3), (2, 10, 1), (2, 2, 7)",
       "INSERT INTO words VALUES ('b', 1), ('a', NULL), ('b', 1), (NULL, 5), ('A', -10), ('b', 9)",
       fmt::format("INSERT INTO {} VALUES ('b', 1), ('C', 2)", engine().quote("select"))});
  if (is("mysql")) run({"SET foreign_key_checks = 0"});
  if (is("sqlite")) run({"PRAGMA foreign_keys = OFF"});
  if (is("postgres")) {
    run({"SELECT setval(pg_get_serial_sequence('users', 'id'), 10)",
         "SELECT setval(pg_get_serial_sequence('orders', 'id'), 100)"});
    run({"ALTER TABLE teams ALTER CONSTRAINT lead DEFERRABLE", "BEGIN",
         "SET CONSTRAINTS ALL DEFERRED"});
  }
  run({"INSERT INTO teams VALUES (1, 1)", "INSERT INTO people VALUES (1, 1)"});
  if (is("postgres")) run({"COMMIT", "ALTER TABLE teams ALTER CONSTRAINT lead NOT DEFERRABLE"});
  if (is("sqlite")) run({"PRAGMA foreign_keys = ON"});
  if (is("mysql")) run({"SET foreign_key_checks = 1"});
}

SnapshotSummary ShopTest::save(const std::string& name, const SaveOptions& options) {
  return save_snapshot(store(), name, connection(), schema(), options, progress_);
}

SnapshotSummary ShopTest::restore(const std::string& name, const RestoreOptions& options) {
  return restore_snapshot(store(), name, connection(), schema(), options, progress_);
}

SnapshotSummary ShopTest::measure() {
  return measure_state(connection(), schema(), progress_);
}

std::map<std::string, std::vector<Row>> ShopTest::all_rows() {
  std::map<std::string, std::vector<Row>> tables;
  for (const auto& name : schema().table_names()) {
    auto& rows = tables[name];
    rows = connection().query("SELECT * FROM " + engine().quote(TableName{"", name})).rows;
    std::sort(rows.begin(), rows.end(), [](const Row& left, const Row& right) {
      return kinds_and_texts(left) < kinds_and_texts(right);
    });
  }
  return tables;
}

void ShopTest::delete_everything() {
  if (is("mysql")) run({"SET foreign_key_checks = 0"});
  if (is("sqlite")) run({"PRAGMA foreign_keys = OFF"});
  if (is("postgres")) {
    run({"TRUNCATE users, orders, order_items, words, \"select\", teams, people, empty_table"});
  } else {
    for (const auto& name : schema().table_names()) {
      run({"DELETE FROM " + engine().quote(TableName{"", name})});
    }
  }
  if (is("sqlite")) run({"PRAGMA foreign_keys = ON"});
  if (is("mysql")) run({"SET foreign_key_checks = 1"});
}

}  // namespace seedbed::testing
