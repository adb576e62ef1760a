#include "seedbed/cleanup/changes_report.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {

using ChangesJson = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kChangeNames{"inserted", "updated", "deleted"};

std::string_view name_of(ChangeKind kind) {
  return kChangeNames.at(static_cast<std::size_t>(kind));
}

std::string describe_table(const TableChanges& changes) {
  std::string line = changes.table.to_string() + ':';
  const auto add = [&](std::uint64_t count, ChangeKind kind) {
    if (count == 0) return;
    std::vector<std::string> keys;
    for (const auto& row : changes.rows) {
      if (row.change == kind) keys.push_back(join(row.key, "/"));
    }
    line += fmt::format("{} {} {}", line.back() == ':' ? "" : ",", count, name_of(kind));
    if (!keys.empty()) line += fmt::format(" ({})", join(keys, ", "));
  };
  add(changes.inserted, ChangeKind::inserted);
  add(changes.updated, ChangeKind::updated);
  add(changes.deleted, ChangeKind::deleted);
  return line;
}

ChangesJson json_of(const TableChanges& changes) {
  ChangesJson json{{"table", changes.table.to_string()},
                   {"inserted", changes.inserted},
                   {"updated", changes.updated},
                   {"deleted", changes.deleted}};
  if (changes.rows.empty()) return json;
  json["key"] = changes.key_columns;
  for (const auto& row : changes.rows) {
    json["rows"].push_back({{"change", name_of(row.change)}, {"key", row.key}});
  }
  return json;
}

}  // namespace

Changes without_own_tables(Changes changes) {
  std::erase_if(changes.tables, [](const TableChanges& table) { return is_own_name(table.table); });
  return changes;
}

std::vector<std::string> describe(const Changes& changes) {
  std::vector<std::string> lines;
  for (const auto& table : changes.tables) lines.push_back(describe_table(table));
  if (!changes.counters.empty()) {
    lines.push_back("counters that moved: " + join(changes.counters, ", "));
  }
  for (const auto& obstacle : changes.obstacles) lines.push_back("cannot be undone: " + obstacle);
  for (const auto& change : changes.schema) lines.push_back("schema: " + change);
  return lines;
}

std::string to_json_text(const Changes& changes) {
  ChangesJson tables = ChangesJson::array();
  for (const auto& table : changes.tables) tables.push_back(json_of(table));
  const ChangesJson json{
      {"tables", tables},         {"counters", changes.counters}, {"obstacles", changes.obstacles},
      {"schema", changes.schema}, {"dropped", changes.dropped},   {"left", changes.left}};
  // Names and keys are the database's, in whatever encoding.
  return json.dump(-1, ' ', false, ChangesJson::error_handler_t::replace);
}

}  // namespace seedbed
