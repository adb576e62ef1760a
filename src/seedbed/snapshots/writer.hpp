#pragma once

#include <map>
#include <string>
#include <string_view>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/schema/schema.hpp"
#include "seedbed/snapshots/store.hpp"

namespace seedbed {

struct SaveOptions {
  bool replace = false;  ///< a snapshot of that name is otherwise a conflict
  std::map<std::string, std::string> labels{};
};

/// Stores the rows and counters of every table of `schema` as snapshot `name`, read in one
/// consistent transaction. Writes nothing to the database and needs no mark. Throws conflict (name
/// taken), unavailable (store not writable, interrupted); a failed save leaves the store's list as
/// it was.
SnapshotSummary save_snapshot(const SnapshotStore& store, std::string_view name,
                              Connection& connection, const Schema& schema,
                              const SaveOptions& options, Progress& progress);

/// The digests of the database as it is, without storing anything.
[[nodiscard]] SnapshotSummary measure_state(Connection& connection, const Schema& schema,
                                            Progress& progress);

}  // namespace seedbed
