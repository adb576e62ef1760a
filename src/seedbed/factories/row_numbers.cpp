#include "seedbed/factories/row_numbers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::detail {

void prepare_own_table(Connection& connection, const std::string& name,
                       const std::string& columns) {
  const auto& engine = connection.engine();
  if (engine.own_table_exists(connection, name)) return;
  if (connection.in_transaction() && !engine.capabilities(connection).transactional_ddl) {
    throw Error{ErrorCode::conflict,
                fmt::format("table {} is missing, and making it would commit the transaction; "
                            "create a row, or load, outside a transaction first",
                            engine.own_table(name))};
  }
  const auto sql =
      fmt::format("CREATE TABLE IF NOT EXISTS {} ({})", engine.own_table(name), columns);
  try {
    engine.prepare_own_tables(connection);
    connection.execute(sql);
  } catch (const Error&) {
    // Two sessions that make a table at once can meet, in spite of IF NOT EXISTS (PostgreSQL).
    if (connection.in_transaction() || !engine.own_table_exists(connection, name)) throw;
  }
}

void RowNumbers::prepare(const std::vector<const Table*>& tables) {
  if (sandbox_) return;
  if (!prepared_) {
    prepare_own_table(connection_, "rows",
                      "table_name VARCHAR(255) NOT NULL PRIMARY KEY, next_row BIGINT NOT NULL, "
                      "taken BIGINT NOT NULL DEFAULT 0");
  }
  // Inside a transaction the table may be rolled back again.
  if (connection_.in_transaction()) return;
  prepared_ = true;
  const auto known = [&](const Table* table) {
    return counters_.contains(table->name.to_string());
  };
  if (std::all_of(tables.begin(), tables.end(), known)) return;
  const auto stored = connection_.query(
      fmt::format("SELECT table_name FROM {}", connection_.engine().own_table("rows")));
  for (const auto& row : stored.rows) counters_.insert(row[0].as<std::string>());
  for (const auto* table : tables) {
    const auto name = table->name.to_string();
    if (counters_.insert(name).second) add_counter(name);
  }
}

void RowNumbers::enter_sandbox(std::uint64_t shift) {
  sandbox_ = true;
  shift_ = shift;
  next_.clear();
}

void RowNumbers::leave_sandbox() noexcept {
  sandbox_ = false;
  shift_ = 0;
  next_.clear();
}

std::uint64_t RowNumbers::read(const std::string& table) {
  const auto& engine = connection_.engine();
  if (!engine.own_table_exists(connection_, "rows")) return 1;
  const std::array<Value, 1> arguments{Value{table}};
  const auto found = connection_.query(fmt::format("SELECT next_row FROM {} WHERE table_name = {}",
                                                   engine.own_table("rows"), engine.placeholder(1)),
                                       arguments);
  return found.rows.empty() ? 1 : static_cast<std::uint64_t>(found.rows[0][0].as<std::int64_t>());
}

// Counting `taken` up is what locks the row, on every engine: a lock clause would have to know the
// engine, and where a transaction reads from a snapshot only rows that it changed itself are seen
// as they are now.
void RowNumbers::lock(const std::string& table) {
  const auto& engine = connection_.engine();
  const auto rows = engine.own_table("rows");
  const std::array<Value, 1> arguments{Value{table}};
  const auto take = fmt::format("UPDATE {} SET taken = taken + 1 WHERE table_name = {}", rows,
                                engine.placeholder(1));
  if (connection_.execute(take, arguments) > 0) return;
  add_counter(table);
  connection_.execute(take, arguments);
}

void RowNumbers::add_counter(const std::string& table) {
  const auto& engine = connection_.engine();
  const std::array<Value, 1> arguments{Value{table}};
  try {
    Transaction savepoint{connection_};
    connection_.execute(
        fmt::format("INSERT INTO {} (table_name, next_row, taken) VALUES ({}, 1, 0)",
                    engine.own_table("rows"), engine.placeholder(1)),
        arguments);
    savepoint.commit();
  } catch (const Error& error) {
    // Another session made the counter first.
    if (error.code() != ErrorCode::constraint_violation) throw;
  }
}

RowNumbers::Stretch::Stretch(RowNumbers& numbers, const std::vector<const Table*>& tables, Use use)
    : numbers_{numbers}, before_{numbers.next_}, use_{use}, outermost_{!numbers.open_} {
  std::vector<std::string> names;
  for (const auto* table : tables) names.push_back(table->name.to_string());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const auto& name : names) {
    if (numbers_.next_.contains(name)) continue;
    if (use == Use::write && !numbers_.sandbox_) numbers_.lock(name);
    const auto next = numbers_.read(name);
    numbers_.stored_[name] = next;
    numbers_.next_[name] = next + numbers_.shift_;
  }
  numbers_.open_ = true;
}

RowNumbers::Stretch::~Stretch() {
  const bool forget = outermost_ && !numbers_.sandbox_;
  if (forget) {
    numbers_.next_.clear();
    numbers_.stored_.clear();
  } else if (!kept_) {
    numbers_.next_ = std::move(before_);
  }
  if (outermost_) numbers_.open_ = false;
}

std::uint64_t RowNumbers::Stretch::next(const Table& table) const {
  const auto name = table.name.to_string();
  const auto next = numbers_.next_.find(name);
  if (next != numbers_.next_.end()) return next->second;
  throw Error{ErrorCode::internal, fmt::format("row numbers of table '{}' were not locked", name)};
}

std::uint64_t RowNumbers::Stretch::take(const Table& table, std::uint64_t count) {
  const auto first = next(table);
  numbers_.next_[table.name.to_string()] = first + count;
  return first;
}

void RowNumbers::Stretch::keep() {
  kept_ = true;
  if (use_ == Use::look || numbers_.sandbox_) return;
  const auto& engine = numbers_.connection_.engine();
  const auto sql =
      fmt::format("UPDATE {} SET next_row = {} WHERE table_name = {}", engine.own_table("rows"),
                  engine.placeholder(1), engine.placeholder(2));
  for (const auto& [table, next] : numbers_.next_) {
    auto& stored = numbers_.stored_[table];
    if (stored == next) continue;
    const std::array<Value, 2> arguments{Value{next}, Value{table}};
    numbers_.connection_.execute(sql, arguments);
    stored = next;
  }
}

}  // namespace seedbed::detail
