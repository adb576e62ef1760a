#pragma once

#include <cstdint>

namespace seedbed::detail {

/// Canonical text in one frame, except that a single row may be larger.
inline constexpr std::uint64_t kMaxChunkBytes = std::uint64_t{64} << 20U;
inline constexpr std::uint64_t kMaxRowBytes = std::uint64_t{4} << 30U;

}  // namespace seedbed::detail
