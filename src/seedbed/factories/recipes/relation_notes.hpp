#pragma once

#include <string>

#include "seedbed/factories/plan/plan.hpp"
#include "seedbed/factories/recipes/recipe.hpp"

namespace seedbed::detail {

/// Why a row needs the row above: "orders.customer_id may not be NULL", "'refs' asks for it".
[[nodiscard]] std::string reason_of(const Recipe& recipe, const RelationPlan& relation);

/// Which row of the graph it is, in words: "a new row of 'user' for each row".
[[nodiscard]] std::string target_of(const Block& block, std::size_t relation);

}  // namespace seedbed::detail
