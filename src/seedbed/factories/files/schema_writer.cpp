#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "seedbed/factories/files/schema_file.hpp"
#include "seedbed/factories/files/schema_words.hpp"

namespace seedbed {

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr int kOpenLevels = 4;  // document, tables, table, columns; a column is one line

bool is_plain(const OrderedJson& json) {
  if (!json.is_structured()) return true;
  if (json.is_object()) return false;
  return std::none_of(json.begin(), json.end(),
                      [](const OrderedJson& item) { return item.is_structured(); });
}

std::string print(const OrderedJson& json, int level) {
  if (!json.is_structured()) return json.dump();
  const bool list = json.is_array();
  const bool open = level < kOpenLevels && !is_plain(json) && !json.empty();
  const std::string indent(static_cast<std::size_t>(level), ' ');
  std::string text{list ? "[" : "{"};
  bool first = true;
  for (const auto& [key, value] : json.items()) {
    if (!first) text += open ? "," : ", ";
    if (open) text += "\n " + indent;
    if (!list) text += OrderedJson(key).dump() + ": ";
    text += print(value, level + 1);
    first = false;
  }
  if (open) text += "\n" + indent;
  return text + (list ? "]" : "}");
}

OrderedJson name_json(const TableName& name) {
  if (name.schema.empty()) return name.name;
  return {{"schema", name.schema}, {"name", name.name}};
}

void put(OrderedJson& json, const char* key, const std::optional<int>& value) {
  if (value) json[key] = *value;
}
void put(OrderedJson& json, const char* key, bool value) {
  if (value) json[key] = true;
}
void put(OrderedJson& json, const char* key, const std::vector<std::string>& values) {
  if (!values.empty()) json[key] = values;
}
void put(OrderedJson& json, const char* key, const std::string& value) {
  if (!value.empty()) json[key] = value;
}

OrderedJson column_json(const Column& column) {
  OrderedJson json{{"name", column.name},
                   {"type", column.type.declared},
                   {"class", to_string(column.type.type_class)}};
  put(json, "length", column.type.length);
  put(json, "precision", column.type.precision);
  put(json, "scale", column.type.scale);
  put(json, "unsigned", column.type.is_unsigned);
  put(json, "fixed", column.type.fixed);
  put(json, "json_binary", column.type.json_binary);
  put(json, "labels", column.type.labels);
  if (!column.nullable) json["nullable"] = false;
  if (column.default_sql) json["default"] = *column.default_sql;
  put(json, "generated", std::string{detail::to_word(column.generated)});
  put(json, "identity", std::string{detail::to_word(column.identity)});
  return json;
}

OrderedJson key_json(const UniqueKey& key) {
  OrderedJson json{{"name", key.name}, {"columns", key.columns}};
  put(json, "partial", key.partial);
  put(json, "expression", key.expression);
  put(json, "nulls_not_distinct", key.nulls_not_distinct);
  put(json, "definition", key.definition);
  return json;
}

OrderedJson key_json(const ForeignKey& key) {
  OrderedJson json = OrderedJson::object();
  put(json, "name", key.name);
  json["columns"] = key.columns;
  json["parent"] = name_json(key.parent);
  json["parent_columns"] = key.parent_columns;
  if (key.on_delete != ReferentialAction::no_action) json["on_delete"] = to_string(key.on_delete);
  if (key.on_update != ReferentialAction::no_action) json["on_update"] = to_string(key.on_update);
  put(json, "deferrable", key.deferrable);
  put(json, "initially_deferred", key.initially_deferred);
  return json;
}

template <typename Items, typename Make>
void put_all(OrderedJson& json, const char* key, const Items& items, const Make& make) {
  if (items.empty()) return;
  json[key] = OrderedJson::array();
  for (const auto& item : items) json[key].push_back(make(item));
}

OrderedJson table_json(const Table& table) {
  OrderedJson json{{"name", name_json(table.name)}};
  put_all(json, "columns", table.columns, column_json);
  put(json, "primary_key", table.primary_key);
  put_all(json, "unique_keys", table.unique_keys,
          [](const UniqueKey& key) { return key_json(key); });
  put_all(json, "foreign_keys", table.foreign_keys,
          [](const ForeignKey& key) { return key_json(key); });
  put_all(json, "checks", table.checks, [](const Check& check) {
    return OrderedJson{{"name", check.name}, {"expression", check.expression}};
  });
  put(json, "triggers", table.triggers);
  put_all(json, "partitions", table.partitions, name_json);
  return json;
}

OrderedJson sequence_json(const Sequence& sequence) {
  OrderedJson json{{"name", name_json(sequence.name)}};
  if (sequence.owner) json["owner"] = name_json(*sequence.owner);
  put(json, "owner_column", sequence.owner_column);
  if (sequence.increment != 1) json["increment"] = sequence.increment;
  if (sequence.start != 1) json["start"] = sequence.start;
  return json;
}

}  // namespace

std::string write_schema(const Schema& schema) {
  OrderedJson json{{"version", 1}, {"tables", OrderedJson::array()}};
  for (const auto& table : schema.tables()) json["tables"].push_back(table_json(table));
  put_all(json, "views", schema.views(), name_json);
  put_all(json, "sequences", schema.sequences(), sequence_json);
  return print(json, 0) + "\n";
}

}  // namespace seedbed
