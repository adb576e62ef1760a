#include "seedbed/snapshots/row_lines.hpp"

#include <algorithm>
#include <compare>
#include <numeric>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/schema/cell_encoding.hpp"
#include "seedbed/schema/mixed_cell.hpp"

namespace seedbed::detail {

namespace {

// The places of `names` among the layout's columns; empty when one is not there (a computed one).
std::vector<std::size_t> places_of(const RowLayout& layout, const std::vector<std::string>& names) {
  std::vector<std::size_t> places;
  for (const auto& name : names) {
    const auto found = std::find_if(layout.columns.begin(), layout.columns.end(),
                                    [&](const Column* column) { return column->name == name; });
    if (found == layout.columns.end()) return {};
    places.push_back(static_cast<std::size_t>(found - layout.columns.begin()));
  }
  return places;
}

bool is_row_key(const RowLayout& layout, const UniqueKey& key) {
  if (!key.plain()) return false;
  const auto places = places_of(layout, key.columns);
  return !places.empty() && std::none_of(places.begin(), places.end(), [&](std::size_t place) {
    return layout.columns[place]->nullable;
  });
}

// Decimal digits of any length, with a sign.
std::strong_ordering compare_integers(std::string_view left, std::string_view right) {
  const bool negative = left.starts_with('-');
  if (negative != right.starts_with('-')) {
    return negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  if (negative) return compare_integers(right.substr(1), left.substr(1));
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left <=> right;
}

std::strong_ordering compare_cells(std::string_view left, std::string_view right, bool integers) {
  if (left == right) return std::strong_ordering::equal;
  if (left == kNullCell) return std::strong_ordering::less;
  if (right == kNullCell) return std::strong_ordering::greater;
  if (integers) return compare_integers(left, right);
  const auto escaped = [](std::string_view cell) {
    return cell.find('\\') != std::string_view::npos;
  };
  if (!escaped(left) && !escaped(right)) return left <=> right;
  return unescaped(left) <=> unescaped(right);
}

void append_any_cell(std::string& text, const RowLayout& layout, std::size_t column,
                     const BatchColumn& cells, std::size_t row) {
  if (layout.mixed[column]) {
    append_mixed_cell(text, cells, row);
  } else {
    append_cell(text, cells, row, layout.columns[column]->type);
  }
}

}  // namespace

std::vector<std::string> RowLayout::names() const {
  std::vector<std::string> names;
  for (const auto* column : columns) names.push_back(column->name);
  return names;
}

std::vector<DataColumn> RowLayout::described() const {
  std::vector<DataColumn> result;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    result.push_back({columns[i]->name, columns[i]->type.type_class, mixed[i]});
  }
  return result;
}

RowLayout layout_of(const Table& table) {
  RowLayout layout{.table = &table};
  for (const auto& column : table.columns) {
    if (column.generated == Generated::no) layout.columns.push_back(&column);
  }
  layout.mixed.resize(layout.columns.size());
  layout.order = places_of(layout, table.primary_key);
  for (const auto& key : table.unique_keys) {
    if (!layout.order.empty()) break;
    if (is_row_key(layout, key)) layout.order = places_of(layout, key.columns);
  }
  layout.keyed = !layout.order.empty();
  if (!layout.keyed) {
    layout.order.resize(layout.columns.size());
    std::iota(layout.order.begin(), layout.order.end(), std::size_t{0});
  }
  return layout;
}

std::string_view RowLine::cell(std::size_t index) const {
  const std::size_t start = index == 0 ? 0 : ends[index - 1] + 1;
  return std::string_view{text}.substr(start, ends[index] - start);
}

void encode_row(RowLine& line, const RowLayout& layout, const ColumnBatch& batch, std::size_t row) {
  line.text.clear();
  line.ends.clear();
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    if (i > 0) line.text += '\t';
    try {
      append_any_cell(line.text, layout, i, batch.column(i), row);
    } catch (Error& error) {
      error.add_context(fmt::format("table '{}', column '{}'", layout.table->name.to_string(),
                                    layout.columns[i]->name));
      throw;
    }
    line.ends.push_back(line.text.size());
  }
  line.text += '\n';
}

RowLine split_line(std::string text) {
  RowLine line{.text = std::move(text)};
  for (std::size_t i = 0; i < line.text.size(); ++i) {
    if (line.text[i] == '\t' || line.text[i] == '\n') line.ends.push_back(i);
  }
  return line;
}

std::strong_ordering compare_lines(const RowLine& left, const RowLine& right,
                                   const RowLayout& layout) {
  for (const std::size_t i : layout.order) {
    const bool integers =
        layout.columns[i]->type.type_class == TypeClass::integer && !layout.mixed[i];
    const auto result = compare_cells(left.cell(i), right.cell(i), integers);
    if (std::is_neq(result)) return result;
  }
  return left.text <=> right.text;
}

std::size_t find_misfit(const RowLayout& layout, const ColumnBatch& batch) {
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    if (layout.mixed[i]) continue;
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      if (!fits_type(batch.column(i), row, layout.columns[i]->type)) return i;
    }
  }
  return layout.columns.size();
}

void append_logical_line(std::string& out, const RowLine& line, const RowLayout& layout) {
  bool first = true;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const ColumnType& type = layout.columns[i]->type;
    if (type.type_class == TypeClass::other) continue;
    if (!first) out += '\t';
    first = false;
    const bool neutral = layout.mixed[i] ? append_logical_mixed_cell(out, line.cell(i), type)
                                         : append_logical_cell(out, line.cell(i), type);
    static_cast<void>(neutral);
  }
  out += '\n';
}

}  // namespace seedbed::detail
