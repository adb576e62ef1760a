#include "seedbed/factories/plan/plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/plan/target_rules.hpp"
#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/rows/generator.hpp"

namespace seedbed::detail {

namespace {

/// How many rows of other blocks of the table pick by the same relation.
std::uint64_t picked_elsewhere(const Block& block, const std::string& relation,
                               const std::vector<std::unique_ptr<Block>>& blocks) {
  std::uint64_t rows = 0;
  for (const auto& other : blocks) {
    if (other.get() == &block || &other->recipe->table() != &block.recipe->table()) continue;
    const auto own = other->recipe->relation(relation);
    if (!own || *own >= other->targets.size()) continue;
    if (other->targets[*own].kind == TargetKind::pool) rows += other->count;
  }
  return rows;
}

/// One row for each graph that has rows of the block.
ChildStarts graphs_with(const Block& block) {
  if (block.root == &block) return {block.count, 1};
  return {block.root->count, [&block](std::uint64_t first, std::uint64_t last) {
            StartsCache cache;
            std::vector<std::uint64_t> counts;
            for (auto graph = first; graph < last; ++graph) {
              const auto [begin, end] = block.rows_of_root(graph, graph + 1, cache);
              counts.push_back(begin < end ? 1 : 0);
            }
            return counts;
          }};
}

}  // namespace

void Planner::begin_entry() {
  entry_start_ = blocks_.size();
  meetings_.clear();
  path_.clear();
}

const Block& Planner::add_root(RecipePointer recipe, std::uint64_t count) {
  begin_entry();
  auto& block = add_block(std::move(recipe));
  block.root = &block;
  block.count = count;
  number(block);
  connect(block);
  add_children(block);
  return block;
}

void Planner::add_roots(const std::vector<RecipePointer>& recipes) {
  if (recipes.empty()) return;
  const auto numbers = take_numbers(recipes, recipes.size());
  for (const auto& recipe : recipes) {
    // No entry of its own: rows of one list are not there for the others to pick.
    meetings_.clear();
    path_.clear();
    auto& block = add_block(recipe);
    block.root = &block;
    block.count = 1;
    block.first_index = together_.size();
    block.first_row = numbers.first + block.first_index;
    block.skipped = numbers.skipped;
    block.together = &together_;
    together_.push_back(&block);
    connect(block);
    add_children(block);
  }
}

Pool Planner::pool_of(std::string_view factory) const {
  Pool pool;
  for (std::size_t i = 0; i < entry_start_; ++i) {
    const auto& block = *blocks_[i];
    if (block.count == 0 || !block.recipe->model->is_a(factory)) continue;
    pool.blocks.push_back(&block);
    pool.ends.push_back(pool.size() + block.count);
  }
  return pool;
}

Block& Planner::add_block(RecipePointer recipe) {
  auto& block = *blocks_.emplace_back(std::make_unique<Block>());
  block.id = blocks_.size() - 1;
  block.recipe = std::move(recipe);
  block.key_base = context_.key_base(block.recipe->table());
  return block;
}

void Planner::enter(const std::string& factory, const std::string& relation, Circle circle) {
  const bool again = std::any_of(path_.begin(), path_.end(), [&](const Step& step) {
    return step.factory == factory && step.relation == relation;
  });
  path_.push_back({factory, relation});
  if (!again || circle == Circle::ends) return;
  std::vector<std::string> steps;
  for (const auto& step : path_) steps.push_back(step.factory + "." + step.relation);
  throw Error{ErrorCode::invalid_input,
              fmt::format("relations lead round in a circle: {}; give one of the rows, or a count "
                          "of 0",
                          join(steps, " -> "))};
}

void Planner::connect(Block& block) {
  int level = 0;
  for (std::size_t i = 0; i < block.recipe->relations.size(); ++i) {
    auto target = target_of(block, i);
    if (target.kind == TargetKind::block || target.kind == TargetKind::ancestor) {
      if (target.block->id >= entry_start_) level = std::max(level, target.block->level + 1);
    }
    if (target.kind == TargetKind::earlier) {
      for (const auto* before : block.siblings()) level = std::max(level, before->level + 1);
    }
    block.targets.push_back(std::move(target));
  }
  require_fitting_shapes(block);
  pick_combinations(block, blocks_, context_.book);
  block.level = level;
}

Target Planner::target_of(Block& block, std::size_t relation) {
  const auto& plan = block.recipe->relations[relation];
  const Meeting meeting{plan.key->parent, plan.name};
  Target target;
  switch (plan.use) {
    case RelationUse::none: return target;
    case RelationUse::implied: target.kind = TargetKind::implied; return target;
    case RelationUse::earlier: target.kind = TargetKind::earlier; return target;
    case RelationUse::link:
      target.kind = TargetKind::ancestor;
      target.block = block.owner;
      return target;
    case RelationUse::existing:
      target.kind = TargetKind::existing;
      target.existing = &*plan.existing;
      meetings_.emplace(meeting, target);
      return target;
    case RelationUse::needed: break;
  }
  if (plan.stated) {
    return create_parents(block, relation,
                          plan.share == Share::none ? Spread::per_row : Spread::per_graph);
  }
  if (plan.share == Share::none) return create_parents(block, relation, Spread::per_row);
  const bool alone = is_alone(block, relation);
  if (!alone) {
    if (const auto met = meet(block, plan)) return *met;
  }
  if (plan.share != Share::graph) {
    if (auto picked = pick(block, plan)) return std::move(*picked);
  }
  if (alone) return create_parents(block, relation, Spread::per_row);
  if (plan.share != Share::scenario) return create_parents(block, relation, Spread::per_graph);
  if (const auto met = scenario_meetings_.find(meeting); met != scenario_meetings_.end()) {
    return met->second;
  }
  return create_parents(block, relation, Spread::single);
}

/// Whether a unique key asks for a row of its own where rows that are made together could share.
bool Planner::is_alone(const Block& block, std::size_t relation) const {
  const auto& relations = block.recipe->relations;
  if (distinct_of(*block.recipe, *relations[relation].key) != Distinct::no) return true;
  return must_not_share(block, relation, [&](std::size_t later) {
    const auto& other = relations[later];
    if (other.use == RelationUse::link || other.use == RelationUse::existing) return true;
    return other.use == RelationUse::needed && !other.stated && other.share != Share::none &&
           meet(block, other).has_value();
  });
}

/// The row that this graph already has for the relation.
std::optional<Target> Planner::meet(const Block& block, const RelationPlan& plan) const {
  for (const auto* below = &block; below->is_children(); below = below->owner) {
    const auto& relations = below->recipe->relations;
    const bool linked = std::any_of(relations.begin(), relations.end(), [&](const auto& other) {
      return other.use == RelationUse::link && other.name == plan.name &&
             other.key->parent == plan.key->parent;
    });
    if (linked && below != &block) {
      Target target;
      target.kind = TargetKind::ancestor;
      target.block = below->owner;
      return target;
    }
  }
  const auto met = meetings_.find({plan.key->parent, plan.name});
  if (met == meetings_.end()) return std::nullopt;
  return met->second;
}

std::optional<Target> Planner::pick(const Block& block, const RelationPlan& plan) const {
  Target target;
  target.kind = TargetKind::pool;
  target.pool = pool_of(plan.factory);
  target.distinct = distinct_of(*block.recipe, *plan.key);
  target.pick_key = plan.draw_key;
  target.combinations = target.pool.size();
  if (target.pool.size() == 0) return std::nullopt;
  if (target.distinct == Distinct::siblings) {
    target.before = siblings_before(block, blocks_);
    const bool same =
        std::all_of(target.before.begin(), target.before.end(), [&](const auto* other) {
          const auto own = other->recipe->relation(plan.name);
          return own && target.same_walk(other->targets[*own]);
        });
    const bool enough = most_siblings(block, target.before) <= target.pool.size();
    if (!same || !enough) return std::nullopt;
  }
  if (target.distinct == Distinct::table) {
    target.first_pick = picked_elsewhere(block, plan.name, blocks_);
    if (target.first_pick + block.count > target.pool.size()) return std::nullopt;
  }
  return target;
}

Target Planner::create_parents(Block& block, std::size_t relation, Spread spread) {
  const auto& plan = block.recipe->relations[relation];
  if (plan.factory.empty()) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("factory '{}': relation '{}' leads to table '{}', which is not there",
                            block.recipe->model->name, plan.name, plan.key->parent.to_string())};
  }
  // What a call says of rows above ends where its paths end.
  enter(plan.factory, plan.name, plan.stated ? Circle::ends : Circle::refused);
  auto& parents =
      add_block(context_.book.recipe({plan.factory, plan.arguments, {}}, context_.find_record));
  parents.root = block.root;
  parents.owner = &block;
  parents.parents = true;
  parents.relation = relation;
  parents.spread = spread;
  if (spread == Spread::per_row) parents.count = block.count;
  if (spread == Spread::single) parents.count = std::min<std::uint64_t>(block.count, 1);
  if (spread == Spread::per_graph) {
    parents.count = block.root->count;
    auto starts = graphs_with(block);
    if (starts.rows() < parents.count) {
      parents.count = starts.rows();
      parents.starts = std::move(starts);
    }
  }
  number(parents);
  connect(parents);
  Target target;
  target.kind = TargetKind::block;
  target.block = &parents;
  target.spread = spread;
  const Meeting meeting{plan.key->parent, plan.name};
  // A row that some graphs lack can serve only the rows that it was made for.
  if (spread == Spread::per_graph && parents.starts.empty()) meetings_.emplace(meeting, target);
  if (spread == Spread::single) scenario_meetings_.emplace(meeting, target);
  add_children(parents);
  path_.pop_back();
  return target;
}

