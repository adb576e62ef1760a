#pragma once

#include <string>
#include <string_view>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// Cells of an engine where any column may hold any kind of value (SQLite). A column whose cells
/// all have the kind and spelling of its type uses `cell_encoding.hpp`; any other is *mixed*: each
/// cell says what it is, `i:` integer, `r:` real, `t:` text, `b:` bytes, `x:` text that is not
/// well-formed UTF-8 or holds NUL, as hexadecimal digits.

/// Whether `append_cell` followed by `read_stored_cell` gives the very cell, kind and all.
[[nodiscard]] bool fits_type(const BatchColumn& cells, std::size_t row, const ColumnType& type);

/// As `read_cell`, with the kinds that SQLite stores: booleans as integer, decimals as integer or
/// real.
void read_stored_cell(std::string_view escaped, const ColumnType& type, BatchColumn& cells);

/// Appends any cell, escaped, with its kind in front; never throws. NULL is `\N`.
void append_mixed_cell(std::string& line, const BatchColumn& cells, std::size_t row);
/// Throws corrupt.
void read_mixed_cell(std::string_view escaped, BatchColumn& cells);
/// The neutral form of a mixed cell: that of its value as `type` where it can be one, so that the
/// integer 5 in a decimal column equals another engine's 5.00. False for types without a neutral
/// form.
[[nodiscard]] bool append_logical_mixed_cell(std::string& line, std::string_view escaped,
                                             const ColumnType& type);

}  // namespace seedbed
