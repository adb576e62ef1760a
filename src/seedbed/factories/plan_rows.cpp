// How many rows blocks have.
#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/number_text.hpp"
#include "seedbed/factories/generator.hpp"
#include "seedbed/factories/plan.hpp"

namespace seedbed::detail {

std::vector<std::uint64_t> starts_of(std::vector<std::uint64_t> counts) {
  counts.insert(counts.begin(), 0);
  std::uint64_t rows = 0;
  for (auto& count : counts) {
    rows += count;
    if (rows > kMostRows) {
      throw Error{ErrorCode::invalid_input,
                  fmt::format("the counts add up to more than {} rows", grouped(kMostRows))};
    }
    count = rows;
  }
  return counts;
}

std::vector<std::uint64_t> Planner::counts_of(const Block& owner, const Count& count) const {
  const auto* literal = count.expression.literal_value();
  const auto* constant = literal != nullptr ? std::get_if<std::int64_t>(literal) : nullptr;
  const auto most = static_cast<std::int64_t>(kMostRows);
  if (constant != nullptr && *constant >= 0 && *constant <= most) {
    return std::vector<std::uint64_t>(owner.count, static_cast<std::uint64_t>(*constant));
  }
  Generation generation;
  generation.now_micros = context_.now_micros;
  std::vector<std::uint64_t> counts;
  for (std::uint64_t first = 0; first < owner.count; first += kBatchRows) {
    std::vector<std::uint64_t> offsets(std::min<std::uint64_t>(owner.count - first, kBatchRows));
    std::iota(offsets.begin(), offsets.end(), first);
    BlockFrame frame{generation, owner, std::move(offsets)};
    const auto some = frame.counts(count);
    counts.insert(counts.end(), some.begin(), some.end());
  }
  return counts;
}

const Block& Planner::add_per(const Block& owner, RecipePointer recipe,
                              std::vector<std::uint64_t> counts) {
  begin_entry();
  auto& block = begin_children(owner, std::move(recipe));
  block.root = &block;
  block.starts = starts_of(std::move(counts));
  block.count = block.starts.back();
  block.first_row = context_.take_rows(block.recipe->table(), block.count);
  connect(block);
  add_children(block);
  return block;
}

}  // namespace seedbed::detail
