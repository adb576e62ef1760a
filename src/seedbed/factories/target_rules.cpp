#include "seedbed/factories/target_rules.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/relations.hpp"

namespace seedbed::detail {

namespace {

/// Whether all rows that are made together have the same row above by this target.
bool is_shared(const Block& block, const Target& target) {
  switch (target.kind) {
    case TargetKind::existing: return true;
    case TargetKind::ancestor: return block.is_children();
    case TargetKind::block:
      return target.spread == Spread::single ||
             (target.spread == Spread::per_graph && block.is_children());
    case TargetKind::none:
    case TargetKind::pool:
    case TargetKind::implied:
    case TargetKind::earlier: break;
  }
  return false;
}

/// Whether the column has one value in all rows that are made together.
bool is_shared(const Block& block, const std::string& column) {
  const auto& recipe = *block.recipe;
  const auto& plan = recipe.columns[recipe.table().column_index(column)];
  if (plan.source == ColumnSource::relation) {
    return is_shared(block, block.targets[plan.index]);
  }
  if (plan.source != ColumnSource::cell) return false;
  const auto& candidates = recipe.cells[plan.index].candidates;
  return candidates.size() == 1 && candidates.front().value.literal_value() != nullptr;
}

bool repeats(const SelfShape& shape) {
  return shape.shape == Shape::random || (shape.shape == Shape::tree && shape.fanout > 1);
}

}  // namespace

void require_fitting_shapes(const Block& block) {
  const auto& recipe = *block.recipe;
  for (std::size_t i = 0; i < recipe.relations.size(); ++i) {
    if (block.targets[i].kind != TargetKind::earlier) continue;
    const auto& relation = recipe.relations[i];
    const auto refuse = [&](const std::string& reason) {
      throw Error{
          ErrorCode::invalid_input,
          fmt::format("factory '{}': relation '{}': {}", recipe.model->name, relation.name, reason),
          {.where = relation.where}};
    };
    for (const auto& column : relation.key->columns) {
      const auto& plan = recipe.columns[recipe.table().column_index(column)];
      const bool own = plan.source == ColumnSource::relation && plan.index == i;
      if (own || is_shared(block, column)) continue;
      refuse(
          fmt::format("rows of a shape need one '{0}' for all; give it, or make the rows below "
                      "the row that '{0}' leads to ('per' or 'has')",
                      column));
    }
    if (relation.key->columns.size() == 1 && repeats(*relation.shape) &&
        is_unique(recipe.table(), relation.key->columns.front())) {
      refuse("its key is unique, so that only 'shape: chain' fits");
    }
  }
}

}  // namespace seedbed::detail
