#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "seedbed/engines/bulk_load.hpp"
#include "seedbed/engines/sqlite/sqlite_affinity.hpp"
#include "seedbed/engines/sqlite/sqlite_statement.hpp"

namespace seedbed::detail {

/// Multi-row INSERTs into one table, as many rows at a time as pays off.
class SqliteLoad {
 public:
  /// `target` outlives the load.
  SqliteLoad(sqlite3* handle, std::string quoted_table, const BulkTarget& target);

  /// Writes all rows of the batch.
  void write(const ColumnBatch& batch);

 private:
  struct Statement {
    std::size_t rows = 0;
    std::unique_ptr<SqliteStatement> prepared{};
  };

  SqliteStatement& statement_for(std::size_t rows);
  void bind(SqliteStatement& statement, const ColumnBatch& batch, std::size_t first,
            std::size_t rows) const;
  void bind_cell(SqliteStatement& statement, int index, const BatchColumn& cells, std::size_t row,
                 std::size_t column) const;

  sqlite3* handle_;
  std::string insert_;  // up to VALUES
  const BulkTarget& target_;
  std::vector<const Column*> columns_;
  std::vector<Affinity> affinities_;  // of columns_
  std::size_t rows_per_statement_;
  Statement full_;
  Statement rest_;
};

}  // namespace seedbed::detail
