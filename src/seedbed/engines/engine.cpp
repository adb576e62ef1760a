#include "seedbed/engines/engine.hpp"

#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

std::string Engine::insert_sql(const RowInsert& insert, std::size_t rows) const {
  const auto names = [&](std::span<const std::size_t> columns, const auto& spelled) {
    std::vector<std::string> texts;
    texts.reserve(columns.size());
    for (const auto column : columns) texts.push_back(spelled(insert.table.columns[column]));
    return join(texts, ", ");
  };
  std::vector<std::string> values;
  std::size_t number = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    values.push_back(
        "(" + names(insert.columns, [&](const Column&) { return placeholder(++number); }) + ")");
  }
  auto overriding = overriding_clause(insert.table);
  if (!overriding.empty()) overriding += ' ';
  auto sql = fmt::format("INSERT INTO {} ({}) {}VALUES {}", quote(insert.table.name),
                         names(insert.columns, [&](const Column& c) { return quote(c.name); }),
                         overriding, join(values, ", "));
  if (insert.returning.empty()) return sql;
  return sql + " RETURNING " +
         names(insert.returning, [&](const Column& c) { return read_expression(c); });
}

BoundStatement Engine::insert_statement(const RowInsert& insert, std::span<const Row> rows) const {
  BoundStatement statement{insert_sql(insert, rows.size()), {}};
  statement.arguments.reserve(rows.size() * insert.columns.size());
  for (const auto& row : rows) {
    statement.arguments.insert(statement.arguments.end(), row.begin(), row.end());
  }
  return statement;
}

std::string Engine::load_sql(Connection& /*connection*/, const BulkTarget& target) const {
  std::vector<std::size_t> columns;
  columns.reserve(target.columns.size());
  for (const auto& name : target.columns) columns.push_back(target.table.column_index(name));
  return insert_sql({target.table, columns, {}}, 1);
}

void EngineRegistry::add(std::unique_ptr<Engine> engine) {
  engines_.push_back(std::move(engine));
}

const Engine& EngineRegistry::at(std::string_view name) const {
  std::vector<std::string> names;
  for (const auto& engine : engines_) {
    if (engine->name() == name) return *engine;
    names.emplace_back(engine->name());
  }
  throw Error{ErrorCode::unsupported,
              fmt::format("this program is built without the engine '{}' (it has: {})", name,
                          join(names, ", "))};
}

}  // namespace seedbed
