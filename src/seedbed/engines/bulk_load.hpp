#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// Where rows of a bulk load go. `table` outlives the load; `columns` are some of its stored
/// columns, identity columns included (their values are written as given, GENERATED ALWAYS too).
struct BulkTarget {
  const Table& table;
  std::vector<std::string> columns{};
};

/// Fills the batch (which arrives empty, with as many columns as the target) with the next rows;
/// false, leaving it empty, when there are no more. May throw; the load is then cancelled.
using BatchSource = std::function<bool(ColumnBatch&)>;

}  // namespace seedbed
