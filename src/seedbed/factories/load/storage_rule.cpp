#include "seedbed/factories/load/storage_rule.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/rows/fitting.hpp"

namespace seedbed::detail {

namespace {

constexpr double kFullPages = 0.94;
constexpr double kSplitPages = 0.7;
constexpr std::size_t kBytesUnknown = 8;  // of a value that the database makes

double rounded_up(double bytes) {
  return std::ceil(bytes / 8) * 8;
}

bool holds_text(ValueKind kind) {
  return kind == ValueKind::text || kind == ValueKind::bytes;
}

/// Where each value takes the room that it needs.
std::size_t free_size(const BatchColumn& cells, std::size_t row, const ColumnType& type) {
  const auto kind = cells.kind(row);
  if (kind == ValueKind::null || kind == ValueKind::boolean) return 0;
  if (kind == ValueKind::real || type.type_class == TypeClass::decimal) return 8;
  if (holds_text(kind)) return cells.text(row).size();
  const auto number = cells.integer(row);
  std::size_t bytes = 1;
  while (bytes < 8 && (number >> (8 * bytes - 1)) != (number >> 63)) ++bytes;
  return bytes;
}

/// Where the column's type says it.
std::size_t typed_size(const BatchColumn& cells, std::size_t row, const ColumnType& type) {
  if (cells.is_null(row)) return 0;
  const auto text = holds_text(cells.kind(row)) ? cells.text(row).size() : 0;
  switch (type.type_class) {
    case TypeClass::boolean:
    case TypeClass::year: return 1;
    case TypeClass::integer: return static_cast<std::size_t>(integer_bits(type)) / 8;
    case TypeClass::decimal: return text / 2 + 3;
    case TypeClass::real: return type.length == 4 ? 4 : 8;
    case TypeClass::date:
    case TypeClass::enumeration: return 4;
    case TypeClass::time:
    case TypeClass::timestamp:
    case TypeClass::timestamptz:
    case TypeClass::set: return 8;
    case TypeClass::uuid:
    case TypeClass::interval: return 16;
    case TypeClass::bit: return static_cast<std::size_t>(type.length.value_or(1) + 7) / 8 + 1;
    case TypeClass::text:
    case TypeClass::bytes:
    case TypeClass::json:
    case TypeClass::array:
    case TypeClass::other: break;
  }
  return text + (text < 127 ? 1 : 4);
}

/// Whether rows come in the order of the key.
bool is_counted(const Table& table, const std::vector<std::string>& key) {
  const auto* counted = counted_column(table);
  return counted != nullptr && key.front() == counted->name;
}

double sum_of(const Table& table, const std::vector<std::string>& columns,
              const std::vector<double>& bytes) {
  double sum = 0;
  for (const auto& name : columns) sum += bytes[table.column_index(name)];
  return sum;
}

}  // namespace

StorageRule::StorageRule(const Engine& engine, const Capabilities& capabilities)
    : typed_{!engine.mixes_kinds()}, clustered_{capabilities.clustered_rows} {}

std::vector<double> StorageRule::value_bytes(const SampledRows& sample) const {
  const auto& columns = sample.table.columns;
  std::vector<double> bytes;
  for (const auto& column : columns) {
    const bool made = column.made_by_database() && column.generated != Generated::virtual_;
    bytes.push_back(made ? kBytesUnknown : 0);
  }
  for (std::size_t i = 0; i < sample.columns.size(); ++i) {
    const auto& cells = sample.rows.column(i);
    const auto& type = columns[sample.columns[i]].type;
    std::size_t all = 0;
    for (std::size_t row = 0; row < cells.size(); ++row) {
      all += typed_ ? typed_size(cells, row, type) : free_size(cells, row, type);
    }
    bytes[sample.columns[i]] = static_cast<double>(all) / static_cast<double>(cells.size());
  }
  return bytes;
}

double StorageRule::row_bytes(const SampledRows& sample) const {
  if (sample.rows.row_count() == 0) return 0;
  double bytes = 0;
  for (const auto column : value_bytes(sample)) bytes += column;
  if (!typed_) {
    bytes += 7 + static_cast<double>(sample.table.columns.size());
    // The key of such a row is its number.
    if (is_counted(sample.table, sample.table.primary_key)) bytes -= 3;
  } else {
    bytes = clustered_ ? bytes + 20 : rounded_up(bytes + 28);
  }
  return bytes / kFullPages;
}

std::vector<std::vector<std::string>> StorageRule::indexes(const Table& table) const {
  std::vector<std::vector<std::string>> indexes;
  const auto& primary = table.primary_key;
  const bool in_rows = clustered_ && (typed_ || is_counted(table, primary));
  if (!primary.empty() && !in_rows) indexes.push_back(primary);
  for (const auto& unique : table.unique_keys) {
    if (unique.plain()) indexes.push_back(unique.columns);
  }
  if (!typed_ || !clustered_) return indexes;
  for (const auto& key : table.foreign_keys) {
    const auto leads = [&](const std::vector<std::string>& index) {
      return index.size() >= key.columns.size() &&
             std::equal(key.columns.begin(), key.columns.end(), index.begin());
    };
    const bool known = leads(primary) || std::any_of(indexes.begin(), indexes.end(), leads);
    if (!known) indexes.push_back(key.columns);
  }
  return indexes;
}

double StorageRule::index_bytes(const SampledRows& sample) const {
  if (sample.rows.row_count() == 0) return 0;
  const auto& table = sample.table;
  const auto values = value_bytes(sample);
  double bytes = 0;
  for (const auto& index : indexes(table)) {
    auto entry = sum_of(table, index, values);
    if (!typed_) {
      entry += 6 + static_cast<double>(index.size());
    } else {
      entry = clustered_ ? entry + 7 + sum_of(table, table.primary_key, values)
                         : rounded_up(entry) + 12;
    }
    bytes += entry / (is_counted(table, index) ? kFullPages : kSplitPages);
  }
  return bytes;
}

}  // namespace seedbed::detail
