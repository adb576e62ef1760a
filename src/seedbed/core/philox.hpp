#pragma once

#include <cstdint>

namespace seedbed::detail {

// What the ways to compute Philox4x32-10 share.

inline constexpr std::uint32_t kMultiplier0 = 0xD2511F53U;
inline constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57U;
inline constexpr std::uint32_t kWeyl0 = 0x9E3779B9U;
inline constexpr std::uint32_t kWeyl1 = 0xBB67AE85U;
inline constexpr int kPhiloxRounds = 10;

[[nodiscard]] constexpr std::uint32_t low_word(std::uint64_t x) noexcept {
  return static_cast<std::uint32_t>(x);
}
[[nodiscard]] constexpr std::uint32_t high_word(std::uint64_t x) noexcept {
  return static_cast<std::uint32_t>(x >> 32U);
}
[[nodiscard]] constexpr std::uint64_t combined(std::uint32_t lower, std::uint32_t upper) noexcept {
  return static_cast<std::uint64_t>(upper) << 32U | lower;
}

}  // namespace seedbed::detail
