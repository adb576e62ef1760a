#pragma once

#include <string_view>

#include "seedbed/factories/files/document.hpp"

namespace seedbed::detail {

/// JSON as a tree of nodes, numbers as they are spelled. Throws invalid_input for what is not JSON,
/// for keys given twice, and for more than `kMaximumDepth` levels.
[[nodiscard]] Node read_json(std::string_view text);

}  // namespace seedbed::detail
