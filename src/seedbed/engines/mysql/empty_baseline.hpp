#pragma once

#include "seedbed/engines/empty_baseline.hpp"

namespace seedbed::mysql {

/// One statement looks into all tables, another at InnoDB's own numbers of tables and counters,
/// which takes the PROCESS privilege. Foreign keys stay on for DELETE, unless a cycle asks for it.
/// Triggers cannot be switched off: a touched table that has some is not deleted from.
[[nodiscard]] const EmptyBaseline& empty_baseline();

}  // namespace seedbed::mysql
