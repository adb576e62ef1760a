#pragma once

#include "seedbed/engines/undo_log.hpp"

namespace seedbed::detail {

/// By triggers, which fire for every program that opens the file, and write the old row to one
/// table; undone with triggers and foreign keys switched off for the connection. An overlay below
/// SQLite, or its sessions, would cost less and see the statements of one process only.
[[nodiscard]] const UndoLog& sqlite_undo_log();

}  // namespace seedbed::detail
