#include "seedbed/engines/mysql/noted_tables.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/mysql/catalog.hpp"
#include "seedbed/engines/mysql/dialect.hpp"
#include "seedbed/engines/mysql/products.hpp"

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

// InnoDB's names are written as those of files are: "shop/order@002dline".
constexpr std::string_view kPrefix =
    "CONCAT(CAST(CONVERT(DATABASE() USING filename) AS BINARY), _binary '/')";

/// What holds for the names of the database's tables but Seedbed's.
std::string is_of_database() {
  return fmt::format(
      "LEFT(CAST(name AS BINARY), LENGTH({0})) = {0} AND SUBSTRING_INDEX(name, '/', -1) NOT LIKE "
      "'seedbed\\_%'",
      kPrefix);
}

/// (name, id, columns) by InnoDB's names.
std::string innodb_tables(Product product) {
  return fmt::format(
      "SELECT SUBSTRING(CAST(name AS BINARY), LENGTH({}) + 1) AS name, table_id AS id, n_cols AS "
      "columns FROM information_schema.{} WHERE {}",
      kPrefix, innodb_views(product).tables, is_of_database());
}

/// (id, counter); 0 for tables that nobody has opened since they were last closed.
std::string innodb_counters(Product product) {
  return fmt::format(
      "SELECT table_id AS id, autoinc AS counter FROM information_schema.{} WHERE {}",
      innodb_views(product).statistics, is_of_database());
}

/// (id, shape) of tables that `of_tables` selects: a digest of columns and indexes, since what
/// ALTER changes in place keeps a table's number.
std::string innodb_shapes(Product product, std::string_view of_tables) {
  const InnodbViews views = innodb_views(product);
  return fmt::format(
      "SELECT table_id AS id, BIT_XOR(line) AS shape FROM (SELECT table_id, CRC32(CONCAT_WS('|', "
      "CAST(name AS BINARY), pos, mtype, prtype, len)) AS line FROM information_schema.{} WHERE "
      "table_id IN ({}) UNION ALL SELECT table_id, CRC32(CONCAT_WS('|', CAST(name AS BINARY), "
      "type, "
      "n_fields)) FROM information_schema.{} WHERE table_id IN ({})) AS facts GROUP BY table_id",
      views.columns, of_tables, views.indexes, of_tables);
}

/// Of tables and views, which takes no look into them; and how the database encodes texts.
constexpr std::string_view kNames =
    "SELECT CONVERT(table_name USING utf8mb4) AS name FROM information_schema.tables WHERE "
    "table_schema = DATABASE() AND table_name NOT LIKE 'seedbed\\_%' UNION ALL SELECT "
    "CONVERT(CONCAT('collation ', @@collation_database) USING utf8mb4)";

/// As SHOW CREATE TABLE has it, without the counter.
std::string definition_of(Connection& connection, const std::string& table) {
  std::string text =
      text_of(connection.query("SHOW CREATE TABLE " + backticked(table)).rows.front()[1]);
  constexpr std::string_view kCounter = " AUTO_INCREMENT=";
  const auto at = text.rfind(kCounter);
  if (at == std::string::npos || text.rfind('\n') > at) return text;
  return text.erase(at, text.find(' ', at + kCounter.size()) - at);
}

/// Compares, since the server would take long to join its views.
class DriftReader {
 public:
  DriftReader(Connection& connection, std::string_view prefix)
      : connection_{connection}, prefix_{prefix}, product_{version_of(connection).product} {}

  Drift read() {
    const auto before = connection_.query(
        fmt::format("SELECT name, id, columns, counter, table_name, shape FROM {}_state WHERE "
                    "table_name IS NOT NULL",
                    prefix_));
    std::map<std::string, std::string> now;  // id and columns, by name
    for (const auto& row : connection_.query(innodb_tables(product_)).rows) {
      now.emplace(text_of(row[0]), same(row));
    }
    std::vector<Row> kept;
    for (const auto& row : before.rows) {
      const auto found = now.find(text_of(row[0]));
      if (found == now.end()) continue;
      // TRUNCATE gives a table another number, and so does ALTER.
      if (found->second == same(row)) {
        kept.push_back(row);
      } else {
        tell_replaced(text_of(row[4]));
      }
    }
    find_shapes(kept);
    std::ranges::sort(drift_.truncated);
    std::ranges::sort(drift_.schema);
    find_moved(kept);
    find_names();
    return std::move(drift_);
  }

 private:
  static std::string same(const Row& row) {
    return row[1].as<std::string>() + ' ' + row[2].as<std::string>();
  }

  void find_shapes(const std::vector<Row>& tables) {
    std::map<std::string, std::string> now;  // by number
    const auto found =
        connection_.query(innodb_shapes(product_, fmt::format("SELECT id FROM {}_state", prefix_)));
    for (const auto& row : found.rows) {
      now.emplace(row[0].as<std::string>(), row[1].as<std::string>());
    }
    for (const auto& row : tables) {
      if (now[row[1].as<std::string>()] != row[5].as<std::string>()) tell_altered(text_of(row[4]));
    }
  }

