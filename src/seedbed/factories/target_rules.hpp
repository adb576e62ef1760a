#pragma once

#include "seedbed/factories/plan.hpp"

namespace seedbed::detail {

/// What the targets of a block owe to each other, once all are known.

/// Refuses a shape whose rows above may differ in what the key has besides, such as the tenant, or
/// whose key is unique and would repeat. Throws invalid_input.
void require_fitting_shapes(const Block& block);

}  // namespace seedbed::detail
