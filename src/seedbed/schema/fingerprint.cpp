#include "seedbed/schema/fingerprint.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace seedbed {

namespace {

// Names may hold any character, so each is written with its length.
void add(std::string& text, std::string_view part) {
  text += fmt::format("{}:", part.size());
  text += part;
}

void add_all(std::string& text, const std::vector<std::string>& parts) {
  text += fmt::format("[{}]", parts.size());
  for (const auto& part : parts) add(text, part);
}

std::string describe(const Column& column) {
  std::string text = "column ";
  add(text, column.name);
  add(text, column.type.declared);
  add_all(text, column.type.labels);
  text += column.nullable ? " null" : " not-null";
  text += fmt::format(" g{} i{} ", static_cast<int>(column.generated),
                      static_cast<int>(column.identity));
  add(text, column.default_sql.value_or(""));
  return text + "\n";
}

std::vector<std::string> describe_keys(const Table& table) {
  std::vector<std::string> lines;
  for (const auto& key : table.unique_keys) {
    std::string line =
        fmt::format("unique p{} e{} n{} ", key.partial, key.expression, key.nulls_not_distinct);
    add_all(line, key.columns);
    // An index's own text names the index, which the fingerprint leaves out.
    lines.push_back(line + "\n");
  }
  for (const auto& key : table.foreign_keys) {
    std::string line = "foreign ";
    add_all(line, key.columns);
    add(line, key.parent.to_string());
    add_all(line, key.parent_columns);
    line += fmt::format(" d{} u{} f{}{}\n", to_string(key.on_delete), to_string(key.on_update),
                        key.deferrable, key.initially_deferred);
    lines.push_back(std::move(line));
  }
  for (const auto& check : table.checks) {
    std::string line = "check ";
    add(line, check.expression);
    lines.push_back(line + "\n");
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

Digest fingerprint(const Schema& schema) {
  Sha256 hash;
  hash.update("seedbed schema 1\n");
  for (const auto& table : schema.tables()) {
    std::string text = "table ";
    add(text, table.name.to_string());
    text += '\n';
    for (const auto& column : table.columns) text += describe(column);
    text += "primary ";
    add_all(text, table.primary_key);
    text += '\n';
    for (const auto& line : describe_keys(table)) text += line;
    hash.update(text);
  }
  return hash.finish();
}

}  // namespace seedbed
