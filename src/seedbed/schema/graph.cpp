#include "seedbed/schema/graph.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace seedbed {

namespace {

using Edges = std::map<TableName, std::set<TableName>>;  // child -> parents

bool is_nullable(const Table& table, const ForeignKey& key) {
  return std::any_of(key.columns.begin(), key.columns.end(), [&](const std::string& name) {
    const auto* column = table.find_column(name);
    return column != nullptr && column->nullable;
  });
}

Edges parent_edges(const Schema& schema) {
  Edges edges;
  for (const auto& table : schema.tables()) {
    auto& parents = edges[table.name];
    for (const auto& key : table.foreign_keys) {
      if (key.parent != table.name && schema.find(key.parent) != nullptr)
        parents.insert(key.parent);
    }
  }
  return edges;
}

std::set<TableName> reachable(const Edges& edges, const TableName& from) {
  std::set<TableName> seen;
  std::vector<TableName> open{from};
  while (!open.empty()) {
    const TableName at = open.back();
    open.pop_back();
    for (const auto& parent : edges.at(at)) {
      if (seen.insert(parent).second) open.push_back(parent);
    }
  }
  return seen;
}

std::vector<std::vector<TableName>> find_cycles(const Edges& edges) {
  std::map<TableName, std::set<TableName>> reach;
  for (const auto& [table, parents] : edges) reach[table] = reachable(edges, table);
  std::vector<std::vector<TableName>> cycles;
  std::set<TableName> placed;
  for (const auto& [table, ancestors] : reach) {
    if (!ancestors.contains(table) || placed.contains(table)) continue;
    std::vector<TableName> group;
    for (const auto& other : ancestors) {
      if (reach[other].contains(table)) group.push_back(other);
    }
    placed.insert(group.begin(), group.end());
    cycles.push_back(std::move(group));
  }
  return cycles;
}

// The table to take next from what is left when every table still waits for a parent: one of a
// cycle whose open keys are all nullable if there is one, else the one with the fewest NOT NULL
// keys.
TableName breaking_point(const Schema& schema, const Edges& open) {
  const auto not_null_keys = [&](const TableName& name) {
    const Table& table = schema.at(name);
    return std::count_if(table.foreign_keys.begin(), table.foreign_keys.end(),
                         [&](const auto& key) {
                           return open.at(name).contains(key.parent) && !is_nullable(table, key);
                         });
  };
  const TableName* best = nullptr;
  std::ptrdiff_t fewest = 0;
  for (const auto& [name, parents] : open) {
    if (!reachable(open, name).contains(name)) continue;
    const auto count = not_null_keys(name);
    if (best == nullptr || count < fewest) {
      best = &name;
      fewest = count;
    }
  }
  return best != nullptr ? *best : open.begin()->first;
}

/// Notes the keys of `table` that lead to tables which come after it.
void add_late_keys(const Table& table, const std::set<TableName>& open_parents,
                   InsertOrder& order) {
  for (const auto& key : table.foreign_keys) {
    if (!open_parents.contains(key.parent)) continue;
    order.late.push_back({table.name, key, is_nullable(table, key)});
  }
}

}  // namespace

InsertOrder insert_order(const Schema& schema) {
  Edges open = parent_edges(schema);
  InsertOrder order;
  order.cycles = find_cycles(open);
  while (!open.empty()) {
    auto ready = std::find_if(open.begin(), open.end(),
                              [](const auto& entry) { return entry.second.empty(); });
    if (ready == open.end()) ready = open.find(breaking_point(schema, open));
    const TableName name = ready->first;
    add_late_keys(schema.at(name), ready->second, order);
    open.erase(ready);
    for (auto& [child, parents] : open) parents.erase(name);
    order.tables.push_back(name);
  }
  return order;
}

std::vector<TableName> children_of(const Schema& schema, const TableName& parent) {
  std::vector<TableName> children;
  for (const auto& table : schema.tables()) {
    const bool refers = std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                                    [&](const ForeignKey& key) { return key.parent == parent; });
    if (refers && table.name != parent) children.push_back(table.name);
  }
  return children;
}

}  // namespace seedbed
