#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace seedbed::detail {

/// Whether `scale_counts` can reach `total`: some count is above zero, and `most` for each of those
/// is enough.
[[nodiscard]] bool can_scale(const std::vector<std::uint64_t>& counts, std::uint64_t total,
                             std::optional<std::uint64_t> most);

/// Scales counts so that they add up to `total` exactly: in proportion, none above `most`, what
/// rounding leaves going to the largest remainders, among equal ones to the first. Zeros stay zero.
/// `can_scale` must hold.
void scale_counts(std::vector<std::uint64_t>& counts, std::uint64_t total,
                  std::optional<std::uint64_t> most);

}  // namespace seedbed::detail
