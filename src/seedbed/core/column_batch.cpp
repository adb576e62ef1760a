#include "seedbed/core/column_batch.hpp"

#include <cassert>

#include "seedbed/core/error.hpp"

namespace seedbed {

void BatchColumn::fail_too_long() {
  throw Error{ErrorCode::unsupported, "a column of one batch of rows holds more than 4 GiB"};
}

void BatchColumn::append(const Value& value) {
  switch (value.kind()) {
    case ValueKind::null: return append_null();
    case ValueKind::boolean: return append_boolean(value.boolean());
    case ValueKind::integer: return append_integer(value.integer());
    case ValueKind::real: return append_real(value.real());
    case ValueKind::text: return append_text(value.text());
    case ValueKind::bytes: return append_bytes(value.bytes().data);
  }
}

Value BatchColumn::value(std::size_t row) const {
  switch (kinds_[row]) {
    case ValueKind::null: return {};
    case ValueKind::boolean: return boolean(row);
    case ValueKind::integer: return integer(row);
    case ValueKind::real: return real(row);
    case ValueKind::text: return text(row);
    case ValueKind::bytes: return Bytes{std::string{text(row)}};
  }
  return {};
}

void BatchColumn::clear() noexcept {
  kinds_.clear();
  slots_.clear();
  arena_.clear();
}

Row ColumnBatch::row(std::size_t index) const {
  Row result;
  result.reserve(columns_.size());
  for (const auto& column : columns_) result.push_back(column.value(index));
  return result;
}

void ColumnBatch::append(const Row& row) {
  assert(row.size() == columns_.size());
  for (std::size_t i = 0; i < row.size(); ++i) columns_[i].append(row[i]);
}

std::size_t ColumnBatch::bytes() const noexcept {
  std::size_t bytes = 0;
  for (const auto& column : columns_) bytes += column.bytes();
  return bytes;
}

void ColumnBatch::clear() noexcept {
  for (auto& column : columns_) column.clear();
}

void ColumnBatch::reset(std::size_t columns) {
  columns_.resize(columns);
  clear();
}

}  // namespace seedbed
