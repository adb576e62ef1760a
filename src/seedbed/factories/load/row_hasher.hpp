#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/digest.hpp"
#include "seedbed/factories/certificate.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// Adds up the rows of batches of one table.
class RowHasher {
 public:
  /// `certified` by name; `columns` are those of the batches. `table` outlives it.
  RowHasher(const Table& table, std::span<const std::string> certified,
            std::span<const std::string> columns);

  /// Throws invalid_input, naming table and column, for a cell that its column cannot hold.
  void add(const ColumnBatch& rows, RowSum& sum);

 private:
  struct Place {
    std::size_t in_batch = 0;
    const Column* column = nullptr;
  };

  void append_row(const ColumnBatch& rows, std::size_t row);

  const Table& table_;
  std::vector<Place> places_;
  std::string line_;
  std::string cell_;
  Sha256 hash_;
};

/// Whether cells of the column have a neutral form, equal on every engine.
[[nodiscard]] bool is_certifiable(const Column& column);

}  // namespace seedbed::detail
