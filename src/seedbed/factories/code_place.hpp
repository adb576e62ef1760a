#pragma once

namespace seedbed {

/// A line of C++, as a default argument that of the call. (clang 14 has no std::source_location
/// with GCC's library.)
struct CodePlace {
  const char* file = "";
  int line = 0;

  [[nodiscard]] static constexpr CodePlace current(const char* file = __builtin_FILE(),
                                                   int line = __builtin_LINE()) noexcept {
    return {file, line};
  }
};

}  // namespace seedbed
