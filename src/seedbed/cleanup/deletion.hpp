#pragma once

#include <string>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// How tables are emptied by DELETE. Pure.
struct Deletion {
  std::vector<std::string> statements{};
  std::vector<EmptyTable> tables{};  ///< children before parents
  std::vector<TableName>
      guarded{};           ///< with triggers, or keys that must wait: need `Engine::guard_load`
  Diagnostics findings{};  ///< what makes it impossible
};

/// Empties every table of `schema`, which is closed under "refers to".
[[nodiscard]] Deletion plan_deletion(const Engine& engine, const Schema& schema,
                                     const Capabilities& capabilities);

}  // namespace seedbed::detail
