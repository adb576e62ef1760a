#include "seedbed/schema/schema.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {

constexpr std::array<std::string_view, 19> kTypeClasses{
    "boolean", "integer",   "decimal",     "real",     "text", "bytes", "date",
    "time",    "timestamp", "timestamptz", "interval", "uuid", "json",  "enum",
    "set",     "array",     "bit",         "year",     "other"};

constexpr std::array<std::string_view, 5> kActions{"NO ACTION", "RESTRICT", "CASCADE", "SET NULL",
                                                   "SET DEFAULT"};

[[noreturn]] void throw_no_table(const std::string& name, const Schema& schema) {
  const auto names = schema.table_names();
  throw Error{ErrorCode::not_found,
              fmt::format("there is no table '{}'{}", name, did_you_mean(name, names))};
}

}  // namespace

std::string TableName::to_string() const {
  return schema.empty() ? name : schema + "." + name;
}

std::string_view to_string(TypeClass type_class) noexcept {
  return kTypeClasses[static_cast<std::size_t>(type_class)];
}

std::string_view to_string(ReferentialAction action) noexcept {
  return kActions[static_cast<std::size_t>(action)];
}

const Column* Table::find_column(std::string_view column) const noexcept {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& c) { return c.name == column; });
  return found == columns.end() ? nullptr : &*found;
}

const Column& Table::column(std::string_view column) const {
  if (const auto* found = find_column(column)) return *found;
  throw Error{ErrorCode::not_found, fmt::format("table '{}' has no column '{}'{}", name.to_string(),
                                                column, did_you_mean(column, column_names()))};
}

std::size_t Table::column_index(std::string_view column) const {
  return static_cast<std::size_t>(&this->column(column) - columns.data());
}

std::vector<std::string> Table::column_names() const {
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column.name);
  return names;
}

std::vector<std::string> Table::stored_columns() const {
  std::vector<std::string> names;
  for (const auto& column : columns) {
    if (column.generated == Generated::no) names.push_back(column.name);
  }
  return names;
}

Schema::Schema(std::vector<Table> tables, std::vector<TableName> views,
               std::vector<Sequence> sequences)
    : tables_{std::move(tables)}, views_{std::move(views)}, sequences_{std::move(sequences)} {
  std::erase_if(tables_, [](const Table& table) { return is_own_name(table.name); });
  std::erase_if(views_, is_own_name);
  std::erase_if(sequences_, [](const Sequence& s) {
    return is_own_name(s.name) || (s.owner && is_own_name(*s.owner));
  });
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  std::sort(tables_.begin(), tables_.end(), by_name);
  std::sort(views_.begin(), views_.end());
  std::sort(sequences_.begin(), sequences_.end(), by_name);
}

const Table* Schema::find(const TableName& name) const noexcept {
  const auto found =
      std::lower_bound(tables_.begin(), tables_.end(), name,
                       [](const Table& t, const TableName& n) { return t.name < n; });
  return found != tables_.end() && found->name == name ? &*found : nullptr;
}

const Table* Schema::find(std::string_view name) const noexcept {
  const Table* elsewhere = nullptr;
  int matches = 0;
  for (const auto& table : tables_) {
    if (table.name.schema.empty() && table.name.name == name) return &table;
    const bool qualified = table.name.schema.size() + 1 + table.name.name.size() == name.size() &&
                           name.starts_with(table.name.schema) && name.ends_with(table.name.name) &&
                           name[table.name.schema.size()] == '.';
    if (qualified && !table.name.schema.empty()) return &table;
    if (table.name.name == name) {
      elsewhere = &table;
      ++matches;
    }
  }
  return matches == 1 ? elsewhere : nullptr;
}

const Table& Schema::at(const TableName& name) const {
  if (const auto* found = find(name)) return *found;
  throw_no_table(name.to_string(), *this);
}

const Table& Schema::at(std::string_view name) const {
  if (const auto* found = find(name)) return *found;
  throw_no_table(std::string{name}, *this);
}

std::vector<std::string> Schema::table_names() const {
  std::vector<std::string> names;
  for (const auto& table : tables_) names.push_back(table.name.to_string());
  return names;
}

bool is_own_name(const TableName& name) noexcept {
  return name.name.starts_with("seedbed_") || name.schema.starts_with("seedbed");
}

}  // namespace seedbed
