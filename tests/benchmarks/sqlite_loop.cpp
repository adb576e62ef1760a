#include "tests/benchmarks/sqlite_loop.hpp"

#include <algorithm>
#include <cstdlib>

#include <sqlite3.h>

namespace seedbed::benchmarks {

namespace {

constexpr std::size_t kColumns = 8;
constexpr std::size_t kRowsPerInsert = 100;

void require(bool fine) {
  if (!fine) std::abort();
}

std::string insert_sql(std::size_t rows) {
  std::string sql = "INSERT INTO events VALUES ";
  for (std::size_t row = 0; row < rows; ++row)
    sql += row == 0 ? "(?,?,?,?,?,?,?,?)" : ",(?,?,?,?,?,?,?,?)";
  return sql;
}

}  // namespace

SqliteLoop::SqliteLoop(const std::string& path) {
  sqlite3* database = nullptr;
  require(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  database_ = {database, sqlite3_close};
  const auto rows = prepare("SELECT * FROM events");
  while (sqlite3_step(rows.get()) == SQLITE_ROW) {
    for (int column = 0; column < static_cast<int>(kColumns); ++column) {
      switch (sqlite3_column_type(rows.get(), column)) {
        case SQLITE_INTEGER: cells_.emplace_back(sqlite3_column_int64(rows.get(), column)); break;
        case SQLITE_FLOAT: cells_.emplace_back(sqlite3_column_double(rows.get(), column)); break;
        case SQLITE_NULL: cells_.emplace_back(); break;
        default:
          cells_.emplace_back(
              std::string{static_cast<const char*>(sqlite3_column_blob(rows.get(), column)),
                          static_cast<std::size_t>(sqlite3_column_bytes(rows.get(), column))});
      }
    }
  }
}

std::shared_ptr<sqlite3_stmt> SqliteLoop::prepare(const std::string& sql) const {
  sqlite3_stmt* statement = nullptr;
  require(sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
  return {statement, sqlite3_finalize};
}

void SqliteLoop::load() const {
  const auto statement = prepare(insert_sql(kRowsPerInsert));
  require(sqlite3_exec(database_.get(), "BEGIN", nullptr, nullptr, nullptr) == SQLITE_OK);
  const auto rows = cells_.size() / kColumns;
  std::size_t first = 0;
  for (; first + kRowsPerInsert <= rows; first += kRowsPerInsert) {
    insert(statement.get(), first, kRowsPerInsert);
  }
  if (first < rows) insert(prepare(insert_sql(rows - first)).get(), first, rows - first);
  require(sqlite3_exec(database_.get(), "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK);
}

void SqliteLoop::insert(sqlite3_stmt* statement, std::size_t first, std::size_t rows) const {
  for (std::size_t i = 0; i < rows * kColumns; ++i) {
    const auto& cell = cells_[first * kColumns + i];
    const auto place = static_cast<int>(i + 1);
    if (const auto* integer = std::get_if<long long>(&cell)) {
      sqlite3_bind_int64(statement, place, *integer);
    } else if (const auto* real = std::get_if<double>(&cell)) {
      sqlite3_bind_double(statement, place, *real);
    } else if (const auto* text = std::get_if<std::string>(&cell)) {
      sqlite3_bind_text(statement, place, text->data(), static_cast<int>(text->size()), nullptr);
    } else {
      sqlite3_bind_null(statement, place);
    }
  }
  require(sqlite3_step(statement) == SQLITE_DONE);
  sqlite3_reset(statement);
}

}  // namespace seedbed::benchmarks
