#include "seedbed/factories/plan/totals.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>

namespace seedbed::detail {

namespace {

constexpr std::uint64_t kSmallCounts = 4096;

}  // namespace

void CountTally::add(std::uint64_t count) {
  if (count >= kSmallCounts) {
    ++large_[count];
    return;
  }
  if (count >= small_.size()) small_.resize(static_cast<std::size_t>(count) + 1);
  ++small_[count];
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> CountTally::entries() const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> entries;
  for (std::size_t count = 0; count < small_.size(); ++count) {
    if (small_[count] > 0) entries.emplace_back(count, small_[count]);
  }
  entries.insert(entries.end(), large_.begin(), large_.end());
  return entries;
}

bool can_scale(const CountTally& counts, std::uint64_t total, std::optional<std::uint64_t> most) {
  __extension__ using Wide = unsigned __int128;
  std::uint64_t positive = 0;
  for (const auto& [count, owners] : counts.entries()) positive += count > 0 ? owners : 0;
  return total == 0 || (positive > 0 && (!most || Wide{*most} * positive >= total));
}

CountScale::CountScale(const CountTally& counts, std::uint64_t total,
                       std::optional<std::uint64_t> most)
    : rest_{total, 0}, most_{most} {
  const auto entries = counts.entries();
  for (const auto& [count, owners] : entries) rest_.sum += Wide{count} * owners;
  if (most) fill_up(entries, *most);
  hand_out(entries);
}

/// Gives `most` to every count whose part would reach it; the others' parts grow by that, so it is
/// repeated. What reaches it once does so ever after, so that the last round tells all of them.
void CountScale::fill_up(const Entries& counts, std::uint64_t most) {
  const auto whole = rest_;
  while (rest_.sum > 0 && rest_.sum != full_.sum) {
    full_ = rest_;
    rest_ = whole;
    for (const auto& [count, owners] : counts) {
      if (!is_full(count)) continue;
      rest_.sum -= Wide{count} * owners;
      rest_.total -= Wide{most} * owners;
    }
  }
}

bool CountScale::is_full(std::uint64_t count) const {
  return most_ && count > 0 && full_.sum > 0 && count * full_.total >= *most_ * full_.sum;
}

void CountScale::hand_out(const Entries& counts) {
  std::map<std::uint64_t, std::uint64_t, std::greater<>> remainders;  // and how many have them
  if (rest_.sum == 0) return;
  auto left = rest_.total;
  for (const auto& [count, owners] : counts) {
    if (count == 0 || is_full(count)) continue;
    const Wide part = count * rest_.total;
    left -= part / rest_.sum * owners;
    // Sums stay below 2^64, so a remainder does.
    const auto remainder = static_cast<std::uint64_t>(part % rest_.sum);
    if (remainder > 0) remainders[remainder] += owners;
  }
  for (const auto& [remainder, owners] : remainders) {
    remainder_ = remainder;
    ties_ = static_cast<std::uint64_t>(std::min<Wide>(left, owners));
    left -= ties_;
    if (left == 0) break;
  }
}

bool CountScale::note(std::uint64_t count) {
  if (ties_ == 0) return false;
  ++noted_;
  if (count == 0 || is_full(count)) return true;
  if (static_cast<std::uint64_t>(count * rest_.total % rest_.sum) != remainder_) return true;
  if (--ties_ > 0) return true;
  ties_end_ = noted_;
  return false;
}

std::uint64_t CountScale::scaled(std::uint64_t count, std::uint64_t place) const {
  if (count == 0) return 0;
  if (is_full(count)) return *most_;
  const Wide part = count * rest_.total;
  const auto remainder = static_cast<std::uint64_t>(part % rest_.sum);
  const bool more =
      remainder > remainder_ || (remainder == remainder_ && remainder > 0 && place < ties_end_);
  return static_cast<std::uint64_t>(part / rest_.sum) + (more ? 1 : 0);
}

}  // namespace seedbed::detail
