#include "seedbed/factories/writer.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/fitting.hpp"
#include "seedbed/factories/relations.hpp"

namespace seedbed::detail {

namespace {

// Under the limits of every engine: 65,535 parameters on PostgreSQL and MySQL, 32,766 on SQLite.
constexpr std::size_t kMaximumParameters = 30'000;
constexpr std::size_t kMaximumRows = 500;

std::size_t rows_per_statement(std::size_t columns) {
  return std::clamp<std::size_t>(kMaximumParameters / std::max<std::size_t>(columns, 1), 1,
                                 kMaximumRows);
}

std::string placeholders(const Engine& engine, std::size_t columns, std::size_t& number) {
  std::vector<std::string> marks;
  for (std::size_t i = 0; i < columns; ++i) marks.push_back(engine.placeholder(++number));
  return "(" + join(marks, ", ") + ")";
}

std::string column_list(const Engine& engine, const Table& table,
                        const std::vector<std::size_t>& columns) {
  std::vector<std::string> names;
  for (const auto column : columns) names.push_back(engine.quote(table.columns[column].name));
  return join(names, ", ");
}

std::vector<std::size_t> key_columns(const Table& table) {
  std::vector<std::size_t> columns;
  for (const auto& name : table.primary_key) columns.push_back(table.column_index(name));
  return columns;
}

bool refers_to_itself(const WriteGroup& group) {
  return std::any_of(group.blocks.begin(), group.blocks.end(), [](const Block* block) {
    return std::any_of(block->targets.begin(), block->targets.end(),
                       [](const Target& target) { return target.kind == TargetKind::earlier; });
  });
}

/// What tells a row from the others of its table, equal however the cell arrived.
std::string key_text(const Table& table, const std::vector<std::size_t>& columns, const Row& key) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    text += to_text(scalar_of(key[i], table.columns[columns[i]])) + '\n';
  }
  return text;
}

}  // namespace

std::vector<WriteGroup> group_blocks(const std::vector<Block*>& blocks) {
  std::map<std::tuple<int, TableName, std::vector<std::size_t>>, WriteGroup> groups;
  for (auto* block : blocks) {
    if (block->count == 0) continue;
    const auto& recipe = *block->recipe;
    WriteGroup group;
    group.level = block->level;
    group.table = &recipe.table();
    for (std::size_t i = 0; i < recipe.columns.size(); ++i) {
      const auto source = recipe.columns[i].source;
      const bool counted = counted_column(recipe.table()) == &recipe.table().columns[i];
      if (source == ColumnSource::database && counted) group.counted = i;
      if (source == ColumnSource::cell || source == ColumnSource::relation) {
        group.columns.push_back(i);
      }
    }
    auto& kept = groups[{group.level, group.table->name, group.columns}];
    if (kept.table == nullptr) kept = std::move(group);
    kept.blocks.push_back(block);
  }
  std::vector<WriteGroup> result;
  for (auto& [key, group] : groups) result.push_back(std::move(group));
  return result;
}

std::string insert_sql(const Engine& engine, const Table& table,
                       const std::vector<std::size_t>& columns, std::size_t rows) {
  std::vector<std::string> values;
  std::size_t number = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    values.push_back(placeholders(engine, columns.size(), number));
  }
  auto overriding = engine.overriding_clause(table);
  if (!overriding.empty()) overriding += ' ';
  return fmt::format("INSERT INTO {} ({}) {}VALUES {}", engine.quote(table.name),
                     column_list(engine, table, columns), overriding, join(values, ", "));
}

Writer::Cells Writer::cells_of(const WriteGroup& group, const std::vector<std::size_t>& columns) {
  Cells cells;
  for (auto* block : group.blocks) {
    auto& frame = *generation_.batch.at(block);
    const auto start = cells.rows.size();
    cells.rows.resize(start + block->count);
    for (const auto column : columns) {
      const auto& values = frame.column(column);
      for (std::size_t row = 0; row < values.size(); ++row) {
        cells.rows[start + row].push_back(to_cell(values[row], group.table->columns[column]));
      }
    }
    for (std::uint64_t offset = 0; offset < block->count; ++offset) {
      cells.places.emplace_back(block, offset);
    }
  }
  return cells;
}

std::vector<std::int64_t> Writer::reserve_keys(const WriteGroup& group, std::size_t count) {
  const auto& engine = connection_.engine();
  const auto& column = group.table->columns[*group.counted];
  if (column.identity != Identity::no) {
    auto keys = engine.reserve_keys(connection_, schema_, *group.table, count);
    // Rows that refer to each other need their keys before any is written.
    if (!keys.empty() || !refers_to_itself(group)) return keys;
  }
  const auto highest = connection_.query_value(fmt::format(
      "SELECT MAX({}) FROM {}", engine.quote(column.name), engine.quote(group.table->name)));
  auto next = highest.is_null() ? std::int64_t{0} : highest.as<std::int64_t>();
  std::vector<std::int64_t> keys;
  while (keys.size() < count) keys.push_back(++next);
  return keys;
}

