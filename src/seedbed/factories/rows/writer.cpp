#include "seedbed/factories/rows/writer.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/rows/fitting.hpp"

namespace seedbed::detail {

namespace {

// Under the limits of every engine: 65,535 parameters on PostgreSQL and MySQL, 32,766 on SQLite.
constexpr std::size_t kMaximumParameters = 30'000;
constexpr std::size_t kMaximumRows = 500;

std::size_t rows_per_statement(std::size_t columns) {
  return std::clamp<std::size_t>(kMaximumParameters / std::max<std::size_t>(columns, 1), 1,
                                 kMaximumRows);
}

std::vector<std::size_t> key_columns(const Table& table) {
  std::vector<std::size_t> columns;
  for (const auto& name : table.primary_key) columns.push_back(table.column_index(name));
  return columns;
}

/// What tells a row from the others of its table, equal however the cell arrived.
std::string key_text(const Table& table, const std::vector<std::size_t>& columns, const Row& key) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    text += to_text(scalar_of(key[i], table.columns[columns[i]])) + '\n';
  }
  return text;
}

void give_keys(const std::vector<const WriteGroup*>& groups,
               const std::vector<std::int64_t>& keys) {
  auto key = keys.begin();
  for (const auto* group : groups) {
    for (auto* block : group->blocks) {
      for (std::uint64_t row = 0; row < block->count; ++row) block->keys.emplace_back(*key++);
    }
  }
}

std::vector<std::int64_t> keys_above(const Value& highest, std::size_t count) {
  const auto last = highest.is_null() ? std::int64_t{0} : highest.as<std::int64_t>();
  std::vector<std::int64_t> keys(count);
  std::iota(keys.begin(), keys.end(), last + 1);
  return keys;
}

void append_cells(std::span<Row> rows, ScalarColumn values, const Column& column) {
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(to_cell(values[i], column));
}

void add_places(std::vector<std::pair<Block*, std::uint64_t>>& places, Block& block) {
  for (std::uint64_t offset = 0; offset < block.count; ++offset) {
    places.emplace_back(&block, offset);
  }
}

bool counts_by_database(const WriteGroup& group) {
  return group.table->columns[*group.counted].identity != Identity::no;
}

}  // namespace

const std::string& InsertTexts::of(const Engine& engine, const RowInsert& insert) {
  auto& kept = texts_[&insert.table];
  const auto same = [](std::span<const std::size_t> left, const std::vector<std::size_t>& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end());
  };
  const auto known = std::find_if(kept.begin(), kept.end(), [&](const Kept& one) {
    return same(insert.columns, one.columns) && same(insert.returning, one.returning);
  });
  if (known != kept.end()) return known->sql;
  kept.push_back({{insert.columns.begin(), insert.columns.end()},
                  {insert.returning.begin(), insert.returning.end()},
                  engine.insert_sql(insert, 1)});
  return kept.back().sql;
}

Writer::Cells Writer::cells_of(const WriteGroup& group, Columns columns) {
  Cells cells;
  cells.rows.resize(group.rows());
  for (auto& row : cells.rows) row.reserve(columns.size());
  cells.places.reserve(cells.rows.size());
  for (auto* block : group.blocks) {
    auto& frame = generation_.frame(*block);
    const auto rows = std::span{cells.rows}.subspan(cells.places.size(), block->count);
    for (const auto column : columns) {
      append_cells(rows, frame.column(column), group.table->columns[column]);
    }
    add_places(cells.places, *block);
  }
  return cells;
}

void Writer::write(const std::vector<WriteGroup>& groups) {
  const bool alone = groups.size() == 1 && groups.front().rows() == 1;
  const bool returned = alone && returns_key(groups.front());
  if (!returned) reserve_keys(groups);
  for (const auto& group : groups) write_group(group, returned);
  if (whole_ || unit_ == WriteUnit::of_caller) {
    send();
  } else {
    keep(run_atomically(connection_, waiting_));
  }
  if (whole_) whole_->commit();
}

/// Whether the key of a row that nothing else needs may come back with it.
bool Writer::returns_key(const WriteGroup& group) const {
  return group.counted && counts_by_database(group) && group.table->triggers.empty() &&
         connection_.engine().returns_inserted() && !group.blocks.front()->recipe->reads_counted &&
         !group.refers_to_itself();
}

