#include "seedbed/factories/plan/target_rules.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/recipes/relations.hpp"

namespace seedbed::detail {

namespace {

/// The columns by which the rows of a recipe hang on their parent.
std::vector<std::string> link_columns(const Recipe& recipe) {
  for (const auto& relation : recipe.relations) {
    if (relation.use == RelationUse::link) return relation.key->columns;
  }
  return {};
}

bool subset(const std::vector<std::string>& inner, const std::vector<std::string>& outer) {
  return std::all_of(inner.begin(), inner.end(), [&](const auto& name) {
    return std::find(outer.begin(), outer.end(), name) != outer.end();
  });
}

/// How many siblings a block's rows have at most, whichever block those are in.
std::uint64_t made_together(const Block& block) {
  return block.is_children() && block.starts.empty() ? block.stride : most_siblings(block);
}

/// Whether the column is known to have one value in all rows that are made together.
bool is_shared(const Block& block, const ColumnPlan& plan) {
  const auto& recipe = *block.recipe;
  if (plan.source == ColumnSource::relation) {
    return plan.index < block.targets.size() && is_shared(block, block.targets[plan.index]);
  }
  if (plan.source != ColumnSource::cell) return false;
  const auto& candidates = recipe.cells[plan.index].candidates;
  return candidates.size() == 1 && candidates.front().value.literal_value() != nullptr;
}

bool repeats(const SelfShape& shape) {
  return shape.shape == Shape::random || (shape.shape == Shape::tree && shape.fanout > 1);
}

bool same_list(const Block& left, const Block& right) {
  return !left.siblings().empty() && left.siblings().data() == right.siblings().data();
}

}  // namespace

std::vector<std::vector<std::string>> unique_keys(const Table& table) {
  std::vector<std::vector<std::string>> keys;
  if (!table.primary_key.empty()) keys.push_back(table.primary_key);
  for (const auto& unique : table.unique_keys) {
    if (unique.plain()) keys.push_back(unique.columns);
  }
  return keys;
}

bool is_shared(const Block& block, const Target& target) {
  switch (target.kind) {
    case TargetKind::existing: return true;
    case TargetKind::ancestor: return block.is_children();
    case TargetKind::block:
      return target.spread == Spread::single ||
             (target.spread == Spread::per_graph && block.root != &block);
    case TargetKind::none:
    case TargetKind::pool:
    case TargetKind::implied:
    case TargetKind::earlier: break;
  }
  return false;
}

Distinct distinct_of(const Recipe& recipe, const ForeignKey& key) {
  auto siblings = link_columns(recipe);
  siblings.insert(siblings.end(), key.columns.begin(), key.columns.end());
  auto distinct = Distinct::no;
  for (const auto& unique : unique_keys(recipe.table())) {
    const bool touched = std::any_of(unique.begin(), unique.end(),
                                     [&](const auto& column) { return has_column(key, column); });
    if (!touched) continue;
    if (subset(unique, key.columns)) return Distinct::table;
    if (subset(unique, siblings)) distinct = Distinct::siblings;
  }
  return distinct;
}

std::uint64_t most_siblings(const Block& block) {
  if (!block.is_children()) return 1;
  if (block.starts.empty()) return block.first_index + 1;
  return block.starts.most();
}

std::uint64_t most_siblings(const Block& block, const std::vector<const Block*>& before) {
  if (before.empty()) return most_siblings(block);
  StartsCache cache;
  std::uint64_t most = 0;
  for (std::uint64_t offset = 0; offset < block.owner->count; ++offset) {
    const auto [first, last] = block.rows_of_owner(offset, offset + 1, cache);
    auto siblings = block.starts.empty() ? block.first_index + 1 : last - first;
    for (const auto* other : before) {
      const auto [begin, end] = other->rows_of_owner(offset, offset + 1, cache);
      siblings += end - begin;
    }
    most = std::max(most, siblings);
  }
  return most;
}

bool must_not_share(const Block& block, std::size_t relation,
                    const std::function<bool(std::size_t)>& will_share) {
  if (made_together(block) < 2) return false;
  const auto& recipe = *block.recipe;
  const auto& keys = unique_keys(recipe.table());
  return std::any_of(keys.begin(), keys.end(), [&](const auto& unique) {
    bool touched = false;
    for (const auto& column : unique) {
      const auto& plan = recipe.columns[recipe.table().column_index(column)];
      const bool own = plan.source == ColumnSource::relation && plan.index == relation;
      const bool later = plan.source == ColumnSource::relation && plan.index > relation;
      touched = touched || own;
      if (!own && !(later ? will_share(plan.index) : is_shared(block, plan))) return false;
    }
    return touched;
  });
}

std::vector<const Block*> siblings_before(const Block& block, const Blocks& blocks) {
  std::vector<const Block*> before;
  const auto link = link_columns(*block.recipe);
  for (const auto& other : blocks) {
    if (other->id >= block.id || other->count == 0 || !other->is_children()) continue;
    const bool related = other->owner == block.owner &&
                         &other->recipe->table() == &block.recipe->table() &&
                         link_columns(*other->recipe) == link && !same_list(*other, block);
    if (related) before.push_back(other.get());
  }
  return before;
}

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
      if (own || is_shared(block, plan)) continue;
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
