#include "seedbed/factories/rows/write_group.hpp"

#include <algorithm>
#include <tuple>

namespace seedbed::detail {

std::size_t WriteGroup::rows() const noexcept {
  std::size_t rows = 0;
  for (const auto* block : blocks) rows += block->count;
  return rows;
}

bool WriteGroup::refers_to_itself() const noexcept {
  return std::any_of(blocks.begin(), blocks.end(), [](const Block* block) {
    return std::any_of(block->targets.begin(), block->targets.end(),
                       [](const Target& target) { return target.kind == TargetKind::earlier; });
  });
}

std::vector<WriteGroup> group_blocks(const std::vector<Block*>& blocks) {
  std::vector<WriteGroup> groups;
  for (auto* block : blocks) {
    if (block->count == 0) continue;
    const auto& recipe = *block->recipe;
    auto group = std::find_if(groups.begin(), groups.end(), [&](const WriteGroup& known) {
      return known.level == block->level && known.table == &recipe.table() &&
             known.columns == recipe.carried;
    });
    if (group == groups.end()) {
      const auto counted = recipe.counted;
      group = groups.insert(group, {block->level, &recipe.table(), recipe.carried, counted, {}});
    }
    group->blocks.push_back(block);
  }
  std::sort(groups.begin(), groups.end(), [](const WriteGroup& left, const WriteGroup& right) {
    return std::tie(left.level, left.table->name, left.columns) <
           std::tie(right.level, right.table->name, right.columns);
  });
  return groups;
}

}  // namespace seedbed::detail
