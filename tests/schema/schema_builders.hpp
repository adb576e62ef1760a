#pragma once

#include <string>
#include <utility>
#include <vector>

#include "seedbed/schema/schema.hpp"

namespace seedbed::testing {

/// A foreign key column, and the table it refers to by its column id.
struct KeyTo {
  std::string column{};
  std::string parent{};
  bool nullable = false;
};

/// A table with an integer primary key id and these foreign keys.
inline Table table_with(std::string name, const std::vector<KeyTo>& keys = {}) {
  Table table;
  table.name.name = std::move(name);
  table.columns.push_back(
      {.name = "id", .type = {.type_class = TypeClass::integer}, .nullable = false});
  table.primary_key = {"id"};
  for (const auto& key : keys) {
    table.columns.push_back(
        {.name = key.column, .type = {.type_class = TypeClass::integer}, .nullable = key.nullable});
    table.foreign_keys.push_back({.name = {},
                                  .columns = {key.column},
                                  .parent = {"", key.parent},
                                  .parent_columns = {"id"}});
  }
  return table;
}

}  // namespace seedbed::testing
