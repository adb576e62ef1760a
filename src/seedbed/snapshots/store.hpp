#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/digest.hpp"
#include "seedbed/snapshots/manifest.hpp"

namespace seedbed {

/// An OCI image layout in a directory: `oci-layout`, `index.json` (names to manifests) and
/// `blobs/sha256/<hex>`. Blobs are immutable and written by temporary file and rename; `index.json` is
/// replaced last, under a lock, so that a reader never sees a half-written snapshot.
class SnapshotStore {
 public:
  explicit SnapshotStore(std::filesystem::path root) : root_{std::move(root)} {}

  [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }

  /// Sorted by name; empty when there is no store yet. Throws corrupt.
  [[nodiscard]] std::vector<SnapshotSummary> list() const;
  [[nodiscard]] std::optional<SnapshotSummary> find(std::string_view name) const;
  /// Throws not_found, with the nearest name.
  [[nodiscard]] SnapshotSummary at(std::string_view name) const;

  /// Stores bytes under their digest; writes nothing when they are there already.
  Digest put_blob(std::string_view bytes) const;
  /// Reads and verifies; throws corrupt when missing, altered, or not of `size` bytes.
  [[nodiscard]] std::string get_blob(const Digest& digest, std::uint64_t size) const;
  /// Points `name` at a manifest that is stored already, replacing what it pointed at.
  void tag(std::string_view name, const Digest& manifest, std::uint64_t size) const;
  /// The manifest's bytes; throws not_found or corrupt.
  [[nodiscard]] std::string get_manifest(std::string_view name) const;

 private:
  std::filesystem::path root_;
};

/// Throws invalid_input unless `name` is an OCI tag: a letter, digit or '_', then up to 127 of those, '.', '-'.
void check_snapshot_name(std::string_view name);

}  // namespace seedbed
