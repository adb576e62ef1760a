#pragma once

#include <vector>

#include "tools/seedbed/command.hpp"

namespace seedbed::tool {

[[nodiscard]] std::vector<Command> adopt_commands();
[[nodiscard]] std::vector<Command> schema_commands();
[[nodiscard]] std::vector<Command> migrate_commands();
[[nodiscard]] std::vector<Command> record_commands();
[[nodiscard]] std::vector<Command> insight_commands();
[[nodiscard]] std::vector<Command> lint_commands();
[[nodiscard]] std::vector<Command> load_commands();
[[nodiscard]] std::vector<Command> snapshot_commands();
[[nodiscard]] std::vector<Command> cleanup_commands();
[[nodiscard]] std::vector<Command> run_commands();
[[nodiscard]] std::vector<Command> wait_commands();
[[nodiscard]] std::vector<Command> check_commands();

/// All of them, in the order a newcomer meets them.
[[nodiscard]] std::vector<Command> all_commands();

}  // namespace seedbed::tool
