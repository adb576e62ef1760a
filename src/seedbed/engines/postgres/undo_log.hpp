#pragma once

#include "seedbed/engines/undo_log.hpp"

namespace seedbed::postgres {

/// By row triggers, whose functions for each table write the old row, as text, to one unlogged
/// table. A function on the server puts rows back in the order of the foreign keys. What that does
/// not let through, and tables with triggers of the user's, come back with
/// `session_replication_role = replica` where the role may, else with triggers and keys put off as
/// the owner may. Statements that change the schema are noted by event triggers, which only
/// superusers may make; other roles compare a digest of the catalog.
[[nodiscard]] const UndoLog& undo_log();

/// Until the end of the transaction: whether statements that change the schema are somebody's who
/// puts it back.
void hide_schema_changes(Connection& connection, bool hidden);

}  // namespace seedbed::postgres
