#include "seedbed/snapshots/drift.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/schema/fingerprint.hpp"

namespace seedbed::detail {

namespace {

const StoredColumn* find_column(const StoredTable& table, std::string_view name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const auto& column) { return column.name == name; });
  return found == table.columns.end() ? nullptr : &*found;
}

void compare_column(std::vector<std::string>& drift, const std::string& table,
                    const StoredColumn& stored, const Column& live) {
  if (stored.type != live.type.declared) {
    drift.push_back(
        fmt::format("column '{}' of table '{}' is {} in the database, {} in the snapshot",
                    live.name, table, live.type.declared, stored.type));
  }
  if (stored.nullable != live.nullable) {
    drift.push_back(
        fmt::format("column '{}' of table '{}' {} NULL in the database, unlike in the snapshot",
                    live.name, table, live.nullable ? "allows" : "refuses"));
  }
}

void compare_table(std::vector<std::string>& drift, const StoredTable& stored, const Table& live) {
  if (fingerprint(Schema{{live}}) == stored.fingerprint) return;
  const std::string name = live.name.to_string();
  const std::size_t before = drift.size();
  for (const auto& column : stored.columns) {
    const Column* found = live.find_column(column.name);
    if (found == nullptr) {
      drift.push_back(
          fmt::format("table '{}' has no column '{}' in the database", name, column.name));
    } else {
      compare_column(drift, name, column, *found);
    }
  }
  for (const auto& column : live.columns) {
    if (find_column(stored, column.name) != nullptr) continue;
    drift.push_back(
        fmt::format("column '{}' of table '{}' is not in the snapshot", column.name, name));
  }
  if (drift.size() == before) {
    drift.push_back(fmt::format(
        "table '{}' differs in its keys, checks, defaults, or the order of its columns", name));
  }
}

}  // namespace

std::vector<std::string> find_drift(const SnapshotConfig& config, const Schema& schema) {
  std::vector<std::string> drift;
  if (fingerprint(schema) == config.schema_fingerprint) return drift;
  for (const auto& stored : config.tables) {
    const Table* live = schema.find(stored.name);
    if (live == nullptr) {
      drift.push_back(fmt::format("table '{}' is not in the database", stored.name.to_string()));
    } else {
      compare_table(drift, stored, *live);
    }
  }
  for (const auto& live : schema.tables()) {
    const bool known = std::any_of(config.tables.begin(), config.tables.end(),
                                   [&](const auto& stored) { return stored.name == live.name; });
    if (!known)
      drift.push_back(fmt::format("table '{}' is not in the snapshot", live.name.to_string()));
  }
  if (drift.empty()) drift.emplace_back("the schemas differ");
  return drift;
}

}  // namespace seedbed::detail
