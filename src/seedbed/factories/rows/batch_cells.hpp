#pragma once

#include "seedbed/core/column_batch.hpp"
#include "seedbed/factories/scalar.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// Appends fitted values of the column as the database takes them, as `to_cell` gives them.
void append_cells(BatchColumn& cells, ScalarColumn values, const Column& column);

}  // namespace seedbed::detail
