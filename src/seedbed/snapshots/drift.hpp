#pragma once

#include <string>
#include <vector>

#include "seedbed/schema/schema.hpp"
#include "seedbed/snapshots/config.hpp"

namespace seedbed::detail {

/// What keeps the snapshot out of a database of this schema, one sentence each, by table; empty
/// when the fingerprints are equal.
[[nodiscard]] std::vector<std::string> find_drift(const SnapshotConfig& config,
                                                  const Schema& schema);

}  // namespace seedbed::detail
