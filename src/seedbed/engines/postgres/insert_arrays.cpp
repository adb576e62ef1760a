#include "seedbed/engines/postgres/insert_arrays.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/postgres/cells.hpp"

namespace seedbed::postgres {

namespace {

// An array of arrays would be unrolled too, and the rest cannot be named without its length.
bool fits_array(TypeClass type) {
  switch (type) {
    case TypeClass::boolean:
    case TypeClass::integer:
    case TypeClass::decimal:
    case TypeClass::real:
    case TypeClass::text:
    case TypeClass::bytes:
    case TypeClass::date:
    case TypeClass::time:
    case TypeClass::timestamp:
    case TypeClass::timestamptz:
    case TypeClass::uuid:
    case TypeClass::json:
    case TypeClass::enumeration: return true;
    case TypeClass::interval:
    case TypeClass::set:
    case TypeClass::array:
    case TypeClass::bit:
    case TypeClass::year:
    case TypeClass::other: break;
  }
  return false;
}

/// The type without its length: a cast to that would cut a text where the column refuses it.
std::string element_type(const ColumnType& type) {
  auto name = type.declared;
  if (name.find('"') != std::string::npos) return name;  // of the user's own
  if (const auto open = name.find('('); open != std::string::npos) {
    name.erase(open, name.find(')', open) - open + 1);
  }
  return name == "character" ? "bpchar" : name;
}

void append_element(std::string& array, const Value& cell) {
  if (array.size() > 1) array += ',';
  if (cell.is_null()) {
    array += "NULL";
    return;
  }
  const bool text = cell.kind() == ValueKind::text || cell.kind() == ValueKind::bytes;
  if (!text) return append_text(array, cell);
  array += '"';
  std::string bytes;
  if (cell.kind() == ValueKind::bytes) append_text(bytes, cell);
  for (const char c : cell.kind() == ValueKind::text ? cell.text() : bytes) {
    if (c == '"' || c == '\\') array += '\\';
    array += c;
  }
  array += '"';
}

std::string array_of(std::span<const Row> rows, std::size_t column) {
  std::string array = "{";
  array.reserve(rows.size() * 16);
  for (const auto& row : rows) append_element(array, row[column]);
  array += '}';
  return array;
}

}  // namespace

bool fits_arrays(const RowInsert& insert) {
  return std::all_of(insert.columns.begin(), insert.columns.end(), [&](std::size_t column) {
    return fits_array(insert.table.columns[column].type.type_class);
  });
}

BoundStatement insert_arrays(const Engine& engine, const RowInsert& insert,
                             std::span<const Row> rows) {
  std::vector<std::string> names;
  std::vector<std::string> arrays;
  BoundStatement statement;
  for (std::size_t i = 0; i < insert.columns.size(); ++i) {
    const auto& column = insert.table.columns[insert.columns[i]];
    names.push_back(engine.quote(column.name));
    arrays.push_back(fmt::format("${}::{}[]", i + 1, element_type(column.type)));
    statement.arguments.emplace_back(array_of(rows, i));
  }
  const auto overriding = engine.overriding_clause(insert.table);
  statement.sql = fmt::format("INSERT INTO {} ({}){} SELECT * FROM unnest({})",
                              engine.quote(insert.table.name), join(names, ", "),
                              overriding.empty() ? "" : " " + overriding, join(arrays, ", "));
  std::vector<std::string> read;
  for (const auto column : insert.returning) {
    read.push_back(engine.read_expression(insert.table.columns[column]));
  }
  if (!read.empty()) statement.sql += " RETURNING " + join(read, ", ");
  return statement;
}

}  // namespace seedbed::postgres
