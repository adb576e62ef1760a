#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/postgres/postgres_connection.hpp"

namespace seedbed::postgres {

namespace {

bool is_limited(const ColumnType& type) {
  if (type.type_class == TypeClass::text) return type.length.has_value() && !type.fixed;
  return type.type_class == TypeClass::decimal && type.scale.has_value();
}

// varchar(n) cuts what is too long when the rest is blanks; any other rest is the server's error.
bool loses_blanks(std::string_view text, int length) {
  const auto limit = static_cast<std::size_t>(std::max(length, 0));
  return text.size() > limit && text.ends_with(' ') && count_code_points(text) > limit;
}

// Digits beyond the scale that are not zero would be rounded away. Exponents are left to the
// server.
bool loses_digits(std::string_view text, int scale) {
  const auto point = text.find('.');
  if (point == std::string_view::npos || text.find_first_of("eE") != std::string_view::npos) {
    return false;
  }
  const auto fraction = text.substr(point + 1);
  const auto kept = static_cast<std::size_t>(std::max(scale, 0));
  return fraction.size() > kept &&
         fraction.substr(kept).find_first_not_of('0') != std::string_view::npos;
}

bool would_change(const ColumnType& type, std::string_view text) {
  return type.type_class == TypeClass::text ? loses_blanks(text, type.length.value_or(0))
                                            : loses_digits(text, type.scale.value_or(0));
}

}  // namespace

std::string column_list(const Engine& engine, const std::vector<std::string>& columns) {
  std::vector<std::string> quoted;
  quoted.reserve(columns.size());
  for (const auto& column : columns) quoted.push_back(engine.quote(column));
  return join(quoted, ", ");
}

SilentChangeCheck::SilentChangeCheck(const BulkTarget& target)
    : table_{target.table.name.to_string()} {
  for (std::size_t i = 0; i < target.columns.size(); ++i) {
    const Column& column = target.table.column(target.columns[i]);
    if (is_limited(column.type)) limits_.push_back({i, &column});
  }
}

void SilentChangeCheck::check(const ColumnBatch& batch) const {
  for (const auto& [index, column] : limits_) {
    const BatchColumn& cells = batch.column(index);
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (cells.kind(row) != ValueKind::text) continue;
      if (!would_change(column->type, cells.text(row))) continue;
      throw Error{ErrorCode::constraint_violation,
                  fmt::format("a value for '{}.{}' does not fit {} and would be cut", table_,
                              column->name, column->type.declared),
                  {.engine = "postgres"}};
    }
  }
}

}  // namespace seedbed::postgres
