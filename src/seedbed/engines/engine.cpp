#include "seedbed/engines/engine.hpp"

#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

void EngineRegistry::add(std::unique_ptr<Engine> engine) {
  engines_.push_back(std::move(engine));
}

const Engine& EngineRegistry::at(std::string_view name) const {
  std::vector<std::string> names;
  for (const auto& engine : engines_) {
    if (engine->name() == name) return *engine;
    names.emplace_back(engine->name());
  }
  throw Error{ErrorCode::unsupported,
              fmt::format("this program is built without the engine '{}' (it has: {})", name,
                          join(names, ", "))};
}

}  // namespace seedbed
