#pragma once

#include <string>

#include "seedbed/factories/definition.hpp"

namespace seedbed::testing {

/// Everything that definitions say, places apart, one statement a line: equal texts are equal
/// definitions. Of quotes only what they tell is shown.
[[nodiscard]] std::string describe(const Definitions& definitions);
/// The same of one node.
[[nodiscard]] std::string describe(const Node& node);

}  // namespace seedbed::testing
