#pragma once

#include <cstddef>
#include <string>

#include "seedbed/engines/connection.hpp"

namespace seedbed::postgres {

// Loads by several sessions. Each but the first notes, in the transaction that writes its rows, in
// whose load they are; the first one's transaction removes the notes. A note whose load is not
// running is therefore of one that never came to its end, and rows are found again by the
// transaction that wrote them, `xmin`. Such notes and numbers hold in one cluster only: in another,
// to which a dump has brought them, they say nothing.

/// Makes the table of notes where it is missing, outside a transaction. False when this role must
/// not use it.
[[nodiscard]] bool prepare_stream_notes(Connection& connection);
/// The script that notes the session's transaction as one of the load `owner`, which writes the
/// table with this number, and commits it.
[[nodiscard]] std::string commit_stream_sql(const std::string& owner, const std::string& table);
/// Removes the notes of a load in its own transaction; returns how many there were.
std::size_t remove_stream_notes(Connection& connection, const std::string& owner);
/// As `Engine::undo_broken_loads`.
void undo_broken_loads(Connection& connection);

}  // namespace seedbed::postgres
