#pragma once

#include "seedbed/engines/empty_baseline.hpp"

namespace seedbed::detail {

/// One statement looks into all tables. SQLite has no TRUNCATE: tables are deleted from either way,
/// with triggers and foreign keys switched off for the connection, so that their order is of no
/// concern.
[[nodiscard]] const EmptyBaseline& sqlite_empty_baseline();

}  // namespace seedbed::detail
