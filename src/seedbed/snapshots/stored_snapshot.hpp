#pragma once

#include <string_view>

#include "seedbed/snapshots/config.hpp"
#include "seedbed/snapshots/oci.hpp"
#include "seedbed/snapshots/store.hpp"

namespace seedbed::detail {

/// A snapshot but for its rows.
struct StoredSnapshot {
  Digest digest{};  ///< of the manifest
  Manifest manifest{};
  SnapshotConfig config{};
};

/// Throws not_found or corrupt, naming the snapshot.
[[nodiscard]] StoredSnapshot read_snapshot(const SnapshotStore& store, std::string_view name);

}  // namespace seedbed::detail
