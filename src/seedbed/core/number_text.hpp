#pragma once

#include <cstdint>
#include <string>

namespace seedbed {

/// "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t number);
/// "512 bytes", "4.1 kB", "12.3 MB"; a kB is a thousand bytes.
[[nodiscard]] std::string size_text(std::uint64_t bytes);

}  // namespace seedbed
