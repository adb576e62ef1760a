#include "seedbed/factories/plan/child_starts.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/number_text.hpp"
#include "seedbed/factories/definition.hpp"

namespace seedbed::detail {

namespace {

// As many as are kept whole take 128 KB. Wider gaps cost rows more that look for owners anywhere.
constexpr std::uint64_t kFewOwners = 16'384;
constexpr std::uint64_t kSpacing = 64;

[[noreturn]] void refuse_rows() {
  throw Error{ErrorCode::invalid_input,
              fmt::format("the counts add up to more than {} rows", grouped(kMostRows))};
}

/// The owner, counted from the first of these, that the row is below.
std::uint64_t place_of(const std::vector<std::uint64_t>& starts, std::uint64_t row) {
  const auto after = std::upper_bound(starts.begin(), starts.end(), row);
  return static_cast<std::uint64_t>(after - starts.begin()) - 1;
}

}  // namespace

ChildStarts::ChildStarts(std::uint64_t owners, std::uint64_t each) {
  if (each > 0 && owners > kMostRows / each) refuse_rows();
  kept_ = std::make_shared<const Kept>(Kept{owners, owners * each, each});
}

ChildStarts::ChildStarts(std::uint64_t owners, CountDrawer draw)
    : ChildStarts{owners, std::move(draw), owners <= kFewOwners ? 1 : kSpacing} {}

ChildStarts::ChildStarts(std::uint64_t owners, CountDrawer draw, std::uint64_t spacing) {
  auto kept = std::make_shared<Kept>(Kept{owners, 0, 0, spacing});
  kept->starts.reserve(owners / spacing + 2);
  std::uint64_t owner = 0;
  for (std::uint64_t first = 0; first < owners; first += kBatchRows) {
    for (const auto count : draw(first, std::min<std::uint64_t>(owners, first + kBatchRows))) {
      if (owner++ % spacing == 0) kept->starts.push_back(kept->rows);
      kept->most = std::max(kept->most, count);
      kept->rows += count;
      if (kept->rows > kMostRows) refuse_rows();
    }
  }
  kept->starts.push_back(kept->rows);
  if (spacing > 1) kept->draw = std::move(draw);
  kept_ = std::move(kept);
}

ChildStarts::Piece ChildStarts::draw_piece(const Kept& kept, std::uint64_t number) {
  const auto first = number * kept.spacing;
  Piece piece{kept.starts[number]};
  for (const auto count : kept.draw(first, std::min(kept.owners, first + kept.spacing))) {
    piece.push_back(piece.back() + count);
  }
  return piece;
}

std::uint64_t ChildStarts::begin_of(std::uint64_t owner, StartsCache& cache) const {
  const auto& kept = *kept_;
  if (kept.spacing == 0) return owner * kept.most;
  if (owner == kept.owners) return kept.rows;
  const auto place = owner % kept.spacing;
  if (place == 0) return kept.starts[owner / kept.spacing];
  return cache.piece(kept_, owner / kept.spacing)[place];
}

std::uint64_t ChildStarts::owner_of(std::uint64_t row, StartsCache& cache) const {
  const auto& kept = *kept_;
  if (kept.spacing == 0) return row / kept.most;
  const auto number = place_of(kept.starts, row);
  if (kept.spacing == 1) return number;
  return number * kept.spacing + place_of(cache.piece(kept_, number), row);
}

const std::vector<std::uint64_t>& StartsCache::piece(
    const std::shared_ptr<const ChildStarts::Kept>& kept, std::uint64_t number) {
  if (last_ == nullptr || last_->of != kept) {
    last_ = &known_[kept.get()];
    last_->of = kept;
  }
  auto& slot = last_->slots.at(number % kPieces);
  if (slot.piece.empty() || slot.number != number) {
    slot.piece = ChildStarts::draw_piece(*kept, number);
    slot.number = number;
  }
  return slot.piece;
}

}  // namespace seedbed::detail
