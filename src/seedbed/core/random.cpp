#include "seedbed/core/random.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "seedbed/core/digest.hpp"
#include "seedbed/core/draw_lanes.hpp"
#include "seedbed/core/philox.hpp"

namespace seedbed {

namespace {

constexpr unsigned kFeistelRounds = 6;

using detail::combined;
using detail::high_word;
using detail::low_word;

/// Draws 2 * block and the one after it.
DrawPair drawn(std::uint64_t key, std::uint64_t row, std::uint64_t block) noexcept {
  const auto words =
      philox4x32_10({low_word(row), high_word(row), low_word(block), high_word(block)},
                    {low_word(key), high_word(key)});
  return {combined(words[0], words[1]), combined(words[2], words[3])};
}

template <std::size_t N>
double polynomial(const std::array<double, N>& coefficients, double x) noexcept {
  double result = 0;
  for (std::size_t i = N; i-- > 0;) result = result * x + coefficients[i];
  return result;
}

// Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988): coefficients of the three
// rational approximations, lowest power first. Relative accuracy about 1e-16.
constexpr std::array<double, 8> kA{3.3871328727963666080e0,  1.3314166789178437745e+2,
                                   1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                   4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                   3.3430575583588128105e+4, 2.5090809287301226727e+3};
constexpr std::array<double, 8> kB{1.0,
                                   4.2313330701600911252e+1,
                                   6.8718700749205790830e+2,
                                   5.3941960214247511077e+3,
                                   2.1213794301586595867e+4,
                                   3.9307895800092710610e+4,
                                   2.8729085735721942674e+4,
                                   5.2264952788528545610e+3};
constexpr std::array<double, 8> kC{1.42343711074968357734e0,  4.63033784615654529590e0,
                                   5.76949722146069140550e0,  3.64784832476320460504e0,
                                   1.27045825245236838258e0,  2.41780725177450611770e-1,
                                   2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr std::array<double, 8> kD{1.0,
                                   2.05319162663775882187e0,
                                   1.67638483018380384940e0,
                                   6.89767334985100004550e-1,
                                   1.48103976427480074590e-1,
                                   1.51986665636164571966e-2,
                                   5.47593808499534494600e-4,
                                   1.05075007164441684324e-9};
constexpr std::array<double, 8> kE{6.65790464350110377720e0,  5.46378491116411436990e0,
                                   1.78482653991729133580e0,  2.96560571828504891230e-1,
                                   2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                   2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr std::array<double, 8> kF{1.0,
                                   5.99832206555887937690e-1,
                                   1.36929880922735805310e-1,
                                   1.48753612908506148525e-2,
                                   7.86869131145613259100e-4,
                                   1.84631831751005468180e-5,
                                   1.42151175831644588870e-7,
                                   2.04426310338993978564e-15};

double inverse_normal(double probability) noexcept {
  const double q = probability - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(kA, r) / polynomial(kB, r);
  }
  double r = std::sqrt(-portable_log(q < 0 ? probability : 1.0 - probability));
  double result = 0;
  if (r <= 5.0) {
    r -= 1.6;
    result = polynomial(kC, r) / polynomial(kD, r);
  } else {
    r -= 5.0;
    result = polynomial(kE, r) / polynomial(kF, r);
  }
  return q < 0 ? -result : result;
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                           std::array<std::uint32_t, 2> key) noexcept {
  for (int round = 0; round < detail::kPhiloxRounds; ++round) {
    const std::uint64_t first = std::uint64_t{detail::kMultiplier0} * counter[0];
    const std::uint64_t second = std::uint64_t{detail::kMultiplier1} * counter[2];
    counter = {high_word(second) ^ counter[1] ^ key[0], low_word(second),
               high_word(first) ^ counter[3] ^ key[1], low_word(first)};
    key[0] += detail::kWeyl0;
    key[1] += detail::kWeyl1;
  }
  return counter;
}

std::uint64_t cell_key(std::uint64_t seed, std::string_view name) {
  std::string message;
  for (unsigned i = 0; i < 8; ++i) message += static_cast<char>(seed >> (8 * i) & 0xFFU);
  message += name;
  const Digest digest = sha256(message);
  std::uint64_t key = 0;
  for (unsigned i = 0; i < 8; ++i) key |= std::uint64_t{digest.bytes[i]} << (8 * i);
  return key;
}

void first_draws(std::uint64_t key, std::span<const std::uint64_t> rows,
                 std::span<DrawPair> pairs) noexcept {
  std::size_t i = detail::draw_wide_lanes(key, rows, pairs);
  i += detail::draw_lanes(key, rows.subspan(i), pairs.subspan(i));
  for (; i < rows.size(); ++i) pairs[i] = drawn(key, rows[i], 0);
}

void CellRandom::make_pair() noexcept {
  pair_ = drawn(key_, row_, made_ / 2);
  made_ += 2;
}

std::uint64_t CellRandom::evened(WideNumber product, std::uint64_t bound) noexcept {
  const std::uint64_t threshold = (0 - bound) % bound;
  while (static_cast<std::uint64_t>(product) < threshold) product = WideNumber{next()} * bound;
  return static_cast<std::uint64_t>(product >> 64U);
}

std::int64_t CellRandom::between(std::int64_t first, std::int64_t last) noexcept {
  const auto origin = static_cast<std::uint64_t>(first);
  const std::uint64_t span = static_cast<std::uint64_t>(last) - origin;
  if (span == std::numeric_limits<std::uint64_t>::max()) return static_cast<std::int64_t>(next());
  return static_cast<std::int64_t>(origin + below(span + 1));
}

double CellRandom::unit() noexcept {
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

double CellRandom::normal() noexcept {
  // The middle of each of 2^53 equal cells, so that neither 0 nor 1 is ever inverted.
  return inverse_normal((static_cast<double>(next() >> 12U) + 0.5) * 0x1.0p-52);
}

double CellRandom::exponential() noexcept {
  return -portable_log((static_cast<double>(next() >> 12U) + 0.5) * 0x1.0p-52);
}

double portable_log(double x) noexcept {
  if (!(x > 0)) return -std::numeric_limits<double>::infinity();
  if (std::isinf(x)) return x;
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // exact
  constexpr double kSqrtHalf = 0.70710678118654752440;
  if (mantissa < kSqrtHalf) {
    mantissa *= 2;
    --exponent;
  }
  // log(m) = 2 atanh(s), s = (m - 1) / (m + 1), |s| < 0.172: the series converges to 1e-17 in 12
  // terms.
  const double s = (mantissa - 1) / (mantissa + 1);
  const double square = s * s;
  double series = 0;
  for (int k = 23; k >= 1; k -= 2) series = series * square + 1.0 / k;
  constexpr double kLog2High = 6.93147180369123816490e-01;
  constexpr double kLog2Low = 1.90821492927058770002e-10;
  return exponent * kLog2High + (2 * s * series + exponent * kLog2Low);
}

double portable_exp(double x) noexcept {
  if (std::isnan(x)) return x;
  constexpr double kLargest = 709.78;
  constexpr double kSmallest = -745.2;
  if (x > kLargest) return std::numeric_limits<double>::infinity();
  if (x < kSmallest) return 0;
  constexpr double kInverseLog2 = 1.44269504088896338700;
  constexpr double kLog2High = 6.93147180369123816490e-01;
  constexpr double kLog2Low = 1.90821492927058770002e-10;
  const double scaled = std::floor(x * kInverseLog2 + 0.5);
  const double rest = (x - scaled * kLog2High) - scaled * kLog2Low;  // |rest| <= 0.35
  double series = 1;
  for (int k = 18; k >= 1; --k) series = 1 + series * rest / k;
  return std::ldexp(series, static_cast<int>(scaled));
}

Permutation::Permutation(std::uint64_t key, std::uint64_t size) noexcept
    : key_{key},
      size_{size == 0 ? 1 : size},
      half_bits_{(static_cast<unsigned>(std::bit_width(size_ - 1)) + 1) / 2} {
  if (half_bits_ == 0) half_bits_ = 1;
}

std::uint64_t Permutation::mix(std::uint64_t half, unsigned round) const noexcept {
  const auto words = philox4x32_10({low_word(half), high_word(half), round, 0x5EEDBEDU},
                                   {low_word(key_), high_word(key_)});
  return combined(words[0], words[1]) & ((std::uint64_t{1} << half_bits_) - 1);
}

std::uint64_t Permutation::at(std::uint64_t index) const noexcept {
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  do {
    std::uint64_t left = index >> half_bits_;
    std::uint64_t right = index & mask;
    for (unsigned round = 0; round < kFeistelRounds; ++round) {
      const std::uint64_t next = left ^ mix(right, round);
      left = right;
      right = next;
    }
    index = left << half_bits_ | right;
  } while (index >= size_);
  return index;
}

std::uint64_t Permutation::index_of(std::uint64_t value) const noexcept {
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  do {
    std::uint64_t left = value >> half_bits_;
    std::uint64_t right = value & mask;
    for (unsigned round = kFeistelRounds; round-- > 0;) {
      const std::uint64_t previous = right ^ mix(left, round);
      right = left;
      left = previous;
    }
    value = left << half_bits_ | right;
  } while (value >= size_);
  return value;
}

}  // namespace seedbed