/// Asks the counters of all tables at once, where they can be asked beforehand.
void Writer::reserve_keys(const std::vector<WriteGroup>& groups) {
  std::map<const Table*, std::vector<const WriteGroup*>> tables;
  for (const auto& group : groups) {
    if (group.counted && counts_by_database(group)) tables[group.table].push_back(&group);
  }
  std::vector<BoundStatement> statements;
  std::vector<const std::vector<const WriteGroup*>*> asked;
  for (const auto& [table, counted] : tables) {
    std::size_t count = 0;
    for (const auto* group : counted) count += group->rows();
    auto statement = connection_.engine().reserve_keys_statement(schema_, *table, count);
    if (!statement) continue;
    statements.push_back(std::move(*statement));
    asked.push_back(&counted);
  }
  if (statements.empty()) return;
  const auto results = run_atomically(connection_, statements);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    std::vector<std::int64_t> keys;
    for (const auto& row : results[i]) keys.push_back(row.front().as<std::int64_t>());
    give_keys(*asked[i], keys);
  }
}

/// Takes keys once all rows before are there, since the highest one may decide. False where the
/// engine cannot say a key before its row is written.
bool Writer::take_keys(const WriteGroup& group) {
  const auto& engine = connection_.engine();
  const auto count = group.rows();
  std::vector<std::int64_t> keys;
  if (counts_by_database(group)) {
    keys = engine.reserve_keys(connection_, schema_, *group.table, count);
    // Rows that refer to each other need their keys before any is written.
    if (keys.empty() && !group.refers_to_itself()) return false;
  }
  if (keys.empty()) {
    const auto& key = group.table->columns[*group.counted].name;
    const auto highest = connection_.query_value(
        fmt::format("SELECT MAX({}) FROM {}", engine.quote(key), engine.quote(group.table->name)));
    keys = keys_above(highest, count);
  }
  give_keys({&group}, keys);
  return true;
}

void Writer::write_group(const WriteGroup& group, bool returns_key) {
  const auto made = group.made_columns();
  if (!group.counted) return insert_together(group, group.columns, made);
  const auto and_counted = [&](Columns columns) {
    std::vector<std::size_t> all(columns.begin(), columns.end());
    all.push_back(*group.counted);
    return all;
  };
  if (returns_key) return insert_together(group, group.columns, and_counted(made));
  if (group.blocks.front()->keys.empty()) {
    begin();
    if (!take_keys(group)) return insert_one_by_one(group);
  }
  insert_together(group, and_counted(group.columns), made);
}

void Writer::insert_together(const WriteGroup& group, Columns columns, Columns made) {
  const auto& engine = connection_.engine();
  const auto& table = *group.table;
  // What triggers do to a row is seen only behind its statement.
  const bool returning = engine.returns_inserted() && table.triggers.empty() && !made.empty();
  auto cells = cells_of(group, columns);
  std::vector<std::size_t> returned;
  if (returning && (cells.rows.size() == 1 || !table.primary_key.empty())) {
    if (cells.rows.size() > 1) returned = key_columns(table);
    returned.insert(returned.end(), made.begin(), made.end());
  }
  const RowInsert insert{table, columns, returned};
  const std::span<Row> rows{cells.rows};
  const auto chunk = rows_per_statement(columns.size());
  for (std::size_t first = 0; first < rows.size(); first += chunk) {
    const auto size = std::min(rows.size() - first, chunk);
    waiting_.push_back(insert_statement(insert, rows.subspan(first, size)));
    const auto begin = cells.places.begin() + static_cast<std::ptrdiff_t>(first);
    answers_.push_back({&table, returned, {begin, begin + static_cast<std::ptrdiff_t>(size)}});
  }
  if (!returning) read_back(group, made, cells.places);
}

/// Takes the values of a single row with it.
BoundStatement Writer::insert_statement(const RowInsert& insert, std::span<Row> rows) {
  const auto& engine = connection_.engine();
  if (rows.size() > 1) return engine.insert_statement(insert, rows);
  return {texts_.of(engine, insert), std::move(rows.front())};
}

void Writer::insert_one_by_one(const WriteGroup& group) {
  auto columns = group.columns;
  const auto cells = cells_of(group, columns);
  // A row of nothing but made columns still needs one to name.
  if (columns.empty()) columns.push_back(*group.counted);
  const auto& engine = connection_.engine();
  const auto sql = engine.insert_sql({*group.table, columns, {}}, 1);
  for (std::size_t row = 0; row < cells.rows.size(); ++row) {
    Row arguments = cells.rows[row];
    arguments.resize(columns.size());
    connection_.execute(sql, arguments);
    cells.places[row].first->keys.emplace_back(engine.last_inserted_key(connection_));
  }
  read_back(group, group.made_columns(), cells.places);
}

