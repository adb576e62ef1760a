#pragma once

#include <string>

#include "seedbed/core/error.hpp"

namespace seedbed::detail {

/// What a snapshot holds is not what a snapshot holds.
[[noreturn]] inline void throw_corrupt(const std::string& what) {
  throw Error{ErrorCode::corrupt, what};
}

}  // namespace seedbed::detail
