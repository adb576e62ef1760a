#include "seedbed/factories/plan/block.hpp"

#include <algorithm>

namespace seedbed::detail {

namespace {

std::uint64_t part_of(const ChildStarts& starts, std::uint64_t offset, StartsCache& cache) {
  return starts.empty() ? offset : starts.owner_of(offset, cache);
}

std::pair<std::uint64_t, std::uint64_t> range_of(const ChildStarts& starts, std::uint64_t first,
                                                 std::uint64_t last, StartsCache& cache) {
  if (starts.empty()) return {first, last};
  return {starts.begin_of(first, cache), starts.begin_of(last, cache)};
}

}  // namespace

bool Target::combines() const noexcept {
  return kind == TargetKind::pool && distinct != Distinct::no && combinations != pool.size();
}

bool Target::same_walk(const Target& other) const noexcept {
  return kind == TargetKind::pool && other.kind == kind && other.distinct == distinct &&
         other.pick_key == pick_key && other.combinations == combinations &&
         other.stride == stride && other.pool.size() == pool.size();
}

std::uint64_t Block::past_skipped(std::uint64_t row) const noexcept {
  for (const auto left_out : skipped) {
    if (left_out > row) break;
    ++row;
  }
  return row;
}

std::uint64_t Block::owner_offset(std::uint64_t offset, StartsCache& cache) const {
  return parents ? offset : part_of(starts, offset, cache);
}

std::uint64_t Block::root_offset(std::uint64_t offset, StartsCache& cache) const {
  if (root == this) return offset;
  if (parents && spread == Spread::per_graph) return part_of(starts, offset, cache);
  if (parents && spread == Spread::single) return 0;
  return owner->root_offset(owner_offset(offset, cache), cache);
}

std::pair<std::uint64_t, std::uint64_t> Block::rows_of_owner(std::uint64_t first,
                                                             std::uint64_t last,
                                                             StartsCache& cache) const {
  return range_of(starts, first, last, cache);
}

std::pair<std::uint64_t, std::uint64_t> Block::rows_of_root(std::uint64_t first, std::uint64_t last,
                                                            StartsCache& cache) const {
  if (root == this) return {first, last};
  if (parents && spread == Spread::per_graph) return range_of(starts, first, last, cache);
  if (parents && spread == Spread::single) return {first == 0 ? 0 : count, count};
  const auto [begin, end] = owner->rows_of_root(first, last, cache);
  return rows_of_owner(begin, end, cache);
}

std::uint64_t Block::index(std::uint64_t offset, StartsCache& cache) const {
  if (!is_children()) return parents ? 0 : first_index + offset;
  const auto first =
      starts.empty() ? offset : starts.begin_of(starts.owner_of(offset, cache), cache);
  return first_index + offset - first;
}

std::span<const Block* const> Block::siblings() const noexcept {
  if (together != nullptr) return *together;
  if (!is_children() || !starts.empty()) return {};
  for (const auto& list : owner->children) {
    if (std::find(list.begin(), list.end(), this) != list.end()) return list;
  }
  return {};
}

bool made_for(const Block& parents, const ChildrenPlan& children) noexcept {
  return parents.parents &&
         parents.owner->recipe->relations[parents.relation].key == children.model.key;
}

}  // namespace seedbed::detail