void Writer::read_back(const WriteGroup& group, Columns made, const std::vector<Place>& places) {
  const auto& table = *group.table;
  if (made.empty() || table.primary_key.empty()) return;
  const auto key = key_columns(table);
  auto columns = key;
  columns.insert(columns.end(), made.begin(), made.end());
  const auto chunk = rows_per_statement(key.size());
  for (std::size_t first = 0; first < places.size(); first += chunk) {
    const auto last = std::min(places.size(), first + chunk);
    const std::vector<Place> some{places.begin() + static_cast<std::ptrdiff_t>(first),
                                  places.begin() + static_cast<std::ptrdiff_t>(last)};
    waiting_.push_back(select_rows(table, columns, some));
    answers_.push_back({&table, columns, some});
  }
}

void Writer::read_again(const std::vector<WriteGroup>& groups) {
  for (const auto& group : groups) {
    std::vector<Place> places;
    for (auto* block : group.blocks) {
      if (group.counted && block->keys.empty()) keep_keys(*block, *group.counted);
      add_places(places, *block);
    }
    read_back(group, group.made_columns(), places);
  }
  send();
}

/// Of keys that came back with their rows.
void Writer::keep_keys(Block& block, std::size_t counted) {
  for (const auto& row : made_[&block]) block.keys.push_back(row[counted].value());
}

BoundStatement Writer::select_rows(const Table& table, const std::vector<std::size_t>& columns,
                                   const std::vector<Place>& places) {
  const auto& engine = connection_.engine();
  BoundStatement statement;
  std::vector<std::string> conditions;
  conditions.reserve(places.size());
  for (const auto& place : places) {
    std::vector<std::string> parts;
    parts.reserve(table.primary_key.size());
    for (const auto& value : key_of(table, place)) {
      statement.arguments.push_back(value);
      parts.push_back(fmt::format("{} = {}", engine.quote(table.primary_key[parts.size()]),
                                  engine.placeholder(statement.arguments.size())));
    }
    conditions.push_back("(" + join(parts, " AND ") + ")");
  }
  std::vector<std::string> read;
  read.reserve(columns.size());
  for (const auto column : columns) read.push_back(engine.read_expression(table.columns[column]));
  statement.sql = fmt::format("SELECT {} FROM {} WHERE {}", join(read, ", "),
                              engine.quote(table.name), join(conditions, " OR "));
  return statement;
}

Row Writer::key_of(const Table& table, const Place& place) {
  auto& frame = generation_.frame(*place.first);
  const auto columns = key_columns(table);
  Row key;
  key.reserve(columns.size());
  for (const auto column : columns) {
    key.push_back(to_cell(frame.column(column)[place.second], table.columns[column]));
  }
  return key;
}

/// Sends what waits; from here on several sends make one unit.
void Writer::begin() {
  if (!whole_ && unit_ == WriteUnit::own) whole_.emplace(connection_);
  send();
}

void Writer::send() {
  if (!waiting_.empty()) keep(connection_.run_all(waiting_));
}

void Writer::keep(const std::vector<std::vector<Row>>& results) {
  for (std::size_t i = 0; i < answers_.size(); ++i) keep(answers_[i], results[i]);
  waiting_.clear();
  answers_.clear();
}

void Writer::keep(const Answer& answer, const std::vector<Row>& found) {
  if (answer.columns.empty()) return;
  const auto& table = *answer.table;
  for (const auto& [block, offset] : answer.places) {
    auto& rows = made_[block];
    if (!rows.empty()) continue;
    rows.resize(block->count);
    for (auto& row : rows) row.resize(table.columns.size());
  }
  if (answer.places.size() == 1) {
    if (!found.empty()) keep_row(answer, answer.places.front(), found.front());
    return;
  }
  std::map<std::string, Place> places;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& row = found[i];
    // Mostly they come in order, which nobody promises.
    const auto& expected = answer.places[std::min(i, answer.places.size() - 1)];
    if (const auto own = key_of(table, expected); std::equal(own.begin(), own.end(), row.begin())) {
      keep_row(answer, expected, row);
      continue;
    }
    if (places.empty()) places = places_by_key(answer);
    const auto place = places.find(key_text(table, key_columns(table), row));
    if (place != places.end()) keep_row(answer, place->second, row);
  }
}

void Writer::keep_row(const Answer& answer, const Place& place, const Row& row) {
  auto& made = made_[place.first][place.second];
  for (std::size_t i = 0; i < answer.columns.size(); ++i) made[answer.columns[i]] = row[i];
}

std::map<std::string, Writer::Place> Writer::places_by_key(const Answer& answer) {
  const auto& table = *answer.table;
  const auto key = key_columns(table);
  std::map<std::string, Place> places;
  for (const auto& place : answer.places) {
    places.emplace(key_text(table, key, key_of(table, place)), place);
  }
  return places;
}

}  // namespace seedbed::detail
