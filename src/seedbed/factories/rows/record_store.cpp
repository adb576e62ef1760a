#include "seedbed/factories/rows/record_store.hpp"

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/files/json_reader.hpp"
#include "seedbed/factories/record_graph.hpp"
#include "seedbed/factories/rows/fitting.hpp"
#include "seedbed/factories/rows/generator.hpp"
#include "seedbed/factories/rows/row_numbers.hpp"

namespace seedbed::detail {

namespace {

std::string key_json(const Table& table, const Record& record) {
  Node list;
  list.kind = NodeKind::sequence;
  for (const auto& name : table.primary_key) {
    Node item;
    item.kind = NodeKind::scalar;
    item.quoted = true;
    item.text = to_text(scalar_of(record[name], table.column(name)));
    list.items.push_back(std::move(item));
  }
  return json_text(list);
}

Record record_of(const Table& table, const std::string& factory, std::uint64_t row_number,
                 const Row& row) {
  auto graph = std::make_shared<RecordGraph>();
  auto& node = graph->nodes.emplace_back();
  node.factory = factory;
  node.table = std::make_shared<const Table>(table);
  node.row = row_number;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    // As the generator would say it, so that a record reads the same whether it was there before or
    // not.
    node.values.emplace_back(to_cell(scalar_of(row[i], table.columns[i]), table.columns[i]));
  }
  return {std::move(graph), 0};
}

}  // namespace

std::optional<Record> RecordStore::find(std::string_view name, const std::string& factory) {
  const auto& engine = connection_.engine();
  if (!engine.own_table_exists(connection_, "records")) return std::nullopt;
  const std::array<Value, 1> arguments{Value{name}};
  const auto stored =
      connection_.query(fmt::format("SELECT table_name, row_key, row_no FROM {} WHERE name = {}",
                                    engine.own_table("records"), engine.placeholder(1)),
                        arguments);
  if (stored.rows.empty()) return std::nullopt;
  const auto* table = schema_.find(stored.rows[0][0].as<std::string>());
  const auto key = read_json(stored.rows[0][1].as<std::string>());
  if (table == nullptr || key.items.size() != table->primary_key.size()) return std::nullopt;
  std::vector<Value> values;
  std::vector<std::string> conditions;
  for (std::size_t i = 0; i < key.items.size(); ++i) {
    const auto& column = table->column(table->primary_key[i]);
    values.push_back(to_cell(scalar_of(key.items[i].text, column), column));
    conditions.push_back(
        fmt::format("{} = {}", engine.quote(column.name), engine.placeholder(i + 1)));
  }
  std::vector<std::string> columns;
  for (const auto& column : table->columns) columns.push_back(engine.read_expression(column));
  const auto found =
      connection_.query(fmt::format("SELECT {} FROM {} WHERE {}", join(columns, ", "),
                                    engine.quote(table->name), join(conditions, " AND ")),
                        values);
  if (found.rows.empty()) return std::nullopt;
  const auto row_number = static_cast<std::uint64_t>(stored.rows[0][2].as<std::int64_t>());
  return record_of(*table, factory, row_number, found.rows[0]);
}

void RecordStore::prepare() {
  prepare_own_table(connection_, "records",
                    "name VARCHAR(255) NOT NULL PRIMARY KEY, table_name VARCHAR(255) NOT NULL, "
                    "row_key TEXT NOT NULL, row_no BIGINT NOT NULL");
}

void RecordStore::remember(std::string_view name, const Record& record) {
  const auto& table = schema_.at(record.table());
  if (table.primary_key.empty()) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("record '{}': table '{}' has no primary key to find it by", name,
                            table.name.to_string())};
  }
  prepare();
  const auto& engine = connection_.engine();
  const auto own = engine.own_table("records");
  const std::array<Value, 1> old{Value{name}};
  connection_.execute(fmt::format("DELETE FROM {} WHERE name = {}", own, engine.placeholder(1)),
                      old);
  const std::array<Value, 4> arguments{Value{name}, Value{table.name.to_string()},
                                       Value{key_json(table, record)}, Value{record.row()}};
  connection_.execute(
      fmt::format("INSERT INTO {} (name, table_name, row_key, row_no) VALUES ({}, {}, {}, {})", own,
                  engine.placeholder(1), engine.placeholder(2), engine.placeholder(3),
                  engine.placeholder(4)),
      arguments);
}

}  // namespace seedbed::detail
