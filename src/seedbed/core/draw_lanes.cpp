#include "seedbed/core/draw_lanes.hpp"

#include <array>

#include "seedbed/core/philox.hpp"

// clang-tidy 14 complains of intrinsics without a place where NOLINT could stand.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang_analyzer__)
#include <immintrin.h>
#define SEEDBED_HAS_AVX2_CODE
#endif

namespace seedbed::detail {

namespace {

constexpr std::size_t kLanes = 8;
using Lane = std::array<std::uint32_t, kLanes>;

/// As `philox4x32_10`, the same step for all rows before the next one: their multiplications do not
/// wait for each other.
void draw_eight(std::uint64_t key, std::span<const std::uint64_t, kLanes> rows,
                std::span<DrawPair, kLanes> pairs) noexcept {
  Lane a{};
  Lane b{};
  Lane c{};
  Lane d{};
  for (std::size_t i = 0; i < kLanes; ++i) {
    a[i] = low_word(rows[i]);
    b[i] = high_word(rows[i]);
  }
  auto key0 = low_word(key);
  auto key1 = high_word(key);
  for (int round = 0; round < kPhiloxRounds; ++round, key0 += kWeyl0, key1 += kWeyl1) {
    for (std::size_t i = 0; i < kLanes; ++i) {
      const std::uint64_t first = std::uint64_t{kMultiplier0} * a[i];
      const std::uint64_t second = std::uint64_t{kMultiplier1} * c[i];
      a[i] = high_word(second) ^ b[i] ^ key0;
      b[i] = low_word(second);
      c[i] = high_word(first) ^ d[i] ^ key1;
      d[i] = low_word(first);
    }
  }
  for (std::size_t i = 0; i < kLanes; ++i) {
    pairs[i] = {combined(a[i], b[i]), combined(c[i], d[i])};
  }
}

#ifdef SEEDBED_HAS_AVX2_CODE

constexpr std::size_t kRowsPerVector = 4;
constexpr std::size_t kWideLanes = 2 * kRowsPerVector;

/// The words of four rows, each in the lower half of 64 bits; in the upper half is what nobody
/// looks at.
struct Words {
  __m256i a;
  __m256i b;
  __m256i c;
  __m256i d;
};

__attribute__((target("avx2"))) inline void next_round(Words& words, __m256i key0,
                                                       __m256i key1) noexcept {
  const auto first = _mm256_mul_epu32(words.a, _mm256_set1_epi64x(kMultiplier0));
  const auto second = _mm256_mul_epu32(words.c, _mm256_set1_epi64x(kMultiplier1));
  words.a = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(second, 32), words.b), key0);
  words.b = second;
  words.c = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(first, 32), words.d), key1);
  words.d = first;
}

__attribute__((target("avx2"))) inline __m256i combined_words(__m256i lower,
                                                              __m256i upper) noexcept {
  constexpr int kUpperWords = 0xAA;
  return _mm256_blend_epi32(lower, _mm256_slli_epi64(upper, 32), kUpperWords);
}

__attribute__((target("avx2"))) inline void store_pairs(const Words& words,
                                                        DrawPair* pairs) noexcept {
  const auto first = combined_words(words.a, words.b);
  const auto second = combined_words(words.c, words.d);
  const auto even = _mm256_unpacklo_epi64(first, second);  // the pairs of rows 0 and 2
  const auto odd = _mm256_unpackhi_epi64(first, second);
  auto* const out = reinterpret_cast<__m256i*>(pairs);
  _mm256_storeu_si256(out, _mm256_permute2x128_si256(even, odd, 0x20));
  _mm256_storeu_si256(out + 1, _mm256_permute2x128_si256(even, odd, 0x31));
}

__attribute__((target("avx2"))) inline Words first_words(const std::uint64_t* rows) noexcept {
  const auto numbers = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows));
  const auto zero = _mm256_setzero_si256();
  return {numbers, _mm256_srli_epi64(numbers, 32), zero, zero};
}

// Two vectors, whose multiplications do not wait for each other, and whose words have room in the
// registers.
__attribute__((target("avx2"))) void draw_wide(std::uint64_t key, const std::uint64_t* rows,
                                               DrawPair* pairs) noexcept {
  auto left = first_words(rows);
  auto right = first_words(rows + kRowsPerVector);
  auto key0 = low_word(key);
  auto key1 = high_word(key);
  for (int round = 0; round < kPhiloxRounds; ++round, key0 += kWeyl0, key1 += kWeyl1) {
    const auto wide0 = _mm256_set1_epi64x(key0);
    const auto wide1 = _mm256_set1_epi64x(key1);
    next_round(left, wide0, wide1);
    next_round(right, wide0, wide1);
  }
  store_pairs(left, pairs);
  store_pairs(right, pairs + kRowsPerVector);
}

// Asked for by hand: what GCC's `target_clones` does instead runs before sanitizers are ready.
bool has_avx2() noexcept {
  static const bool kHas = __builtin_cpu_supports("avx2");
  return kHas;
}

#endif

}  // namespace

std::size_t draw_lanes(std::uint64_t key, std::span<const std::uint64_t> rows,
                       std::span<DrawPair> pairs) noexcept {
  std::size_t i = 0;
  for (; i + kLanes <= rows.size(); i += kLanes) {
    draw_eight(key, rows.subspan(i).first<kLanes>(), pairs.subspan(i).first<kLanes>());
  }
  return i;
}

std::size_t draw_wide_lanes([[maybe_unused]] std::uint64_t key,
                            [[maybe_unused]] std::span<const std::uint64_t> rows,
                            [[maybe_unused]] std::span<DrawPair> pairs) noexcept {
  std::size_t i = 0;
#ifdef SEEDBED_HAS_AVX2_CODE
  if (rows.size() < kWideLanes || !has_avx2()) return 0;
  for (; i + kWideLanes <= rows.size(); i += kWideLanes) {
    draw_wide(key, rows.data() + i, pairs.data() + i);
  }
#endif
  return i;
}

}  // namespace seedbed::detail
