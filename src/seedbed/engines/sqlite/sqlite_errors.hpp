#pragma once

#include <string_view>

#include "seedbed/core/error.hpp"

struct sqlite3;

namespace seedbed::detail {

/// The kind of error that an extended result code stands for.
[[nodiscard]] ErrorCode sqlite_error_code(int extended_code) noexcept;
/// The SQLSTATE other engines give for the same violation; empty where there is none.
[[nodiscard]] std::string_view sqlite_sqlstate(int extended_code) noexcept;

/// The last failure of `handle`. `line` is where the failing statement starts in a script, from 1;
/// 0 for a single statement.
[[nodiscard]] Error sqlite_error(sqlite3* handle, std::string_view statement, int line = 0);

}  // namespace seedbed::detail
