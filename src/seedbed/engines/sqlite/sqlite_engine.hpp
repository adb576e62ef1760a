#pragma once

#include <memory>

#include "seedbed/engines/engine.hpp"

namespace seedbed {

/// SQLite 3.38 or newer, opened through SOCI; cells go through the raw handle, since SOCI's dynamic
/// rows lose them. A session of Seedbed's own has foreign keys on (`?foreign_keys=off`) and waits
/// for a lock for 5 seconds (`?busy_timeout=` in milliseconds).
[[nodiscard]] std::unique_ptr<Engine> make_sqlite_engine();

namespace detail {
/// The engine that adopted sessions name; stateless.
[[nodiscard]] const Engine& sqlite_engine();
}  // namespace detail

}  // namespace seedbed
