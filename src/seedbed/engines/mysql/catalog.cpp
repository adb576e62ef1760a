#include "seedbed/engines/mysql/catalog.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/mysql/column_types.hpp"
#include "seedbed/engines/mysql/dialect.hpp"
#include "seedbed/engines/mysql/products.hpp"

namespace seedbed::mysql {

namespace {

constexpr std::string_view kTables =
    "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = DATABASE()";

constexpr std::string_view kColumns =
    "SELECT table_name, column_name, data_type, column_type, character_maximum_length, "
    "character_octet_length, numeric_precision, numeric_scale, datetime_precision, is_nullable, "
    "column_default, extra, generation_expression "
    "FROM information_schema.columns WHERE table_schema = DATABASE() "
    "ORDER BY table_name, ordinal_position";

constexpr std::string_view kForeignKeys =
    "SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_schema, "
    "k.referenced_table_name, k.referenced_column_name, r.delete_rule, r.update_rule, DATABASE() "
    "FROM information_schema.key_column_usage k "
    "JOIN information_schema.referential_constraints r "
    "ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name "
    "AND r.table_name = k.table_name "
    "WHERE k.table_schema = DATABASE() AND k.constraint_schema = DATABASE() "
    "AND r.constraint_schema = DATABASE() AND k.referenced_table_name IS NOT NULL "
    "ORDER BY k.table_name, k.constraint_name, k.ordinal_position";

constexpr std::string_view kTriggers =
    "SELECT event_object_table, trigger_name FROM information_schema.triggers "
    "WHERE trigger_schema = DATABASE() AND event_object_schema = DATABASE() "
    "AND trigger_name NOT LIKE 'seedbed\\_undo\\_%' "
    "ORDER BY event_object_table, trigger_name";

ReferentialAction action_of(std::string_view rule) {
  constexpr std::array kActions{ReferentialAction::restrict, ReferentialAction::cascade,
                                ReferentialAction::set_null, ReferentialAction::set_default};
  const auto* found = std::ranges::find_if(kActions, [&](auto a) { return to_string(a) == rule; });
  return found == kActions.end() ? ReferentialAction::no_action : *found;
}

// What is read so far, by table.
class Reader {
 public:
  explicit Reader(Connection& connection)
      : connection_{connection}, product_{version_of(connection).product} {}

  Schema read() {
    read_tables();
    read_columns();
    read_indexes();
    read_foreign_keys();
    read_checks();
    for (const auto& row : rows(kTriggers)) {
      if (Table* table = find(row[0])) table->triggers.push_back(text_of(row[1]));
    }
    return finished();
  }

 private:
  std::vector<Row> rows(std::string_view sql) { return connection_.query(sql).rows; }

  Table* find(const Value& name) {
    const auto found = tables_.find(text_of(name));
    return found == tables_.end() ? nullptr : &found->second;
  }

  void read_tables() {
    for (const auto& row : rows(kTables)) {
      const TableName name{{}, text_of(row[0])};
      const std::string type = text_of(row[1]);
      if (is_own_name(name)) continue;
      if (type == "VIEW") views_.push_back(name);
      if (type == "BASE TABLE" || type == "SYSTEM VERSIONED") tables_[name.name].name = name;
    }
  }

  void read_columns() {
    for (const auto& row : rows(kColumns)) {
      if (Table* table = find(row[0])) table->columns.push_back(column_of(row));
    }
  }

  [[nodiscard]] Column column_of(const Row& row) const {
    const std::string extra = text_of(row[11]);
    Column column;
    column.name = text_of(row[1]);
    column.type = column_type({.data_type = text_of(row[2]),
                               .column_type = text_of(row[3]),
                               .characters = row[4],
                               .octets = row[5],
                               .precision = row[6],
                               .scale = row[7],
                               .fraction = row[8]});
    column.nullable = text_of(row[9]) == "YES";
    if (!text_of(row[12]).empty()) {
      column.generated =
          extra.find("STORED") != std::string::npos ? Generated::stored : Generated::virtual_;
    } else if (extra.find("auto_increment") != std::string::npos) {
      column.identity = Identity::by_default;
    } else {
      column.default_sql = default_sql(product_, row[10], extra, text_of(row[2]));
    }
    return column;
  }

  void read_indexes() {
    for (const auto& row : rows(index_query(product_))) {
      Table* table = find(row[0]);
      if (table == nullptr || row[2].as<std::int64_t>() != 0) continue;
      const std::string index = text_of(row[1]);
      if (index == "PRIMARY") {
        table->primary_key.push_back(text_of(row[3]));
      } else {
        add_unique_member(*table, index, row);
      }
    }
  }