  void find_moved(const std::vector<Row>& tables) {
    auto counters = read_counters();
    bool opened = false;
    for (const auto& row : tables) {
      if (counter_of(row) == "0" || counters[row[1].as<std::string>()] != "0") continue;
      connection_.execute(fmt::format("SELECT 1 FROM {} LIMIT 0", backticked(text_of(row[4]))));
      opened = true;
    }
    if (opened) counters = read_counters();
    for (const auto& row : tables) {
      const std::string counter = counter_of(row);
      const std::string& found = counters[row[1].as<std::string>()];
      if (counter != "0" && found != "0" && found != counter) {
        drift_.moved.push_back({text_of(row[4]), counter});
      }
    }
    std::ranges::sort(drift_.moved, {}, &MovedCounter::table);
  }

  static std::string counter_of(const Row& row) {
    return row[3].is_null() ? "0" : row[3].as<std::string>();
  }

  std::map<std::string, std::string> read_counters() {
    std::map<std::string, std::string> counters;
    for (const auto& row : connection_.query(innodb_counters(product_)).rows) {
      counters.emplace(row[0].as<std::string>(), row[1].is_null() ? "0" : row[1].as<std::string>());
    }
    return counters;
  }

  void tell_replaced(const std::string& table) {
    if (tell_altered(table)) return;
    drift_.truncated.push_back(fmt::format("TRUNCATE of table '{}'", table));
  }

  bool tell_altered(const std::string& table) {
    const auto before = connection_.query_value(
        fmt::format("SELECT definition FROM {}_tables WHERE name = ?", prefix_), Row{table});
    if (definition_of(connection_, table) == text_of(before)) return false;
    drift_.schema.push_back(fmt::format("table '{}' was altered", table));
    return true;
  }

  std::set<std::string> read_names(std::string_view sql) {
    std::set<std::string> names;
    for (const auto& row : connection_.query(sql).rows) names.insert(text_of(row[0]));
    return names;
  }

  void find_names() {
    const auto now = read_names(kNames);
    const auto before = read_names(fmt::format("SELECT name FROM {}_names", prefix_));
    for (const auto& name : before) {
      if (!now.contains(name)) drift_.schema.push_back(fmt::format("'{}' is gone", name));
    }
    for (const auto& name : now) {
      if (before.contains(name) || tell_fresh(name)) continue;
      drift_.schema.push_back(fmt::format("the database has {}", name));
    }
    // Views first, which may stand on new tables.
    std::ranges::sort(drift_.fresh, std::greater{});
    std::ranges::sort(drift_.drops, std::greater{});
  }

  bool tell_fresh(const std::string& name) {
    const auto type = connection_.query(
        "SELECT table_type FROM information_schema.tables WHERE table_schema = DATABASE() AND "
        "table_name = ?",
        Row{name});
    if (type.rows.empty()) return false;
    const auto* kind = text_of(type.rows.front()[0]) == "VIEW" ? "view" : "table";
    drift_.fresh.push_back(fmt::format("{} {}", kind, name));
    drift_.drops.push_back(fmt::format("DROP {} {}", kind, backticked(name)));
    return true;
  }

  Connection& connection_;
  std::string_view prefix_;
  Product product_;
  Drift drift_;
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

void store_state(Connection& connection, std::string_view prefix) {
  const Product product = version_of(connection).product;
  connection.execute(fmt::format("CREATE TABLE {}_names AS {}", prefix, kNames));
  // The last of all, since it says that all of them are there.
  connection.execute(fmt::format(
      "CREATE TABLE {0}_state AS SELECT s.*, c.counter, t.name AS table_name, i.shape FROM ({1}) s "
      "JOIN ({2}) c USING (id) LEFT JOIN ({3}) i USING (id) LEFT JOIN {0}_tables t ON "
      "CAST(CONVERT(t.name USING filename) AS BINARY) = s.name",
      prefix, innodb_tables(product), innodb_counters(product),
      innodb_shapes(product, fmt::format("SELECT id FROM ({}) o", innodb_tables(product)))));
}

void store_numbers(Connection& connection, std::string_view prefix) {
  connection.execute(
      fmt::format("UPDATE {}_state s JOIN ({}) n USING (name) SET s.id = n.id WHERE s.id <> n.id",
                  prefix, innodb_tables(version_of(connection).product)));
}

void set_counters_back(Connection& connection, const std::vector<MovedCounter>& moved,
                       Changes& changes) {
  for (const auto& counter : moved) {
    try {
      connection.execute(fmt::format("ALTER TABLE {} AUTO_INCREMENT = {}",
                                     backticked(counter.table), counter.next));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable) throw;
      changes.left.push_back(fmt::format(
          "the counter of table '{}', which an open transaction has used", counter.table));
    }
  }
}

Drift read_drift(Connection& connection, std::string_view prefix) {
  DriftReader reader{connection, prefix};
  return reader.read();
}

}  // namespace seedbed::mysql
