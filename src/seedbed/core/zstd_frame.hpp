#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace seedbed::detail {

inline constexpr int kZstdLevel = 3;

/// One zstd frame that says how large its content is and carries a checksum. Frames one after the
/// other are a file that `zstd -d` reads.
[[nodiscard]] std::string compress(std::string_view raw);

/// The content of a frame that must fill `frame` and hold exactly `raw_size` bytes. Allocates no
/// more than that, whatever the frame claims. Throws corrupt.
[[nodiscard]] std::string decompress(std::string_view frame, std::uint64_t raw_size);

}  // namespace seedbed::detail
