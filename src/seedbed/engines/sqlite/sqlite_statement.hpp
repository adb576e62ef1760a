#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/value.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace seedbed::detail {

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept;
};
using Prepared = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// One prepared statement on a raw handle, which outlives it. Cells go in and out as the storage
/// class they have.
class SqliteStatement {
 public:
  /// Throws invalid_input unless `sql` holds exactly one statement.
  SqliteStatement(sqlite3* handle, std::string_view sql);

  /// Binds all parameters, keeping a copy. Throws invalid_input for a wrong number of them, and for
  /// NaN, which SQLite would store as NULL.
  void bind(std::span<const Value> arguments);
  /// Binds parameter `index` (from 1) to a cell, which must not move before the next `reset()`.
  void bind_cell(int index, const BatchColumn& cells, std::size_t row);
  void bind_real(int index, double value);
  void bind_integer(int index, std::int64_t value);

  /// Runs up to the next row; false at the end.
  bool step();
  /// Makes the statement ready to be bound and run again.
  void reset() noexcept;

  [[nodiscard]] std::vector<std::string> column_names() const;
  /// Appends the current row to `batch`, which has as many columns.
  void append_row(ColumnBatch& batch) const;

 private:
  void bind_value(int index, const Value& value);
  void bind_text(int index, std::string_view text);
  void bind_bytes(int index, std::string_view bytes);
  void require(int result) const;

  sqlite3* handle_;
  std::string sql_;
  std::vector<Value> arguments_;  // what the bound pointers point into
  Prepared statement_;
};

/// Runs every statement of `script`; an error says the line of the statement that failed.
void run_sqlite_script(sqlite3* handle, std::string_view script);

}  // namespace seedbed::detail
