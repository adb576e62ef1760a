#pragma once

#include <string>
#include <vector>

#include "seedbed/factories/library.hpp"
#include "seedbed/factories/session.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::testing {

/// The shop example of the repository, without a database that lasts: the schema that its
/// migrations give on SQLite, and its factories.
[[nodiscard]] const Schema& shop_schema();
[[nodiscard]] const FactoryLibrary& shop_library();
/// The statements of its migrations on SQLite.
[[nodiscard]] std::vector<std::string> shop_migrations();
/// The text of its factory file.
[[nodiscard]] const std::string& shop_factories();
[[nodiscard]] inline SessionOptions shop_options() {
  return {.seed = 42};
}

}  // namespace seedbed::testing
