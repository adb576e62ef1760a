// How many rows blocks have, and which numbers those get.
#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/number_text.hpp"
#include "seedbed/factories/plan/plan.hpp"
#include "seedbed/factories/plan/unique_values.hpp"
#include "seedbed/factories/rows/generator.hpp"

namespace seedbed::detail {

std::optional<std::uint64_t> constant_of(const Count& count) {
  const auto* literal = count.expression->literal_value();
  const auto* constant = literal != nullptr ? std::get_if<std::int64_t>(literal) : nullptr;
  const auto most = static_cast<std::int64_t>(kMostRows);
  if (constant == nullptr || *constant < 0 || *constant > most) return std::nullopt;
  return static_cast<std::uint64_t>(*constant);
}

CountDrawer Planner::counts_of(const Block& owner, Count count) const {
  return [&owner, count = std::move(count), now = context_.now_micros](std::uint64_t first,
                                                                       std::uint64_t last) {
    Generation generation;
    generation.now_micros = now;
    std::vector<std::uint64_t> offsets(last - first);
    std::iota(offsets.begin(), offsets.end(), first);
    BlockFrame frame{generation, owner, offsets};
    return frame.counts(count);
  };
}

ChildStarts Planner::starts_of(const Block& owner, Count count) const {
  if (const auto constant = constant_of(count)) return {owner.count, *constant};
  return {owner.count, counts_of(owner, std::move(count))};
}

const Block& Planner::add_per(const Block& owner, RecipePointer recipe, ChildStarts starts) {
  begin_entry();
  auto& block = begin_children(owner, std::move(recipe));
  block.root = &block;
  block.starts = std::move(starts);
  block.count = block.starts.rows();
  number(block);
  connect(block);
  add_children(block);
  return block;
}

void Planner::number(Block& block) const {
  auto numbers = take_numbers({&block.recipe, 1}, block.count);
  block.first_row = numbers.first;
  block.skipped = std::move(numbers.skipped);
}

namespace {

void require_given(const Recipe& recipe) {
  Diagnostics findings;
  for (const auto& cell : recipe.missing) {
    findings.push_back(
        {ErrorCode::invalid_input,
         fmt::format("factory '{0}': {1} '{2}' is required; give it in the call, "
                     "such as --set {2}=..., or by a trait",
                     recipe.model->name, recipe.param(cell.name) ? "param" : "column", cell.name),
         cell.where});
  }
  throw_if_any(std::move(findings));
}

}  // namespace

Planner::Numbers Planner::take_numbers(std::span<const RecipePointer> recipes,
                                       std::uint64_t count) const {
  const auto& table = recipes.front()->table();
  for (const auto& recipe : recipes) {
    if (count > 0) require_given(*recipe);
  }
  Numbers numbers;
  numbers.first = context_.take_rows(table, count);
  auto last = numbers.first + count - 1;
  for (auto fresh = count; fresh > 0;) {
    const auto taken = taken_numbers(recipes, last - fresh + 1, last);
    numbers.skipped.insert(numbers.skipped.end(), taken.begin(), taken.end());
    fresh = taken.size();
    if (fresh > 0) last = context_.take_rows(table, fresh) + fresh - 1;
  }
  for (const auto& recipe : recipes) {
    if (count > 0) require_unique_values(*recipe, numbers.first, last);
  }
  return numbers;
}

std::set<std::uint64_t> Planner::taken_numbers(std::span<const RecipePointer> recipes,
                                               std::uint64_t first, std::uint64_t last) const {
  std::set<std::uint64_t> taken;
  for (const auto& recipe : recipes) {
    if (!permutes(*recipe)) continue;
    if (context_.taken_rows) taken.merge(context_.taken_rows(*recipe, first, last));
    for (const auto& block : blocks_) {
      if (block->count > 0) taken.merge(rows_stated_by(*block->recipe, *recipe, first, last));
    }
    for (const auto& other : recipes) {
      if (other != recipe) taken.merge(rows_stated_by(*other, *recipe, first, last));
    }
  }
  return taken;
}

}  // namespace seedbed::detail