bool Writer::take_keys(const WriteGroup& group) {
  std::size_t count = 0;
  for (const auto* block : group.blocks) count += block->count;
  const auto keys = reserve_keys(group, count);
  if (keys.empty()) return false;
  auto key = keys.begin();
  for (auto* block : group.blocks) {
    for (std::uint64_t row = 0; row < block->count; ++row) block->keys.emplace_back(*key++);
  }
  return true;
}

void Writer::write(const WriteGroup& group) {
  auto columns = group.columns;
  const bool one_by_one = group.counted && !take_keys(group);
  if (group.counted && !one_by_one) columns.push_back(*group.counted);
  const auto cells = cells_of(group, columns);
  if (one_by_one) {
    insert_one_by_one(group, cells);
  } else {
    insert_together(group, columns, cells);
  }
  read_back(group);
}

void Writer::insert_together(const WriteGroup& group, const std::vector<std::size_t>& columns,
                             const Cells& cells) {
  const auto chunk = rows_per_statement(columns.size());
  for (std::size_t first = 0; first < cells.rows.size(); first += chunk) {
    const auto last = std::min(cells.rows.size(), first + chunk);
    std::vector<Value> arguments;
    for (auto row = first; row < last; ++row) {
      arguments.insert(arguments.end(), cells.rows[row].begin(), cells.rows[row].end());
    }
    connection_.execute(insert_sql(connection_.engine(), *group.table, columns, last - first),
                        arguments);
  }
}

void Writer::insert_one_by_one(const WriteGroup& group, const Cells& cells) {
  auto columns = group.columns;
  // A row of nothing but made columns still needs one to name.
  if (columns.empty()) columns.push_back(*group.counted);
  const auto sql = insert_sql(connection_.engine(), *group.table, columns, 1);
  for (std::size_t row = 0; row < cells.rows.size(); ++row) {
    Row arguments = cells.rows[row];
    arguments.resize(columns.size());
    connection_.execute(sql, arguments);
    cells.places[row].first->keys.emplace_back(connection_.engine().last_inserted_key(connection_));
  }
}

void Writer::read_back(const WriteGroup& group) {
  std::vector<std::size_t> wanted;
  const auto& plans = group.blocks.front()->recipe->columns;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (plans[i].source == ColumnSource::database && group.counted != i) wanted.push_back(i);
  }
  if (wanted.empty() || group.table->primary_key.empty()) return;
  std::vector<std::pair<Block*, std::uint64_t>> places;
  for (auto* block : group.blocks) {
    made_[block].assign(block->count, MadeRow(group.table->columns.size()));
    for (std::uint64_t offset = 0; offset < block->count; ++offset) {
      places.emplace_back(block, offset);
    }
  }
  const auto chunk = rows_per_statement(group.table->primary_key.size());
  for (std::size_t first = 0; first < places.size(); first += chunk) {
    const auto last = std::min(places.size(), first + chunk);
    read_back(group, wanted,
              {places.begin() + static_cast<std::ptrdiff_t>(first),
               places.begin() + static_cast<std::ptrdiff_t>(last)});
  }
}

void Writer::read_back(const WriteGroup& group, const std::vector<std::size_t>& columns,
                       const std::vector<std::pair<Block*, std::uint64_t>>& places) {
  const auto& engine = connection_.engine();
  const auto& table = *group.table;
  const auto key = key_columns(table);
  std::map<std::string, std::pair<Block*, std::uint64_t>> rows;
  std::vector<Value> arguments;
  std::vector<std::string> conditions;
  std::size_t number = 0;
  for (const auto& place : places) {
    auto& frame = *generation_.batch.at(place.first);
    Row values;
    std::vector<std::string> parts;
    for (const auto column : key) {
      values.push_back(to_cell(frame.column(column)[place.second], table.columns[column]));
      parts.push_back(fmt::format("{} = {}", engine.quote(table.columns[column].name),
                                  engine.placeholder(++number)));
    }
    rows.emplace(key_text(table, key, values), place);
    arguments.insert(arguments.end(), values.begin(), values.end());
    conditions.push_back("(" + join(parts, " AND ") + ")");
  }
  std::vector<std::string> read;
  for (const auto column : key) read.push_back(engine.read_expression(table.columns[column]));
  for (const auto column : columns) read.push_back(engine.read_expression(table.columns[column]));
  const auto found =
      connection_.query(fmt::format("SELECT {} FROM {} WHERE {}", join(read, ", "),
                                    engine.quote(table.name), join(conditions, " OR ")),
                        arguments);
  for (const auto& row : found.rows) {
    const auto place = rows.find(key_text(table, key, row));
    if (place == rows.end()) continue;
    auto& made = made_[place->second.first][place->second.second];
    for (std::size_t i = 0; i < columns.size(); ++i) made[columns[i]] = row[key.size() + i];
  }
}

}  // namespace seedbed::detail
