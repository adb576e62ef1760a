#pragma once

#include "seedbed/core/error.hpp"
#include "seedbed/factories/recipes/recipe.hpp"

namespace seedbed::detail {

/// Adds a finding for each value that a column limited to labels would take and does not know: the
/// enum or CHECK has changed since the factory was written.
void find_stale_labels(const Recipe& recipe, Diagnostics& findings);

/// Adds a finding for each literal that its column cannot hold, and for each expression whose type
/// no value of which fits.
void find_misfits(const Recipe& recipe, Diagnostics& findings);

}  // namespace seedbed::detail
