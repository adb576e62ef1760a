#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/engines/bulk_load.hpp"
#include "seedbed/engines/mysql/dialect.hpp"

namespace seedbed::mysql {

/// The columns of a load with the form their cells are written in.
struct LoadColumns {
  explicit LoadColumns(const BulkTarget& target);

  std::string table;               ///< quoted
  std::vector<std::string> names;  ///< quoted
  std::vector<Form> forms;
  std::vector<bool> counters;  ///< filled by the table's counter when left out
};

/// LOAD DATA LOCAL for text in the format of `LoadText`.
[[nodiscard]] std::string load_sql(const LoadColumns& columns);

/// The rows of a source as the text that LOAD DATA reads, batch by batch.
class LoadText {
 public:
  LoadText(const LoadColumns& columns, const BatchSource& next);

  /// The text of the next batch, valid until the next call; empty at the end. Throws what the
  /// source throws, and constraint_violation for a cell that its column cannot hold.
  [[nodiscard]] std::string_view next_piece();
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

 private:
  void append_line(std::size_t row);

  const LoadColumns& columns_;
  const BatchSource& next_;
  ColumnBatch batch_;
  std::string text_;
  std::uint64_t rows_ = 0;
};

/// Appends "(1, 'a', x'00')" for one row of the batch.
void append_tuple(std::string& sql, const LoadColumns& columns, const ColumnBatch& batch,
                  std::size_t row);

}  // namespace seedbed::mysql
