#include "seedbed/factories/load/row_hasher.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/schema/cell_encoding.hpp"

namespace seedbed::detail {

namespace {

std::uint64_t little_endian(const std::uint8_t* bytes) noexcept {
  std::uint64_t number = 0;
  for (unsigned i = 0; i < 8; ++i) number |= std::uint64_t{bytes[i]} << (8 * i);
  return number;
}

}  // namespace

RowHasher::RowHasher(const Table& table, std::span<const std::string> certified,
                     std::span<const std::string> columns)
    : table_{table} {
  for (const auto& name : certified) {
    const auto place = std::find(columns.begin(), columns.end(), name);
    places_.push_back({static_cast<std::size_t>(place - columns.begin()), table.find_column(name)});
  }
}

void RowHasher::add(const ColumnBatch& rows, RowSum& sum) {
  for (std::size_t row = 0; row < rows.row_count(); ++row) {
    append_row(rows, row);
    hash_.update(line_);
    const auto digest = hash_.finish();
    sum.add({1, little_endian(digest.bytes.data()), little_endian(digest.bytes.data() + 8)});
  }
}

void RowHasher::append_row(const ColumnBatch& rows, std::size_t row) {
  line_.clear();
  for (const auto& place : places_) {
    if (&place != &places_.front()) line_ += '\t';
    cell_.clear();
    try {
      append_cell(cell_, rows.column(place.in_batch), row, place.column->type);
    } catch (Error& error) {
      error.add_context(
          fmt::format("table '{}', column '{}'", table_.name.to_string(), place.column->name));
      throw;
    }
    static_cast<void>(append_logical_cell(line_, cell_, place.column->type));
  }
  line_ += '\n';
}

bool is_certifiable(const Column& column) {
  std::string line;
  return append_logical_cell(line, kNullCell, column.type);
}

}  // namespace seedbed::detail
