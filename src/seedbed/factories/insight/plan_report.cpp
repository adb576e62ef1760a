#include "seedbed/factories/insight/plan_report.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/insight/cell_origins.hpp"
#include "seedbed/factories/load/written_rows.hpp"
#include "seedbed/factories/recipes/relation_notes.hpp"
#include "seedbed/factories/session_state.hpp"

namespace seedbed {

namespace {

using detail::Block;
using detail::TargetKind;

/// The blocks of one call as a tree.
class PlanReporter {
 public:
  PlannedRows report(const Block& block, PlannedUse use) {
    PlannedRows rows;
    rows.use = use;
    rows.factory = block.recipe->model->name;
    rows.table = block.recipe->table().name;
    rows.rows = block.count;
    if (block.count > 0) {
      rows.first_row = block.row(0);
      rows.last_row = block.row(block.count - 1);
    }
    for (std::size_t i = 0; i < block.targets.size(); ++i) add_above(block, i, rows);
    for (std::size_t i = 0; i < block.children.size(); ++i) add_below(block, i, rows);
    return rows;
  }

 private:
  void add_above(const Block& block, std::size_t relation, PlannedRows& rows) {
    const auto& plan = block.recipe->relations[relation];
    const auto& target = block.targets[relation];
    if (target.kind == TargetKind::none || plan.use == detail::RelationUse::link) return;
    const bool made = target.kind == TargetKind::block && target.block->owner == &block &&
                      target.block->parents && target.block->relation == relation;
    PlannedRows above;
    if (made) {
      above = report(*target.block, PlannedUse::above);
    } else {
      above.use = target.kind == TargetKind::pool       ? PlannedUse::picked
                  : target.kind == TargetKind::existing ? PlannedUse::existing
                                                        : PlannedUse::shared;
      above.factory = target.block != nullptr ? target.block->recipe->model->name : plan.factory;
      above.table = plan.key->parent;
    }
    above.relation = plan.name;
    above.where = plan.where;
    above.reason = detail::reason_of(*block.recipe, plan);
    if (plan.use == detail::RelationUse::needed) {
      above.reason += "; " + detail::target_of(block, relation);
    }
    rows.nodes.push_back(std::move(above));
  }

  void add_below(const Block& block, std::size_t relation, PlannedRows& rows) {
    const auto& plan = block.recipe->children[relation];
    for (const auto* children : block.children[relation]) {
      auto below = report(*children, PlannedUse::below);
      below.relation = plan.name;
      if (plan.count_node != nullptr) {
        below.reason = fmt::format("'has' of '{}': {} for each row", block.recipe->model->name,
                                   detail::spelling(*plan.count_node));
        below.where = plan.count_node->where;
      } else {
        below.reason = "the call asks for them";
      }
      rows.nodes.push_back(std::move(below));
    }
  }
};

}  // namespace

std::string_view to_string(PlannedUse use) noexcept {
  switch (use) {
    case PlannedUse::asked: return "asked for";
    case PlannedUse::above: return "above";
    case PlannedUse::below: return "below";
    case PlannedUse::shared: return "shared";
    case PlannedUse::picked: return "picked";
    case PlannedUse::existing: return "existing";
  }
  return "";
}

CreatePlan detail::SessionState::plan_graph(std::string_view factory, std::uint64_t count,
                                            const CallArguments& arguments) {
  RowNumbers::Stretch stretch{numbers};
  const RecordFinder find = [this](const std::string& name) { return look_at_record(name); };
  Planner planner{plan_context(stretch, find, rows_taken())};
  add_roots(planner, wanted(factory, count, arguments, {}), find);
  CreatePlan plan;
  plan.root = PlanReporter{}.report(*planner.blocks().front(), PlannedUse::asked);
  plan.root.reason = "the call asks for them";
  std::vector<Block*> blocks;
  for (const auto& block : planner.blocks()) blocks.push_back(block.get());
  plan.tables = written_tables(blocks);
  return plan;
}

CreatePlan FactorySession::plan_graph(std::string_view factory, std::uint64_t count,
                                      const CallArguments& arguments) {
  return state_->plan_graph(factory, count, arguments);
}

}  // namespace seedbed
