#pragma once

#include "seedbed/factories/recipes/recipe.hpp"

namespace seedbed::detail {

// Whether two recipes, or parts of them, are stated in the same words. What a call overrides is not
// looked at.
[[nodiscard]] bool same_node(const Node* left, const Node* right);
[[nodiscard]] bool same_cell(const CellPlan& left, const CellPlan& right);
[[nodiscard]] bool same_relation(const RelationPlan& left, const RelationPlan& right);
[[nodiscard]] bool same_children(const ChildrenPlan& left, const ChildrenPlan& right);
[[nodiscard]] bool same_hook(const HookPlan& left, const HookPlan& right);
/// Of one table: every row of the one is the same row of the other.
[[nodiscard]] bool same_recipe(const Recipe& left, const Recipe& right);

}  // namespace seedbed::detail
