#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/engines/bulk_load.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/row_files.hpp"

namespace seedbed::detail {

/// Rows of one table as text.
class RowText {
 public:
  RowText() = default;
  virtual ~RowText() = default;
  RowText(const RowText&) = delete;
  RowText& operator=(const RowText&) = delete;

  /// What stands before the first row.
  virtual void begin(std::string& /*text*/) {}
  virtual void append(std::string& text, const ColumnBatch& rows, std::size_t row) = 0;
  /// What stands behind the last row.
  virtual void end(std::string& /*text*/) {}
};

/// `engine` and the target's table outlive the text.
[[nodiscard]] std::unique_ptr<RowText> row_text(RowFormat format, const Engine& engine,
                                                const BulkTarget& target);

}  // namespace seedbed::detail
