#pragma once

#include <cstdint>
#include <limits>

#include "seedbed/core/random.hpp"

namespace seedbed::detail {

/// Distributions of the expression language. Bit-equal on every platform: IEEE 754's exactly
/// rounded operations, `portable_log` and `portable_exp` only. Parameters are checked by the
/// caller.

/// Draws outside [least, most] are drawn again, at most this often; then the nearer end is taken.
inline constexpr int kRedraws = 100;

struct Bounds {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

[[nodiscard]] double draw_normal(CellRandom& random, double mean, double sd, Bounds bounds);
/// Mean and standard deviation are those of the variable itself, not of its logarithm.
[[nodiscard]] double draw_lognormal(CellRandom& random, double mean, double sd, Bounds bounds);
[[nodiscard]] double draw_exponential(CellRandom& random, double mean, Bounds bounds);
/// `mean` up to `kLargestPoissonMean`.
[[nodiscard]] std::int64_t draw_poisson(CellRandom& random, double mean, Bounds bounds);
inline constexpr double kLargestPoissonMean = 10'000;
/// 1 to `largest` with probabilities proportional to 1 / k^s; `s` is 0 to 20, `largest` up to
/// 10^12. Rejection-inversion: W. Hörmann, G. Derflinger, ACM TOMACS 6 (1996), 169-184.
[[nodiscard]] std::int64_t draw_zipf(CellRandom& random, double s, std::int64_t largest);

}  // namespace seedbed::detail