  // A prefix of a column and a functional part do not make the column's whole value unique.
  void add_unique_member(Table& table, const std::string& index, const Row& row) const {
    if (table.unique_keys.empty() || table.unique_keys.back().name != index) {
      table.unique_keys.push_back({.name = index});
    }
    UniqueKey& key = table.unique_keys.back();
    const bool whole = !row[3].is_null() && row[4].is_null();
    std::string member = row[3].is_null() ? readable_expression(product_, text_of(row[5]))
                                          : backticked(text_of(row[3]));
    if (!row[4].is_null()) member += fmt::format("({})", row[4].as<std::int64_t>());
    if (!key.definition.empty()) key.definition += ", ";
    key.definition += member;
    key.expression = key.expression || !whole;
    key.columns.push_back(whole ? text_of(row[3]) : std::string{});
  }

  void read_foreign_keys() {
    for (const auto& row : rows(kForeignKeys)) {
      Table* table = find(row[0]);
      if (table == nullptr) continue;
      const std::string name = text_of(row[1]);
      if (table->foreign_keys.empty() || table->foreign_keys.back().name != name) {
        table->foreign_keys.push_back(key_of(name, row));
      }
      table->foreign_keys.back().columns.push_back(text_of(row[2]));
      table->foreign_keys.back().parent_columns.push_back(text_of(row[5]));
    }
  }

  static ForeignKey key_of(const std::string& name, const Row& row) {
    const std::string schema = text_of(row[3]);
    ForeignKey key;
    key.name = name;
    key.parent = {schema == text_of(row[8]) ? std::string{} : schema, text_of(row[4])};
    key.on_delete = action_of(text_of(row[6]));
    key.on_update = action_of(text_of(row[7]));
    return key;
  }

  void read_checks() {
    for (const auto& row : rows(check_query(product_))) {
      Table* table = find(row[0]);
      if (table == nullptr) continue;
      const std::string expression = readable_expression(product_, text_of(row[2]));
      if (!make_json(*table, expression)) table->checks.push_back({text_of(row[1]), expression});
    }
  }

  // MariaDB's JSON is LONGTEXT with this CHECK.
  static bool make_json(Table& table, std::string_view expression) {
    const auto column = std::ranges::find_if(table.columns, [&](const Column& c) {
      return expression == fmt::format("json_valid({})", backticked(c.name));
    });
    if (column == table.columns.end() || column->type.declared != "longtext") return false;
    column->type = {.type_class = TypeClass::json, .declared = "json"};
    return true;
  }

  Schema finished() {
    std::vector<Table> tables;
    std::vector<Sequence> sequences;
    for (auto& [name, table] : tables_) {
      for (auto& key : table.unique_keys) {
        if (!key.expression) key.definition.clear();
      }
      std::ranges::sort(table.unique_keys, {}, &UniqueKey::name);
      std::ranges::sort(table.foreign_keys, {}, &ForeignKey::columns);
      std::ranges::sort(table.checks, {}, &Check::name);
      std::ranges::sort(table.triggers);
      const auto counter =
          std::ranges::find(table.columns, Identity::by_default, &Column::identity);
      if (counter != table.columns.end()) {
        sequences.push_back(
            {.name = table.name, .owner = table.name, .owner_column = counter->name});
      }
      tables.push_back(std::move(table));
    }
    return Schema{std::move(tables), std::move(views_), std::move(sequences)};
  }

  Connection& connection_;
  Product product_;
  std::map<std::string, Table> tables_;
  std::vector<TableName> views_;
};

}  // namespace

std::string text_of(const Value& value) {
  if (value.is_null()) return {};
  return value.kind() == ValueKind::bytes ? value.bytes().data : value.as<std::string>();
}

Schema read_schema(Connection& connection) {
  if (connection.database_name().empty()) {
    throw Error{ErrorCode::invalid_input, "the connection has no database; name one in the URL"};
  }
  return Reader{connection}.read();
}

std::vector<SequenceState> read_sequences(Connection& connection, const Schema& schema) {
  std::map<std::string, std::int64_t> counters;
  for (const auto& row :
       connection
           .query("SELECT table_name, auto_increment FROM information_schema.tables "
                  "WHERE table_schema = DATABASE() AND auto_increment IS NOT NULL")
           .rows) {
    counters[text_of(row[0])] = row[1].as<std::int64_t>();
  }
  std::vector<SequenceState> states;
  for (const auto& sequence : schema.sequences()) {
    const auto found = counters.find(sequence.name.name);
    states.push_back({sequence, found == counters.end() ? 1 : found->second});
  }
  return states;
}

}  // namespace seedbed::mysql
