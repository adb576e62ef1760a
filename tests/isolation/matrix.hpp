#pragma once

#include <string>

namespace seedbed::testing {

/// README.md of this folder: what `expected` says of every hazard.
[[nodiscard]] std::string isolation_readme();

}  // namespace seedbed::testing
