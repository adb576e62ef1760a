#pragma once

#include <string_view>

#include "seedbed/core/error.hpp"

namespace seedbed::detail {

/// Inside a sandbox's transaction; gone when somebody has ended that, so undoing it fails then.
inline constexpr std::string_view kSandboxSavepoint = "SAVEPOINT seedbed_sandbox";
inline constexpr std::string_view kUndoSandboxSavepoint = "ROLLBACK TO SAVEPOINT seedbed_sandbox";

/// Around a statement whose failure is not to end the sandbox's transaction, as on PostgreSQL.
inline constexpr std::string_view kStatementSavepoint = "SAVEPOINT seedbed_statement";
inline constexpr std::string_view kReleaseStatement = "RELEASE SAVEPOINT seedbed_statement";
inline constexpr std::string_view kUndoStatement =
    "ROLLBACK TO SAVEPOINT seedbed_statement; RELEASE SAVEPOINT seedbed_statement";

/// What a statement of PostgreSQL means to the transaction that it runs in.
enum class StatementRole : unsigned char {
  plain,
  copy,       ///< COPY, which speaks another protocol
  begin,      ///< begins one
  end,        ///< ends it
  savepoint,  ///< makes or ends a savepoint
};
[[nodiscard]] StatementRole role_of(std::string_view statement);

/// The error for a sandbox whose transaction was ended behind its back: by `details.statement`,
/// where that is known.
[[nodiscard]] Error sandbox_ended(ErrorDetails details);

}  // namespace seedbed::detail
