#include "seedbed/engines/mysql/definitions.hpp"

#include <fmt/format.h>

#include "seedbed/engines/mysql/catalog.hpp"
#include "seedbed/engines/mysql/dialect.hpp"

namespace seedbed::mysql {

namespace {

constexpr std::string_view kCode =
    "SELECT 'view', table_name FROM information_schema.views WHERE table_schema = DATABASE() "
    "UNION ALL SELECT LOWER(routine_type), routine_name FROM information_schema.routines WHERE "
    "routine_schema = DATABASE() AND routine_type IN ('PROCEDURE', 'FUNCTION') "
    "UNION ALL SELECT 'event', event_name FROM information_schema.events WHERE event_schema = "
    "DATABASE()";

std::string code_definition(Connection& connection, const std::string& kind,
                            const std::string& name) {
  const auto row =
      connection.query(fmt::format("SHOW CREATE {} {}", kind, backticked(name))).rows.front();
  const Value& definition = row.at(kind == "view" ? 1 : kind == "event" ? 3 : 2);
  return definition.is_null() ? std::string{} : text_of(definition);
}

}  // namespace

std::string definition_of(Connection& connection, const std::string& table) {
  std::string text =
      text_of(connection.query("SHOW CREATE TABLE " + backticked(table)).rows.front()[1]);
  constexpr std::string_view kCounter = " AUTO_INCREMENT=";
  const auto at = text.rfind(kCounter);
  if (at == std::string::npos || text.rfind('\n') > at) return text;
  return text.erase(at, text.find(' ', at + kCounter.size()) - at);
}

CodeDefinitions read_code(Connection& connection) {
  CodeDefinitions code;
  for (const auto& row : connection.query(kCode).rows) {
    const std::string kind = text_of(row[0]);
    const std::string name = text_of(row[1]);
    code[{kind, name}] = code_definition(connection, kind, name);
  }
  return code;
}

void store_code(Connection& connection, std::string_view prefix) {
  connection.execute(fmt::format(
      "CREATE TABLE {}_code (kind VARCHAR(10) NOT NULL, name VARCHAR(64) CHARACTER SET utf8mb4 "
      "COLLATE utf8mb4_bin NOT NULL, definition LONGTEXT CHARACTER SET utf8mb4 NOT NULL) ENGINE = "
      "InnoDB",
      prefix));
  for (const auto& [object, definition] : read_code(connection)) {
    connection.execute(fmt::format("INSERT INTO {}_code VALUES (?, ?, ?)", prefix),
                       Row{object.first, object.second, definition});
  }
}

CodeDefinitions stored_code(Connection& connection, std::string_view prefix) {
  CodeDefinitions code;
  const auto stored =
      connection.query(fmt::format("SELECT kind, name, definition FROM {}_code", prefix));
  for (const auto& row : stored.rows) {
    code[{text_of(row[0]), text_of(row[1])}] = text_of(row[2]);
  }
  return code;
}

}  // namespace seedbed::mysql
