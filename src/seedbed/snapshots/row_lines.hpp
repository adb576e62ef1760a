#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/schema/schema.hpp"
#include "seedbed/snapshots/config.hpp"

namespace seedbed::detail {

/// How the rows of one table become lines of canonical text, and in which order.
struct RowLayout {
  const Table* table = nullptr;
  std::vector<const Column*> columns{};  ///< all but computed ones, in the table's order
  std::vector<bool> mixed{};             ///< per column
  std::vector<std::size_t> order{};      ///< indexes of columns
  bool keyed = false;                    ///< `order` is a key: the server can sort by it

  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] std::vector<DataColumn> described() const;
};

/// By primary key; else by the first plain unique key of NOT NULL columns; else by all columns.
[[nodiscard]] RowLayout layout_of(const Table& table);

/// One row as a line, with the places of its cells.
struct RowLine {
  std::string text{};               ///< ends with LF
  std::vector<std::size_t> ends{};  ///< of each cell

  [[nodiscard]] std::string_view cell(std::size_t index) const;
};

/// Writes rows as lines. Throws invalid_input, naming table and column, for a cell that is none of
/// its column's type.
void encode_row(RowLine& line, const RowLayout& layout, const ColumnBatch& batch, std::size_t row);

/// The places of the cells of a line as `encode_row` wrote it.
[[nodiscard]] RowLine split_line(std::string text);

/// The canonical order: by the layout's order, integers by number, everything else by bytes, NULL
/// first; then by the whole line.
[[nodiscard]] std::strong_ordering compare_lines(const RowLine& left, const RowLine& right,
                                                 const RowLayout& layout);

/// The index of a column with a cell in these rows that cannot come back as it was unless the
/// column is mixed; the number of columns when there is none.
[[nodiscard]] std::size_t find_misfit(const RowLayout& layout, const ColumnBatch& batch);

/// The engine-neutral line, opaque columns left out.
void append_logical_line(std::string& out, const RowLine& line, const RowLayout& layout);

}  // namespace seedbed::detail
