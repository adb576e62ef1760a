#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// Rows of one table, as they are loaded.
struct SampledRows {
  const Table& table;
  std::span<const std::size_t> columns{};  ///< of the table, those of the batch
  const ColumnBatch& rows;
};

/// What a row takes in a database, in bytes: a rule of thumb, since only the database knows. It
/// goes by what engines say of themselves, in three kinds of storage:
///
/// - typed columns, rows in a heap (PostgreSQL): 28 bytes around a row, 12 around an entry of an
///   index, both rounded up to 8, and every key has an index;
/// - typed columns, rows in the primary key (InnoDB): 20 bytes around a row, 7 around an entry of
///   another index, which repeats the primary key; foreign keys have indexes too;
/// - columns that hold any kind (SQLite): 7 bytes around a row and 1 for each value.
///
/// Pages are nearly full of rows that come in their order, and 7 parts in 10 of others. Indexes
/// that are no constraint are not known, and left out.
class StorageRule {
 public:
  StorageRule(const Engine& engine, const Capabilities& capabilities);

  /// Of each row, on the average of those that are there; 0 without any.
  [[nodiscard]] double row_bytes(const SampledRows& sample) const;
  /// Of its entries in all indexes.
  [[nodiscard]] double index_bytes(const SampledRows& sample) const;

 private:
  /// Of each column of the table, on the average.
  [[nodiscard]] std::vector<double> value_bytes(const SampledRows& sample) const;
  [[nodiscard]] std::vector<std::vector<std::string>> indexes(const Table& table) const;

  bool typed_;
  bool clustered_;
};

}  // namespace seedbed::detail
