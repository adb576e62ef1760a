#pragma once

#include <cstdint>
#include <span>

#include "seedbed/core/random.hpp"

namespace seedbed::detail {

/// `first_draws` of several rows at once, by what every processor has. Both give how many of the
/// rows, from the first on, they made: all but the last few.
[[nodiscard]] std::size_t draw_lanes(std::uint64_t key, std::span<const std::uint64_t> rows,
                                     std::span<DrawPair> pairs) noexcept;
/// The same by AVX2; none of the rows where the processor, or the compiler, has not got it.
[[nodiscard]] std::size_t draw_wide_lanes(std::uint64_t key, std::span<const std::uint64_t> rows,
                                          std::span<DrawPair> pairs) noexcept;

}  // namespace seedbed::detail
