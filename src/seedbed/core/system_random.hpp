#pragma once

#include <cstddef>
#include <string>

namespace seedbed {

/// Random bytes of the system, at most 256: for names and passwords, never for generated values.
/// Throws unavailable.
[[nodiscard]] std::string system_random_bytes(std::size_t count);

}  // namespace seedbed
