#include "seedbed/factories/recipes/relation_notes.hpp"

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/recipes/relations.hpp"

namespace seedbed::detail {

namespace {

std::string key_text(const Recipe& recipe, const RelationPlan& relation) {
  return fmt::format("{}.{}", recipe.table().name.to_string(), join(relation.key->columns, ", "));
}

std::string_view each(Spread spread) {
  switch (spread) {
    case Spread::per_row: return "one for each row";
    case Spread::per_graph: return "one for each graph";
    case Spread::single: return "one for all rows";
  }
  return "";
}

std::string pool_text(const Target& target, const RelationPlan& relation) {
  const std::string_view how =
      target.distinct == Distinct::no ? "picked" : "picked without repetition";
  return fmt::format("{} by the row number from {} rows of '{}'", how, target.pool.size(),
                     relation.factory);
}

}  // namespace

std::string reason_of(const Recipe& recipe, const RelationPlan& relation) {
  const auto key = key_text(recipe, relation);
  switch (relation.use) {
    case RelationUse::none: return fmt::format("nothing asks for a row above by {}", key);
    case RelationUse::link: return fmt::format("{} leads to the row that it is a child of", key);
    case RelationUse::existing: return fmt::format("the call gives the row for {}", key);
    case RelationUse::implied:
      return fmt::format("{} follows the wider key of relation '{}'", key,
                         recipe.relations[relation.wider].name);
    case RelationUse::earlier: return fmt::format("'shape' leads {} to an earlier row", key);
    case RelationUse::needed: break;
  }
  if (relation.stated) return fmt::format("the call states values of the row for {}", key);
  if (required(recipe.table(), *relation.key)) return fmt::format("{} may not be NULL", key);
  return fmt::format("'refs' asks for a row for {}", key);
}

std::string target_of(const Block& block, std::size_t relation) {
  const auto& target = block.targets[relation];
  const auto& plan = block.recipe->relations[relation];
  switch (target.kind) {
    case TargetKind::none: return "none: NULL";
    case TargetKind::existing:
      return fmt::format("a row of '{}' that is there", plan.key->parent.to_string());
    case TargetKind::implied: return "the row that the wider key leads to";
    case TargetKind::earlier: return "a row that is made before it";
    case TargetKind::ancestor:
      return fmt::format("the row of '{}' above", target.block->recipe->model->name);
    case TargetKind::pool: return pool_text(target, plan);
    case TargetKind::block: break;
  }
  const bool made = target.block->owner == &block && target.block->relation == relation;
  return fmt::format("{} row of '{}', {}", made ? "a new" : "the graph's",
                     target.block->recipe->model->name, each(target.spread));
}

}  // namespace seedbed::detail
