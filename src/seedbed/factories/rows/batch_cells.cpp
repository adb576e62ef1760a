#include "seedbed/factories/rows/batch_cells.hpp"

#include <algorithm>

#include "seedbed/core/clock.hpp"

namespace seedbed::detail {

namespace {

/// Appends values of the same type at once; gives false for types that are not usual.
/// `digits`: whole numbers are texts.
bool append_alike(BatchColumn& cells, ScalarColumn values, bool digits) {
  const auto count = values.size();
  const auto written = [&](std::size_t longest, auto&& write) {
    cells.append_written(count, count * longest, write);
  };
  if (std::holds_alternative<TextView>(values.front())) {
    cells.append_texts(count,
                       [&](std::size_t i) { return std::get_if<TextView>(&values[i])->text; });
  } else if (std::holds_alternative<bool>(values.front())) {
    cells.append_booleans(count, [&](std::size_t i) { return *std::get_if<bool>(&values[i]); });
  } else if (std::holds_alternative<std::int64_t>(values.front()) && !digits) {
    cells.append_integers(count,
                          [&](std::size_t i) { return *std::get_if<std::int64_t>(&values[i]); });
  } else if (std::holds_alternative<Decimal>(values.front())) {
    written(kLongestDecimal, [&](char* out, std::size_t i) {
      return write_decimal(out, *std::get_if<Decimal>(&values[i]));
    });
  } else if (std::holds_alternative<Date>(values.front())) {
    written(kLongestDate, [&](char* out, std::size_t i) {
      return write_date(out, std::get_if<Date>(&values[i])->days);
    });
  } else if (std::holds_alternative<Instant>(values.front())) {
    written(kLongestTimestamp, [&](char* out, std::size_t i) {
      return write_timestamp(out, std::get_if<Instant>(&values[i])->micros);
    });
  } else {
    return false;
  }
  return true;
}

/// `digits`: whole numbers are texts too.
void append_cell(BatchColumn& cells, const ScalarView& value, bool digits) {
  if (is_null(value)) return cells.append_null();
  if (const auto* boolean = std::get_if<bool>(&value)) return cells.append_boolean(*boolean);
  if (const auto* real = std::get_if<double>(&value)) return cells.append_real(*real);
  if (const auto* text = std::get_if<TextView>(&value)) return cells.append_text(text->text);
  if (const auto* bytes = std::get_if<BytesView>(&value)) return cells.append_bytes(bytes->data);
  if (const auto* integer = std::get_if<std::int64_t>(&value); integer != nullptr && !digits) {
    return cells.append_integer(*integer);
  }
  cells.append_written([&](std::string& out) { append_text(out, value); });
}

}  // namespace

void append_cells(BatchColumn& cells, ScalarColumn values, const Column& column) {
  const bool digits = column.type.type_class == TypeClass::decimal;
  if (values.empty()) return;
  const auto type = values.front().index();
  const bool alike = std::all_of(values.begin(), values.end(),
                                 [&](const ScalarView& value) { return value.index() == type; });
  if (alike && append_alike(cells, values, digits)) return;
  for (const auto& value : values) append_cell(cells, value, digits);
}

}  // namespace seedbed::detail
