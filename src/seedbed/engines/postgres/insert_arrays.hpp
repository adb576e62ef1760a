#pragma once

#include <span>

#include "seedbed/engines/engine.hpp"

namespace seedbed::postgres {

/// Whether the columns' types have arrays whose elements read as the columns do.
[[nodiscard]] bool fits_arrays(const RowInsert& insert);

/// INSERT ... SELECT FROM unnest(...): one argument for each column, so the statement is the same
/// for any number of rows and is planned once.
[[nodiscard]] BoundStatement insert_arrays(const Engine& engine, const RowInsert& insert,
                                           std::span<const Row> rows);

}  // namespace seedbed::postgres
