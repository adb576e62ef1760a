#include "seedbed/factories/providers/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace seedbed::detail {

namespace {

template <typename Draw>
auto draw_within(Bounds bounds, Draw draw) {
  auto value = draw();
  for (int i = 0; i < kRedraws; ++i) {
    const auto real = static_cast<double>(value);
    if (real >= bounds.least && real <= bounds.most) return value;
    value = draw();
  }
  const double nearer = std::clamp(static_cast<double>(value), bounds.least, bounds.most);
  return static_cast<decltype(value)>(nearer);
}

// By inversion: sums probabilities until they pass a uniform draw.
std::int64_t poisson_by_inversion(CellRandom& random, double mean) {
  const double u = random.unit();
  const auto limit = static_cast<std::int64_t>(mean + 40 * std::sqrt(mean) + 100);
  double probability = portable_exp(-mean);
  double sum = probability;
  std::int64_t k = 0;
  while (u >= sum && k < limit) {
    ++k;
    probability *= mean / static_cast<double>(k);
    sum += probability;
  }
  return k;
}

// log(1 + x) / x and (exp(x) - 1) / x, by their series where the quotients would lose digits.
double log1p_quotient(double x) {
  if (std::fabs(x) > 1e-3) return portable_log(1 + x) / x;
  return 1 - x * (1.0 / 2 - x * (1.0 / 3 - x * (1.0 / 4 - x * (1.0 / 5 - x / 6))));
}
double expm1_quotient(double x) {
  if (std::fabs(x) > 1e-3) return (portable_exp(x) - 1) / x;
  return 1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6))));
}

class Zipf {
 public:
  explicit Zipf(double s) : s_{s} {}
  [[nodiscard]] double density(double x) const { return portable_exp(-s_ * portable_log(x)); }
  [[nodiscard]] double integral(double x) const {
    const double log_x = portable_log(x);
    return expm1_quotient((1 - s_) * log_x) * log_x;
  }
  [[nodiscard]] double inverse_integral(double x) const {
    const double t = std::max(x * (1 - s_), -1.0);  // rounding may pass the end of the domain
    return portable_exp(log1p_quotient(t) * x);
  }

 private:
  double s_;
};

}  // namespace

double draw_normal(CellRandom& random, double mean, double sd, Bounds bounds) {
  return draw_within(bounds, [&] { return mean + sd * random.normal(); });
}

double draw_lognormal(CellRandom& random, double mean, double sd, Bounds bounds) {
  const double variance = portable_log(1 + (sd / mean) * (sd / mean));
  const double location = portable_log(mean) - variance / 2;
  const double scale = std::sqrt(variance);
  return draw_within(bounds, [&] { return portable_exp(location + scale * random.normal()); });
}

double draw_exponential(CellRandom& random, double mean, Bounds bounds) {
  return draw_within(bounds, [&] { return mean * random.exponential(); });
}

std::int64_t draw_poisson(CellRandom& random, double mean, Bounds bounds) {
  constexpr double kPiece = 400;  // exp(-400) is far from underflow
  return draw_within(bounds, [&] {
    std::int64_t sum = 0;
    // A sum of Poisson variables is one of the sum of their means.
    const auto pieces = static_cast<int>(std::ceil(mean / kPiece)) - 1;
    for (int i = 0; i < pieces; ++i) sum += poisson_by_inversion(random, kPiece);
    return sum + poisson_by_inversion(random, mean - kPiece * std::max(pieces, 0));
  });
}

std::int64_t draw_zipf(CellRandom& random, double s, std::int64_t largest) {
  const Zipf zipf{s};
  const double end = zipf.integral(static_cast<double>(largest) + 0.5);
  const double begin = zipf.integral(1.5) - 1;
  const double shortcut = 2 - zipf.inverse_integral(zipf.integral(2.5) - zipf.density(2));
  for (int i = 0; i < kRedraws; ++i) {  // one in about 1.2 is accepted
    const double u = end + random.unit() * (begin - end);
    const double x = zipf.inverse_integral(u);
    const auto k =
        std::clamp(static_cast<std::int64_t>(std::floor(x + 0.5)), std::int64_t{1}, largest);
    const auto rank = static_cast<double>(k);
    if (rank - x <= shortcut || u >= zipf.integral(rank + 0.5) - zipf.density(rank)) return k;
  }
  return 1;
}

}  // namespace seedbed::detail
