#include "seedbed/factories/insight/recipe_compare.hpp"

#include <algorithm>

namespace seedbed::detail {

namespace {

template <typename Items, typename Same>
bool all_same(const Items& left, const Items& right, const Same& same) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), same);
}

bool same_column(const Recipe& left, const Recipe& right, std::size_t column) {
  const auto& mine = left.columns[column];
  const auto& theirs = right.columns[column];
  if (mine.source != theirs.source) return false;
  switch (mine.source) {
    case ColumnSource::cell: return same_cell(left.cells[mine.index], right.cells[theirs.index]);
    case ColumnSource::relation: return mine.index == theirs.index && mine.member == theirs.member;
    case ColumnSource::database:
    case ColumnSource::null: break;
  }
  return true;
}

std::vector<const CellPlan*> params_of(const Recipe& recipe) {
  std::vector<const CellPlan*> params;
  for (const auto& cell : recipe.cells) {
    if (cell.column == nullptr) params.push_back(&cell);
  }
  return params;
}

}  // namespace

bool same_node(const Node* left, const Node* right) {
  if (left == right) return true;
  if (left == nullptr || right == nullptr || left->kind != right->kind) return false;
  if (left->kind == NodeKind::scalar) {
    return left->text == right->text && left->quoted == right->quoted;
  }
  const bool same_entries =
      all_same(left->entries, right->entries, [](const auto& mine, const auto& theirs) {
        return mine.first.text == theirs.first.text && same_node(&mine.second, &theirs.second);
      });
  return same_entries &&
         all_same(left->items, right->items,
                  [](const auto& mine, const auto& theirs) { return same_node(&mine, &theirs); });
}

bool same_cell(const CellPlan& left, const CellPlan& right) {
  return left.key == right.key && left.name == right.name &&
         all_same(left.candidates, right.candidates, [](const auto& mine, const auto& theirs) {
           return same_node(mine.node, theirs.node) &&
                  same_node(mine.condition_node, theirs.condition_node);
         });
}

bool same_relation(const RelationPlan& left, const RelationPlan& right) {
  return left.name == right.name && left.use == right.use && left.factory == right.factory &&
         left.share == right.share && left.arguments.traits == right.arguments.traits;
}

bool same_children(const ChildrenPlan& left, const ChildrenPlan& right) {
  return left.name == right.name && left.model.factory == right.model.factory &&
         left.model.link == right.model.link && left.traits == right.traits &&
         same_node(left.count_node, right.count_node);
}

bool same_hook(const HookPlan& left, const HookPlan& right) {
  if (left.definition == right.definition) return true;
  const bool function = left.definition->call || right.definition->call;
  return !function && left.definition->sql == right.definition->sql &&
         left.definition->bulk == right.definition->bulk;
}

bool same_recipe(const Recipe& left, const Recipe& right) {
  if (left.columns.size() != right.columns.size()) return false;
  if (left.model->locale != right.model->locale) return false;
  for (std::size_t column = 0; column < left.columns.size(); ++column) {
    if (!same_column(left, right, column)) return false;
  }
  return all_same(params_of(left), params_of(right),
                  [](const auto* mine, const auto* theirs) { return same_cell(*mine, *theirs); }) &&
         all_same(left.relations, right.relations, same_relation) &&
         all_same(left.children, right.children, same_children) &&
         all_same(left.hooks, right.hooks, same_hook);
}

}  // namespace seedbed::detail