void Planner::add_children(Block& block) {
  block.children.resize(block.recipe->children.size());
  for (std::size_t i = 0; i < block.recipe->children.size(); ++i) {
    const auto& plan = block.recipe->children[i];
    block.planned_children = i;
    if (block.count == 0 || made_for(block, plan)) continue;
    if (plan.list.empty()) {
      add_children(block, i);
    } else {
      add_listed(block, i);
    }
  }
  block.planned_children = block.children.size();
}

Block& Planner::begin_children(const Block& owner, RecipePointer recipe) {
  auto& block = add_block(std::move(recipe));
  block.owner = &owner;
  block.root = owner.root;
  return block;
}

void Planner::add_children(Block& block, std::size_t relation) {
  const auto& plan = block.recipe->children[relation];
  CallArguments arguments;
  arguments.traits = plan.traits;
  auto recipe =
      context_.book.recipe({plan.model.factory, arguments, plan.model.link}, context_.find_record);
  auto& children = begin_children(block, std::move(recipe));
  children.starts =
      starts_of(block, {{block.recipe, &*plan.count}, plan.count_key, plan.name, plan.count_where});
  children.count = children.starts.rows();
  if (children.count == 0) {
    blocks_.pop_back();
    return;
  }
  enter(plan.model.factory, plan.name);
  block.children[relation].push_back(&children);
  number(children);
  connect(children);
  block.planned_children = relation + 1;
  add_children(children);
  path_.pop_back();
}

void Planner::add_listed(Block& block, std::size_t relation) {
  const auto& plan = block.recipe->children[relation];
  const auto width = plan.list.size();
  enter(plan.model.factory, plan.name);
  std::vector<RecipePointer> recipes;
  for (auto arguments : plan.list) {
    arguments.traits.insert(arguments.traits.begin(), plan.traits.begin(), plan.traits.end());
    recipes.push_back(context_.book.recipe({plan.model.factory, arguments, plan.model.link},
                                           context_.find_record));
  }
  const auto numbers = take_numbers(recipes, width * block.count);
  for (std::size_t i = 0; i < width; ++i) {
    auto& children = begin_children(block, recipes[i]);
    children.count = block.count;
    children.first_row = numbers.first + i;
    children.skipped = numbers.skipped;
    children.stride = width;
    children.first_index = i;
    block.children[relation].push_back(&children);
    connect(children);
    add_children(children);
  }
  path_.pop_back();
}

}  // namespace seedbed::detail
