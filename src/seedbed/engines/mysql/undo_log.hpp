#pragma once

#include "seedbed/engines/undo_log.hpp"

namespace seedbed::mysql {

/// By row triggers, which write the old row to a table of the same types for each noted table, and
/// one line to a table that all share, so that an undo looks at touched tables only. What InnoDB
/// cascades fires no trigger: the parent's trigger notes it first. TRUNCATE shows in InnoDB's
/// numbers of tables, which takes the PROCESS privilege, and other DDL in what SHOW CREATE says;
/// both are read only where the server has counted a statement of DDL since the last time, in
/// whichever database. Triggers of the user's are not among it. The server's counters of changes
/// (userstat) would say which tables were touched, not which rows.
[[nodiscard]] const UndoLog& undo_log();

}  // namespace seedbed::mysql
