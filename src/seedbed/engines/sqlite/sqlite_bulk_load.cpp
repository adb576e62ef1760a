#include "seedbed/engines/sqlite/sqlite_bulk_load.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/sqlite/sqlite_dialect.hpp"

namespace seedbed::detail {

namespace {

// Measured: beyond about a hundred rows a statement gains nothing more.
constexpr std::size_t kRowsPerStatement = 128;

/// Takes the handle's lock, which each call of SQLite takes again; a thread that holds it does so
/// at less cost.
class HandleLock {
 public:
  explicit HandleLock(sqlite3* handle) : mutex_{sqlite3_db_mutex(handle)} {
    sqlite3_mutex_enter(mutex_);
  }
  ~HandleLock() { sqlite3_mutex_leave(mutex_); }
  HandleLock(const HandleLock&) = delete;
  HandleLock& operator=(const HandleLock&) = delete;

 private:
  sqlite3_mutex* mutex_;  // nullptr, which is no lock, where SQLite has none
};

std::string values_list(std::size_t columns, std::size_t rows) {
  const std::vector<std::string> row(columns, "?");
  const std::vector<std::string> all(rows, "(" + join(row, ", ") + ")");
  return join(all, ", ");
}

}  // namespace

SqliteLoad::SqliteLoad(sqlite3* handle, std::string quoted_table, const BulkTarget& target)
    : handle_{handle}, target_{target} {
  if (target.columns.empty()) {
    throw Error{ErrorCode::invalid_input, fmt::format("a load into table '{}' names no columns",
                                                      target.table.name.to_string())};
  }
  std::vector<std::string> quoted;
  for (const auto& name : target.columns) {
    columns_.push_back(&target.table.column(name));
    affinities_.push_back(affinity_of(columns_.back()->type.declared));
    quoted.push_back(quote_identifier(name));
  }
  insert_ = fmt::format("INSERT INTO {} ({}) VALUES ", quoted_table, join(quoted, ", "));
  const int limit = sqlite3_limit(handle_, SQLITE_LIMIT_VARIABLE_NUMBER, -1);
  rows_per_statement_ = std::clamp<std::size_t>(
      static_cast<std::size_t>(limit) / target.columns.size(), 1, kRowsPerStatement);
}

void SqliteLoad::write(const ColumnBatch& batch) {
  const HandleLock lock{handle_};
  for (std::size_t first = 0; first < batch.row_count(); first += rows_per_statement_) {
    const std::size_t rows = std::min(rows_per_statement_, batch.row_count() - first);
    SqliteStatement& statement = statement_for(rows);
    bind(statement, batch, first, rows);
    statement.step();
    statement.reset();
  }
}

SqliteStatement& SqliteLoad::statement_for(std::size_t rows) {
  Statement& slot = rows == rows_per_statement_ ? full_ : rest_;
  if (slot.rows != rows) {
    slot.prepared = std::make_unique<SqliteStatement>(
        handle_, insert_ + values_list(target_.columns.size(), rows));
    slot.rows = rows;
  }
  return *slot.prepared;
}

void SqliteLoad::bind(SqliteStatement& statement, const ColumnBatch& batch, std::size_t first,
                      std::size_t rows) const {
  int index = 0;
  for (std::size_t row = first; row < first + rows; ++row) {
    for (std::size_t column = 0; column < batch.column_count(); ++column) {
      bind_cell(statement, ++index, batch.column(column), row, column);
    }
  }
}

void SqliteLoad::bind_cell(SqliteStatement& statement, int index, const BatchColumn& cells,
                           std::size_t row, std::size_t column) const {
  const Column& facts = *columns_[column];
  const auto kind = cells.kind(row);
  if (affinities_[column] == Affinity::text && kind == ValueKind::text) {
    return statement.bind_cell(index, cells, row);
  }
  const Fitted fitted = fit_cell(cells, row, affinities_[column], facts.type.type_class);
  switch (fitted.how) {
    case Fitted::How::as_given: return statement.bind_cell(index, cells, row);
    case Fitted::How::integer: return statement.bind_integer(index, fitted.integer);
    case Fitted::How::real: return statement.bind_real(index, fitted.real);
    case Fitted::How::changed: break;
  }
  throw Error{
      ErrorCode::invalid_input,
      fmt::format("table '{}', column '{}': SQLite would change a value, since it takes a column "
                  "declared '{}' for a number; declare it TEXT to keep values as they are",
                  target_.table.name.to_string(), facts.name, facts.type.declared),
      {.engine = "sqlite"}};
}

}  // namespace seedbed::detail
