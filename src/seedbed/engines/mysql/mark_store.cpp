#include "seedbed/engines/mysql/mark_store.hpp"

#include <array>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::mysql {

namespace {

constexpr const char* kServerSchema = "seedbed_server";
constexpr const char* kServerTable = "seedbed_marks";
constexpr const char* kOwnTable = "seedbed_mark";

[[noreturn]] void throw_no_right(Connection& connection, const Error& cause) {
  const auto user = connection.query_value("SELECT CURRENT_USER()").as<std::string>();
  const auto at = user.rfind('@');
  throw Error{
      ErrorCode::invalid_input,
      fmt::format("this user may not keep marks in database 'seedbed_server'; ask for: GRANT "
                  "CREATE, SELECT, INSERT, UPDATE, DELETE ON `seedbed_server`.* TO "
                  "'{}'@'{}' ({})",
                  user.substr(0, at), user.substr(at + 1), cause.what()),
      cause.details()};
}

void create_own_table(Connection& connection) {
  connection.execute(
      "CREATE TABLE IF NOT EXISTS seedbed_mark (id CHAR(36) NOT NULL PRIMARY KEY, "
      "binding VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL) ENGINE = InnoDB");
}

void write_halves(Connection& connection, const MarkRecord& mark, const std::string& database) {
  const std::array<Value, 2> server_half{database, mark.id};
  const std::array<Value, 2> own_half{mark.id, mark.binding};
  Transaction transaction{connection};
  connection.execute("REPLACE INTO seedbed_server.seedbed_marks (schema_name, id) VALUES (?, ?)",
                     server_half);
  connection.execute("DELETE FROM seedbed_mark");
  connection.execute("INSERT INTO seedbed_mark (id, binding) VALUES (?, ?)", own_half);
  transaction.commit();
}

}  // namespace

bool table_exists(Connection& connection, const std::string& schema, const std::string& table) {
  const std::array<Value, 2> names{schema, table};
  return connection
             .query_value(
                 "SELECT COUNT(*) FROM information_schema.tables "
                 "WHERE table_schema = ? AND table_name = ?",
                 names)
             .as<std::int64_t>() > 0;
}

std::optional<MarkRecord> load_mark(Connection& connection) {
  const std::string database = connection.database_name();
  if (!table_exists(connection, database, kOwnTable)) return std::nullopt;
  if (!table_exists(connection, kServerSchema, kServerTable)) return std::nullopt;
  const auto own = connection.query("SELECT id, binding FROM seedbed_mark").rows;
  const std::array<Value, 1> name{database};
  const auto server =
      connection.query("SELECT id FROM seedbed_server.seedbed_marks WHERE schema_name = ?", name)
          .rows;
  if (own.size() != 1 || server.size() != 1) return std::nullopt;
  MarkRecord mark{own[0][0].as<std::string>(), own[0][1].as<std::string>()};
  if (server[0][0].as<std::string>() != mark.id) {
    // No schema has a name with a NUL in it.
    mark.binding.insert(0, 1, '\0');
  }
  return mark;
}

void create_server_table(Connection& connection, const std::string& name,
                         const std::string& columns) {
  // CREATE ... IF NOT EXISTS needs the privilege even where it does nothing.
  if (table_exists(connection, kServerSchema, name)) return;
  try {
    connection.execute("CREATE DATABASE IF NOT EXISTS seedbed_server CHARACTER SET utf8mb4");
    connection.execute(fmt::format(
        "CREATE TABLE IF NOT EXISTS seedbed_server.{} ({}) ENGINE = InnoDB", name, columns));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::invalid_input) throw_no_right(connection, error);
    throw;
  }
}

void save_mark(Connection& connection, const MarkRecord& mark) {
  const std::string database = connection.database_name();
  create_server_table(connection, kServerTable,
                      "schema_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL "
                      "PRIMARY KEY, id CHAR(36) NOT NULL");
  create_own_table(connection);
  write_halves(connection, mark, database);
}

void forget_mark(Connection& connection, const std::string& database) {
  const std::array<Value, 1> name{database};
  try {
    connection.execute("DELETE FROM seedbed_server.seedbed_marks WHERE schema_name = ?", name);
  } catch (const Error&) {
    // No such table, or no right to see it: then no mark of this user's is in it.
  }
}

}  // namespace seedbed::mysql
