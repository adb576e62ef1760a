#pragma once

#include <string>
#include <vector>

#include "seedbed/factories/recipes/recipe.hpp"

namespace seedbed::detail {

/// The layers of a factory under the traits of a call, from the lowest precedence to the highest:
/// what it extends, its base traits, itself, the call's traits. A trait is looked for in the
/// factory first, then in what it extends. Appends a finding for each trait that does not exist or
/// applies itself.
[[nodiscard]] std::vector<const Layer*> resolve_layers(const FactoryModel& model,
                                                       const std::vector<std::string>& traits,
                                                       RecipeBook& book, Diagnostics& findings);

/// What can be found in the definitions alone: `extends` that lead nowhere or round, traits that do
/// not exist or apply themselves, factories that records and scenarios name.
[[nodiscard]] Diagnostics check_definitions(const Definitions& definitions);

/// The names of a factory's traits, those of what it extends included; sorted.
[[nodiscard]] std::vector<std::string> trait_names(
    const std::vector<const FactoryDefinition*>& chain);

}  // namespace seedbed::detail
