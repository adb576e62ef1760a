#include "seedbed/factories/plan/totals.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace seedbed::detail {

namespace {

__extension__ using Wide = unsigned __int128;

/// What is left to hand out, and the sum of the counts that share it.
struct Rest {
  Wide total = 0;
  Wide sum = 0;
};

/// Gives `most` to every count whose part would reach it; the others' parts grow by that, so it is
/// repeated. The counts that got it are marked in `full`.
Rest fill_up(std::vector<std::uint64_t>& counts, std::vector<bool>& full, Rest rest,
             std::uint64_t most) {
  for (bool again = true; again && rest.sum > 0;) {
    again = false;
    const auto pass = rest;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (full[i] || counts[i] == 0 || counts[i] * pass.total < most * pass.sum) continue;
      rest.sum -= counts[i];
      rest.total -= most;
      counts[i] = most;
      full[i] = true;
      again = true;
    }
  }
  return rest;
}

}  // namespace

bool can_scale(const std::vector<std::uint64_t>& counts, std::uint64_t total,
               std::optional<std::uint64_t> most) {
  const auto zeros = std::count(counts.begin(), counts.end(), std::uint64_t{0});
  const auto positive = counts.size() - static_cast<std::size_t>(zeros);
  return total == 0 || (positive > 0 && (!most || Wide{*most} * positive >= total));
}

void scale_counts(std::vector<std::uint64_t>& counts, std::uint64_t total,
                  std::optional<std::uint64_t> most) {
  Rest rest{total, std::accumulate(counts.begin(), counts.end(), Wide{0})};
  std::vector<bool> full(counts.size());
  if (most) rest = fill_up(counts, full, rest, *most);
  std::vector<std::pair<std::uint64_t, std::size_t>> remainders;  // largest first, by place
  Wide given = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (full[i] || counts[i] == 0) continue;
    const Wide part = counts[i] * rest.total;
    counts[i] = static_cast<std::uint64_t>(part / rest.sum);
    given += counts[i];
    // Sums stay below 2^64, so a remainder does.
    const auto remainder = static_cast<std::uint64_t>(part % rest.sum);
    if (remainder > 0) remainders.emplace_back(~remainder, i);
  }
  const auto left = static_cast<std::ptrdiff_t>(rest.total - given);
  std::nth_element(remainders.begin(), remainders.begin() + left, remainders.end());
  for (auto one = remainders.begin(); one != remainders.begin() + left; ++one) {
    ++counts[one->second];
  }
}

}  // namespace seedbed::detail
