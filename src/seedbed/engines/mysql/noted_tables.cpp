#include "seedbed/engines/mysql/noted_tables.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/mysql/catalog.hpp"
#include "seedbed/engines/mysql/definitions.hpp"
#include "seedbed/engines/mysql/dialect.hpp"

namespace seedbed::mysql {

namespace {

constexpr std::string_view kNotedTables =
    "SELECT table_name, engine FROM information_schema.tables WHERE table_schema = DATABASE() AND "
    "table_type = 'BASE TABLE' ORDER BY table_name";

constexpr std::string_view kNotedColumns =
    "SELECT table_name, column_name, column_type, character_set_name, collation_name "
    "FROM information_schema.columns WHERE table_schema = DATABASE() AND "
    "coalesce(generation_expression, '') = '' ORDER BY table_name, ordinal_position";

// Indexes whose columns are whole and never NULL.
constexpr std::string_view kNotedKeys =
    "SELECT table_name, index_name, MAX(nullable = 'YES' OR sub_part IS NOT NULL OR column_name IS "
    "NULL), GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR '\\n') "
    "FROM information_schema.statistics WHERE table_schema = DATABASE() AND non_unique = 0 "
    "GROUP BY table_name, index_name ORDER BY table_name, index_name <> 'PRIMARY', index_name";

constexpr std::string_view kTriggeredTables =
    "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_schema = "
    "DATABASE() AND trigger_name NOT LIKE 'seedbed\\_undo\\_%'";

class NotedTableReader {
 public:
  NotedTableReader(Connection& connection, std::span<const std::string> own_tables)
      : connection_{connection}, own_tables_{own_tables} {}

  std::vector<NotedTable> read() {
    read_tables();
    read_columns();
    read_keys();
    for (const auto& row : connection_.query(kTriggeredTables).rows) {
      if (NotedTable* table = find(row[0])) table->user_triggers = true;
    }
    read_cascades();
    return std::move(tables_);
  }

 private:
  NotedTable* find(const Value& name) {
    const auto found = positions_.find(text_of(name));
    return found == positions_.end() ? nullptr : &tables_[found->second];
  }

  void read_tables() {
    for (const auto& row : connection_.query(kNotedTables).rows) {
      const std::string name = text_of(row[0]);
      const bool own = name.starts_with("seedbed_");
      if (own && std::ranges::find(own_tables_, backticked(name)) == own_tables_.end()) continue;
      if (text_of(row[1]) != "InnoDB") {
        throw Error{ErrorCode::unsupported,
                    fmt::format("table '{}' is stored by {}, which has no transactions", name,
                                text_of(row[1])),
                    {.engine = "mysql"}};
      }
      positions_[name] = tables_.size();
      tables_.push_back({.number = tables_.size() + 1, .name = name});
    }
  }

  void read_columns() {
    for (const auto& row : connection_.query(kNotedColumns).rows) {
      NotedTable* table = find(row[0]);
      if (table == nullptr) continue;
      std::string type = text_of(row[2]);
      if (!row[3].is_null()) {
        type += fmt::format(" CHARACTER SET {} COLLATE {}", text_of(row[3]), text_of(row[4]));
      }
      table->columns.push_back({text_of(row[1]), type, false});
    }
  }

  void read_keys() {
    for (const auto& row : connection_.query(kNotedKeys).rows) {
      NotedTable* table = find(row[0]);
      if (table == nullptr || table->has_key() || row[2].as<std::int64_t>() != 0) continue;
      const auto key = split(text_of(row[3]), '\n');
      for (auto& column : table->columns) {
        column.in_key = std::ranges::find(key, column.name) != key.end();
      }
    }
  }

  void read_cascades() {
    const Schema schema = read_schema(connection_);
    for (const auto& table : schema.tables()) {
      const auto child = positions_.find(table.name.name);
      if (child == positions_.end()) continue;
      for (const auto& key : table.foreign_keys) {
        const auto parent = positions_.find(key.parent.name);
        if (!key.parent.schema.empty() || parent == positions_.end()) continue;
        tables_[parent->second].cascades.push_back(
            {child->second, key.columns, key.parent_columns, key.on_delete, key.on_update});
      }
    }
  }

  Connection& connection_;
  std::span<const std::string> own_tables_;
  std::vector<NotedTable> tables_;
  std::map<std::string, std::size_t> positions_;
};

}  // namespace

std::vector<NotedTable> read_noted_tables(Connection& connection,
                                          std::span<const std::string> own_tables) {
  return NotedTableReader{connection, own_tables}.read();
}

void store_tables(Connection& connection, std::string_view prefix,
                  const std::vector<NotedTable>& tables) {
  connection.execute(fmt::format(
      "CREATE TABLE {}_tables (rel INT NOT NULL PRIMARY KEY, name VARCHAR(64) CHARACTER SET "
      "utf8mb4 COLLATE utf8mb4_bin NOT NULL, key_columns TEXT CHARACTER SET utf8mb4 NOT NULL, "
      "columns MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL, user_triggers TINYINT NOT NULL, "
      "definition MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL) "
      "ENGINE = InnoDB",
      prefix));
  for (const auto& table : tables) {
    std::vector<std::string> key;
    std::vector<std::string> columns;
    for (const auto& column : table.columns) {
      if (column.in_key) key.push_back(column.name);
      columns.push_back((column.in_key ? "+" : "-") + column.name);
    }
    connection.execute(fmt::format("INSERT INTO {}_tables VALUES (?, ?, ?, ?, ?, ?)", prefix),
                       Row{table.number, table.name, join(key, "\n"), join(columns, "\n"),
                           table.user_triggers ? 1 : 0, definition_of(connection, table.name)});
  }
}

NotedTable stored_table(const Row& row) {
  NotedTable table{.number = static_cast<std::size_t>(row[0].as<std::int64_t>()),
                   .name = text_of(row[1])};
  for (const auto& column : split(text_of(row[2]), '\n')) {
    table.columns.push_back({column.substr(1), {}, column.front() == '+'});
  }
  table.user_triggers = row[3].as<std::int64_t>() != 0;
  return table;
}

}  // namespace seedbed::mysql
