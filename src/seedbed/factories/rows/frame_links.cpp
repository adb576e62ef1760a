#include "seedbed/factories/rows/frame_links.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/random.hpp"
#include "seedbed/factories/plan/self_shape.hpp"
#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/rows/fitting.hpp"

namespace seedbed::detail {

namespace {

std::span<const std::uint64_t> copied(Arena& arena, std::span<const std::uint64_t> offsets) {
  const auto copy = arena.uninitialised<std::uint64_t>(offsets.size());
  std::copy(offsets.begin(), offsets.end(), copy.begin());
  return copy;
}

using OffsetRange = std::pair<std::uint64_t, std::uint64_t>;

/// The relation of a wider key's parent by which it reaches the row that a narrow key leads to.
const RelationPlan* upper_relation(const RelationPlan& narrow, const RelationPlan& wide,
                                   const Recipe& parent) {
  std::vector<std::string> columns;
  for (const auto& column : narrow.key->columns) {
    const auto member = std::find(wide.key->columns.begin(), wide.key->columns.end(), column);
    columns.push_back(
        wide.key->parent_columns[static_cast<std::size_t>(member - wide.key->columns.begin())]);
  }
  for (const auto& relation : parent.relations) {
    if (relation.key->columns == columns && relation.key->parent == narrow.key->parent)
      return &relation;
  }
  return nullptr;
}

/// The row of `ancestor`, which `block` hangs on, that the row at `offset` hangs on.
std::uint64_t ancestor_of(const Block& block, std::uint64_t offset, const Block& ancestor,
                          StartsCache& cache) {
  const auto* at = &block;
  while (at != &ancestor) {
    offset = at->owner_offset(offset, cache);
    at = at->owner;
  }
  return offset;
}

/// The row of the target's block that was made for the row at `offset`.
std::uint64_t parent_made_for(const Block& block, std::uint64_t offset, const Target& target,
                              StartsCache& cache) {
  if (target.spread == Spread::per_row) return offset;
  if (target.spread == Spread::single) return 0;
  const auto graph = block.root_offset(offset, cache);
  return target.block->starts.empty() ? graph : target.block->starts.begin_of(graph, cache);
}

}  // namespace

std::int64_t CompositeFrame::row_number(std::size_t row) const {
  return frames_[places_[row].frame]->row_number(places_[row].row);
}
std::int64_t CompositeFrame::index(std::size_t row) const {
  return frames_[places_[row].frame]->index(places_[row].row);
}
Instant CompositeFrame::now() const {
  return frames_.empty() ? Instant{} : frames_.front()->now();
}

ScalarColumn CompositeFrame::name(std::string_view name) {
  auto& column = columns_[std::string{name}];
  if (column.data() != nullptr) return column;
  const auto values = arena_.uninitialised<ScalarView>(places_.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = frames_[places_[i].frame]->name(name)[places_[i].row];
  }
  return column = values;
}

ScalarColumn CompositeFrame::relation(std::string_view relation, std::string_view column) {
  auto& kept = columns_[std::string{relation} + "." + std::string{column}];
  if (kept.data() != nullptr) return kept;
  const auto values = arena_.uninitialised<ScalarView>(places_.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = frames_[places_[i].frame]->relation(relation, column)[places_[i].row];
  }
  return kept = values;
}

ChildRows CompositeFrame::children(std::string_view relation) {
  throw Error{
      ErrorCode::unsupported,
      fmt::format("a roll-up of '{}' inside a roll-up; give it a column of its own", relation)};
}

// Counts are evaluated while a plan is made, and may ask for what is planned later.
const Target& BlockFrame::planned_target(std::size_t relation) const {
  if (relation < block_.targets.size()) return block_.targets[relation];
  throw Error{ErrorCode::invalid_input,
              fmt::format("factory '{}': a count needs relation '{}' before its row is known",
                          block_.recipe->model->name, block_.recipe->relations[relation].name)};
}

std::pair<const Block*, std::uint64_t> BlockFrame::target(std::size_t relation,
                                                          std::size_t row) const {
  const auto& target = planned_target(relation);
  const auto offset = offsets_[row];
  auto& starts = generation_.starts;
  switch (target.kind) {
    case TargetKind::none:
    case TargetKind::existing:
    case TargetKind::implied: return {nullptr, 0};
    case TargetKind::earlier: return earlier_row(relation, offset);
    case TargetKind::ancestor:
      return {target.block, ancestor_of(block_, offset, *target.block, starts)};
    case TargetKind::block: return {target.block, parent_made_for(block_, offset, target, starts)};
    case TargetKind::pool: break;
  }
  const auto pick = picked(relation, offset);
  const auto end = std::upper_bound(target.pool.ends.begin(), target.pool.ends.end(), pick);
  const auto part = static_cast<std::size_t>(end - target.pool.ends.begin());
  const auto begin = part == 0 ? 0 : target.pool.ends[part - 1];
  return {target.pool.blocks[part], pick - begin};
}

/// The place in the pool of the row that `offset` picks.
std::uint64_t BlockFrame::picked(std::size_t relation, std::uint64_t offset) const {
  const auto& target = block_.targets[relation];
  const auto size = target.pool.size();  // never 0 in a plan
  if (target.distinct == Distinct::no || size == 0) {
    return CellRandom{block_.recipe->relations[relation].draw_key, block_.row(offset)}.below(size);
  }
  auto key = target.pick_key;
  auto place = target.first_pick + offset;
  if (target.distinct == Distinct::siblings) {
    auto& starts = generation_.starts;
    const auto owner = block_.owner_offset(offset, starts);
    key = CellRandom{key, block_.owner->row(owner)}.next();
    place = block_.index(offset, starts);
    for (const auto* before : target.before) {
      const auto [first, last] = before->rows_of_owner(owner, owner + 1, starts);
      place += last - first;
    }
  }
  return Permutation{key, target.combinations}.at(place) / target.stride % size;
}

std::pair<const Block*, std::uint64_t> BlockFrame::earlier_row(std::size_t relation,
                                                               std::uint64_t offset) const {
  const auto& plan = block_.recipe->relations[relation];
  const auto place = block_.parents ? offset : block_.index(offset, generation_.starts);
  const auto above = place_above(*plan.shape, {place, block_.row(offset), plan.draw_key});
  if (!above) {
    // Where a row must have one above, a root is its own.
    if (may_be_null(block_.recipe->table(), *plan.key)) return {nullptr, 0};
    return {&block_, offset};
  }
  const auto list = block_.siblings();
  if (!list.empty()) return {list[*above], offset};
  return {&block_, offset - place + *above};
}

bool BlockFrame::covers(std::span<const std::uint64_t> offsets) const {
  if (offsets.empty()) return true;
  if (offsets_.empty() || offsets.front() < offsets_.front() || offsets.back() > offsets_.back()) {
    return false;
  }
  const bool whole = offsets_.back() - offsets_.front() + 1 == offsets_.size();
  return whole || std::includes(offsets_.begin(), offsets_.end(), offsets.begin(), offsets.end());
}

std::size_t BlockFrame::position(std::uint64_t offset) const {
  if (offsets_.back() - offsets_.front() + 1 == offsets_.size()) return offset - offsets_.front();
  return static_cast<std::size_t>(std::lower_bound(offsets_.begin(), offsets_.end(), offset) -
                                  offsets_.begin());
}

// A frame that already holds the rows: of the batch, or on the way that led here. Without the
// latter a child would make its parent again, and that one its children.
BlockFrame* BlockFrame::covering(const Block& block, std::span<const std::uint64_t> offsets) {
  if (auto* made = generation_.find(block); made != nullptr && made->covers(offsets)) return made;
  for (auto* frame = this; frame != nullptr; frame = frame->origin_) {
    if (&frame->block_ == &block && frame->covers(offsets)) return frame;
  }
  return nullptr;
}

BlockFrame::Reach& BlockFrame::reach(std::size_t relation) {
  if (reaches_[relation] != nullptr) return *reaches_[relation];
  auto made = std::make_unique<Reach>();
  std::vector<std::pair<const Block*, std::uint64_t>> targets;
  std::map<std::size_t, std::pair<const Block*, std::vector<std::uint64_t>>>
      wanted;  // by block's id
  for (std::size_t row = 0; row < rows(); ++row) {
    targets.push_back(target(relation, row));
    if (targets.back().first == nullptr) continue;
    auto& [block, offsets] = wanted[targets.back().first->id];
    block = targets.back().first;
    offsets.push_back(targets.back().second);
  }
  std::map<const Block*, std::size_t> frames;
  for (auto& [id, entry] : wanted) {
    auto& [block, offsets] = entry;
    std::sort(offsets.begin(), offsets.end());
    offsets.erase(std::unique(offsets.begin(), offsets.end()), offsets.end());
    auto* frame = covering(*block, offsets);
    if (frame == nullptr) {
      made->owned.push_back(
          std::make_unique<BlockFrame>(generation_, *block, copied(arena(), offsets), this));
      frame = made->owned.back().get();
    }
    frames[block] = made->frames.size();
    made->frames.push_back(frame);
  }
  for (const auto& [block, offset] : targets) {
    made->places.emplace_back();
    if (block == nullptr) continue;
    const auto frame = frames[block];
    made->places.back() = Reach::Place{frame, made->frames[frame]->position(offset)};
  }
  reaches_[relation] = std::move(made);
  return *reaches_[relation];
}

bool BlockFrame::knows(std::size_t index) const {
  const auto& plan = block_.recipe->columns[index];
  if (plan.source == ColumnSource::database) {
    const auto& table = block_.recipe->table();
    const bool counted = counted_column(table) == &table.columns[index];
    return counted && (block_.key_base || !block_.keys.empty());
  }
  if (plan.source != ColumnSource::relation || offsets_.empty()) return true;
  const auto& parent_column = block_.recipe->relations[plan.index].key->parent_columns[plan.member];
  const auto& target = planned_target(plan.index);
  if (target.kind == TargetKind::existing) return target.existing->has(parent_column);
  if (target.kind == TargetKind::earlier) {
    return knows(block_.recipe->table().column_index(parent_column));
  }
  const auto* parents = this->target(plan.index, 0).first;
  if (parents == nullptr) return true;
  const auto column = parents->recipe->table().column_index(parent_column);
  return BlockFrame{generation_, *parents, std::array<std::uint64_t, 1>{}}.knows(column);
}

ScalarColumn BlockFrame::existing_column(const Record& record, std::string_view column) {
  const auto* declared = record.find_column(column);
  const auto values = arena().array<ScalarView>(rows());
  if (declared == nullptr) return values;
  const auto scalar = scalar_of(record[column], *declared);
  std::fill(values.begin(), values.end(), kept(scalar));
  return values;
}

ScalarColumn BlockFrame::reached_column(std::size_t relation, std::string_view column) {
  const auto& plan = block_.recipe->relations[relation];
  const auto& target = planned_target(relation);
  if (target.kind == TargetKind::none) return nulls();
  if (target.kind == TargetKind::existing) return existing_column(*target.existing, column);
  const bool implied = target.kind == TargetKind::implied;
  auto& reached = reach(implied ? plan.wider : relation);
  std::vector<ScalarColumn> sources;
  for (auto* frame : reached.frames) {
    if (implied) {
      const auto& wide = block_.recipe->relations[plan.wider];
      const auto* upper = upper_relation(plan, wide, *frame->block_.recipe);
      sources.push_back(upper != nullptr ? frame->relation(upper->name, column) : ScalarColumn{});
    } else {
      sources.push_back(frame->name(column));
    }
  }
  const auto values = arena().array<ScalarView>(rows());
  for (std::size_t row = 0; row < values.size(); ++row) {
    const auto& place = reached.places[row];
    if (place && !sources[place->frame].empty()) values[row] = sources[place->frame][place->row];
  }
  return values;
}

ScalarColumn BlockFrame::relation(std::string_view relation, std::string_view column) {
  auto name = std::string{relation} + "." + std::string{column};
  if (const auto known = above_.find(name); known != above_.end()) return known->second;
  const auto index = block_.recipe->relation(relation);
  const auto values = index ? reached_column(*index, column) : nulls();
  return above_.emplace(std::move(name), values).first->second;
}

std::vector<std::pair<const Block*, OffsetRange>> BlockFrame::ranges_below(
    std::size_t children, std::uint64_t offset) const {
  if (made_for(block_, block_.recipe->children[children])) {
    if (block_.spread == Spread::single) return {};
    if (block_.spread == Spread::per_row) return {{block_.owner, {offset, offset + 1}}};
    const auto graph = block_.root_offset(offset, generation_.starts);
    return {{block_.owner, block_.owner->rows_of_root(graph, graph + 1, generation_.starts)}};
  }
  std::vector<std::pair<const Block*, OffsetRange>> ranges;
  for (const auto* block : block_.children[children]) {
    ranges.emplace_back(block, block->rows_of_owner(offset, offset + 1, generation_.starts));
  }
  return ranges;
}

void BlockFrame::require_planned(std::optional<std::size_t> children) const {
  if (!children || *children < block_.planned_children) return;
  const auto& plan = block_.recipe->children[*children];
  if (made_for(block_, plan)) return;
  throw Error{ErrorCode::invalid_input,
              fmt::format("factory '{}': a count needs the rows of '{}', which are counted later",
                          block_.recipe->model->name, plan.name)};
}

ChildRows BlockFrame::children(std::string_view relation) {
  auto& below = below_[std::string{relation}];
  if (below != nullptr) return below->rows;
  below = std::make_unique<Below>();
  const auto index = block_.recipe->find_children(relation);
  require_planned(index);
  std::map<const Block*, std::vector<std::uint64_t>> wanted;
  std::vector<std::pair<const Block*, std::uint64_t>> order;
  const auto want = [&](const Block* block, const OffsetRange& range) {
    for (auto row = range.first; row < range.second; ++row) {
      wanted[block].push_back(row);
      order.emplace_back(block, row);
    }
  };
  below->rows.offsets.push_back(0);
  for (const auto offset : offsets_) {
    const auto ranges = index ? ranges_below(*index, offset) : decltype(ranges_below(0, 0)){};
    for (const auto& [block, range] : ranges) want(block, range);
    below->rows.offsets.push_back(order.size());
  }
  std::vector<Frame*> frames;
  std::map<const Block*, std::pair<std::size_t, BlockFrame*>> by_block;
  for (auto& [block, offsets] : wanted) {
    auto* frame = covering(*block, offsets);
    if (frame == nullptr) {
      below->owned.push_back(
          std::make_unique<BlockFrame>(generation_, *block, copied(arena(), offsets), this));
      frame = below->owned.back().get();
    }
    by_block[block] = {frames.size(), frame};
    frames.push_back(frame);
  }
  std::vector<CompositeFrame::Place> places;
  for (const auto& [block, offset] : order) {
    const auto& [place, frame] = by_block[block];
    places.push_back({place, frame->position(offset)});
  }
  below->composite =
      std::make_unique<CompositeFrame>(arena(), std::move(frames), std::move(places));
  below->rows.frame = below->composite.get();
  return below->rows;
}

}  // namespace seedbed::detail
