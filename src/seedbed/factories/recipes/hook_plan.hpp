#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/factories/definition.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

struct FactoryModel;
class ModelBook;

/// What a hook's statement binds: a column or param of the row, or a column of a row above or
/// below.
struct HookArgument {
  std::string name{};
  std::string relation{};              ///< empty: the row itself
  const ForeignKey* key = nullptr;     ///< of a relation to a row above
  std::optional<std::size_t> child{};  ///< of rows below: which one, from 0
};

/// A hook whose names are known to be right.
struct HookPlan {
  const HookDefinition* definition = nullptr;
  std::vector<std::string> texts{};  ///< of the statement, around the arguments: one more
  std::vector<HookArgument> arguments{};
};

/// The hooks of merged layers, each once, in their order. Appends a finding for each part of a
/// statement that the factory does not have.
[[nodiscard]] std::vector<HookPlan> plan_hooks(const std::vector<const Layer*>& layers,
                                               const FactoryModel& model, ModelBook& models,
                                               Diagnostics& findings);

}  // namespace seedbed::detail
