#pragma once

#include <string_view>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/schema/schema.hpp"
#include "seedbed/snapshots/store.hpp"

namespace seedbed {

struct RestoreOptions {
  bool dry_run = false;  ///< verify the snapshot and the schema; write nothing
};

/// Replaces the rows of every table by the snapshot's, and puts sequences and identities where they
/// were, in one transaction. The caller has checked the mark. All blobs are verified before the
/// first row is written. Throws not_found, corrupt, conflict (the schema differs; the message lists
/// the first differences), unsupported (a table's triggers would rewrite rows on this engine),
/// constraint_violation.
SnapshotSummary restore_snapshot(const SnapshotStore& store, std::string_view name,
                                 Connection& connection, const Schema& schema,
                                 const RestoreOptions& options, Progress& progress);

}  // namespace seedbed
