#pragma once

#include <memory>

#include "seedbed/engines/engine.hpp"

namespace seedbed {

/// SQLite 3.35 or newer, opened through SOCI; cells go through the raw handle, since SOCI's dynamic
/// rows lose them.
[[nodiscard]] std::unique_ptr<Engine> make_sqlite_engine();

}  // namespace seedbed
