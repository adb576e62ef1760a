#include "seedbed/factories/rows/row_numbers.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed::detail {

namespace {

/// The name that a table's numbers are kept under.
std::string counter_of(const Table& table) {
  return table.name.schema.empty() ? table.name.name : table.name.to_string();
}

}  // namespace

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

void RowNumbers::prepare() {
  if (sandbox_ || prepared_) return;
  prepare_own_table(connection_, "rows",
                    "table_name VARCHAR(255) NOT NULL PRIMARY KEY, next_row BIGINT NOT NULL");
  prepare_own_table(connection_, "row_lock",
                    "id INTEGER NOT NULL PRIMARY KEY, taken BIGINT NOT NULL");
  // Inside a transaction the tables may be rolled back again.
  if (connection_.in_transaction()) return;
  add_lock();
  prepared_ = true;
}

void RowNumbers::enter_sandbox(std::uint64_t shift) {
  leave_sandbox();
  sandbox_ = true;
  shift_ = shift;
}

void RowNumbers::leave_sandbox() noexcept {
  sandbox_ = false;
  shift_ = 0;
  forget();
}

void RowNumbers::forget() noexcept {
  read_ = false;
  next_.clear();
  stored_.clear();
}

void RowNumbers::add_lock() {
  const auto own = connection_.engine().own_table("row_lock");
  if (!connection_.query(fmt::format("SELECT id FROM {}", own)).rows.empty()) return;
  try {
    Transaction savepoint{connection_};
    connection_.execute(fmt::format("INSERT INTO {} (id, taken) VALUES (1, 0)", own));
    savepoint.commit();
  } catch (const Error& error) {
    // Another session made it first.
    if (error.code() != ErrorCode::constraint_violation) throw;
  }
}

// A row that is counted up locks on every engine alike; a lock clause would have to know the
// engine. One row for all tables, so that sessions never wait for each other in a circle.
void RowNumbers::lock() {
  const auto sql = fmt::format("UPDATE {} SET taken = taken + 1 WHERE id = 1",
                               connection_.engine().own_table("row_lock"));
  if (connection_.execute(sql) > 0) return;
  add_lock();
  connection_.execute(sql);
}

void RowNumbers::read() {
  const auto& engine = connection_.engine();
  next_.clear();
  stored_.clear();
  read_ = true;
  if (!prepared_ && !engine.own_table_exists(connection_, "rows")) return;
  const auto found = connection_.query(
      fmt::format("SELECT table_name, next_row FROM {}", engine.own_table("rows")));
  for (const auto& row : found.rows) {
    const auto next = static_cast<std::uint64_t>(row[1].as<std::int64_t>());
    stored_[row[0].as<std::string>()] = next;
    next_[row[0].as<std::string>()] = next + shift_;
  }
}

RowNumbers::Stretch::Stretch(RowNumbers& numbers)
    : numbers_{numbers}, around_{numbers.innermost_}, outermost_{around_ == nullptr}, looks_{true} {
  if (!numbers_.read_) numbers_.read();
  numbers_.innermost_ = this;
}

RowNumbers::Stretch::Stretch(RowNumbers& numbers, const Transaction* transaction, Snapshot snapshot)
    : numbers_{numbers},
      around_{numbers.innermost_},
      outermost_{around_ == nullptr},
      looks_{false} {
  if (writes()) {
    numbers_.lock();
    // Rows that a transaction changed itself it sees as they are now.
    touched_ = snapshot == Snapshot::older || transaction->nested();
    if (touched_) {
      numbers_.connection_.execute(fmt::format("UPDATE {} SET next_row = next_row + 1",
                                               numbers_.connection_.engine().own_table("rows")));
    }
    numbers_.read();
    for (auto& [table, next] : numbers_.next_) next -= touched_ ? 1 : 0;
  } else if (!numbers_.read_) {
    numbers_.read();
  }
  numbers_.innermost_ = this;
}

bool RowNumbers::Stretch::writes() const noexcept {
  return outermost_ && !looks_ && !numbers_.sandbox_;
}

RowNumbers::Stretch::~Stretch() {
  numbers_.innermost_ = around_;
  if (outermost_ && !numbers_.sandbox_) {
    numbers_.forget();
  } else if (!kept_) {
    rewind();
  }
}

void RowNumbers::Stretch::rewind() {
  for (auto taken = taken_.rbegin(); taken != taken_.rend(); ++taken) {
    if (taken->second) {
      numbers_.next_[taken->first] = *taken->second;
    } else {
      numbers_.next_.erase(taken->first);
    }
  }
  taken_.clear();
}

std::uint64_t RowNumbers::Stretch::next(const Table& table) const {
  const auto next = numbers_.next_.find(counter_of(table));
  return next != numbers_.next_.end() ? next->second : 1 + numbers_.shift_;
}

std::uint64_t RowNumbers::Stretch::take(const Table& table, std::uint64_t count) {
  const auto name = counter_of(table);
  const auto next = numbers_.next_.find(name);
  if (next == numbers_.next_.end()) {
    taken_.emplace_back(name, std::nullopt);
    numbers_.next_.emplace(name, 1 + numbers_.shift_ + count);
    return 1 + numbers_.shift_;
  }
  taken_.emplace_back(name, next->second);
  return std::exchange(next->second, next->second + count);
}

std::uint64_t RowNumbers::Stretch::first(const Table& table) const {
  if (!numbers_.sandbox_) return 1;
  const auto stored = numbers_.stored_.find(table.name.to_string());
  return (stored != numbers_.stored_.end() ? stored->second : 1) + numbers_.shift_;
}

void RowNumbers::Stretch::move(const Table& table, std::uint64_t next) {
  numbers_.next_[table.name.to_string()] = next;
}

void RowNumbers::Stretch::keep() {
  kept_ = !looks_;
  if (kept_ && around_ != nullptr) {
    around_->taken_.insert(around_->taken_.end(), taken_.begin(), taken_.end());
  }
  if (!writes()) return;
  auto& connection = numbers_.connection_;
  const auto& engine = connection.engine();
  const auto own = engine.own_table("rows");
  if (touched_) {
    connection.execute(fmt::format("UPDATE {} SET next_row = next_row - 1", own));
    for (auto& [table, next] : numbers_.stored_) --next;
  }
  std::vector<std::string> added;
  std::vector<std::string> moved;
  std::vector<std::string> cases;
  for (const auto& [table, next] : numbers_.next_) {
    const auto stored = numbers_.stored_.find(table);
    const auto name = engine.literal(table);
    if (stored == numbers_.stored_.end()) {
      added.push_back(fmt::format("({}, {})", name, next));
    } else if (stored->second != next) {
      moved.push_back(name);
      cases.push_back(fmt::format("WHEN {} THEN {}", name, next));
    }
  }
  if (!added.empty()) {
    connection.execute(
        fmt::format("INSERT INTO {} (table_name, next_row) VALUES {}", own, join(added, ", ")));
  }
  if (!moved.empty()) {
    connection.execute(
        fmt::format("UPDATE {} SET next_row = CASE table_name {} END WHERE "
                    "table_name IN ({})",
                    own, join(cases, " "), join(moved, ", ")));
  }
}

}  // namespace seedbed::detail
