#pragma once

#include <optional>
#include <string>
#include <vector>

#include "seedbed/engines/undo_log.hpp"
#include "seedbed/snapshots/difference.hpp"
#include "seedbed/workspace/database.hpp"
#include "seedbed/workspace/requests.hpp"

namespace seedbed {

// Whether a database that was reset is really the baseline.

/// What is not as it should be.
struct StateDifference {
  Schema tables{};  ///< whose rows differ; none: counters, row numbers or records do
};
/// nullopt when all that `how` has compared is the same. `changes` are those that were undone.
[[nodiscard]] std::optional<StateDifference> find_differing_tables(Database& database,
                                                                   const SnapshotSummary& wanted,
                                                                   VerifyReset how,
                                                                   const Changes& changes,
                                                                   Progress& progress);

/// For people.
[[nodiscard]] std::string describe_difference(const StateDifference& difference,
                                              const std::vector<DifferingRows>& rows);

}  // namespace seedbed
