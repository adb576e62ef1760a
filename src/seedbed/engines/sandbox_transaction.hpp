#pragma once

#include <string_view>

#include "seedbed/core/error.hpp"

namespace seedbed::detail {

/// Inside a sandbox's transaction; gone when somebody has ended that, so undoing it fails then.
inline constexpr std::string_view kSandboxSavepoint = "SAVEPOINT seedbed_sandbox";
inline constexpr std::string_view kUndoSandboxSavepoint = "ROLLBACK TO SAVEPOINT seedbed_sandbox";

/// The error for a sandbox whose transaction was ended behind its back: by `details.statement`,
/// where that is known.
[[nodiscard]] Error sandbox_ended(ErrorDetails details);

}  // namespace seedbed::detail
