#include "seedbed/snapshots/manifest.hpp"

#include <numeric>

namespace seedbed {

std::uint64_t SnapshotSummary::rows() const noexcept {
  return std::accumulate(tables.begin(), tables.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& table) { return sum + table.rows; });
}

}  // namespace seedbed
