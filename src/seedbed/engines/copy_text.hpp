#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "seedbed/core/column_batch.hpp"

namespace seedbed::detail {

/// Appends row `row` as a line of the text format of PostgreSQL's COPY.
void append_copy_line(std::string& lines, const ColumnBatch& batch, std::size_t row);

/// The same for the rows from `first` on, until there are no more or `lines` holds `enough` bytes;
/// gives the first row that is left.
[[nodiscard]] std::size_t append_copy_lines(std::string& lines, const ColumnBatch& batch,
                                            std::size_t first, std::size_t enough);

/// The text of a number, as PostgreSQL prints it, and lower-case hexadecimal digits.
void append_integer_text(std::string& out, std::int64_t value);
void append_real_text(std::string& out, double value);
void append_hex_text(std::string& out, std::string_view bytes);

}  // namespace seedbed::detail
