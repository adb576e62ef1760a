#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/core/digest.hpp"
#include "seedbed/snapshots/manifest.hpp"

namespace seedbed {

/// What to do when a snapshot of the name is there already.
enum class IfTaken : std::uint8_t { replace, refuse };

/// An OCI image layout in a directory: `oci-layout`, `index.json` (names to manifests) and
/// `blobs/sha256/<hex>`. Blobs are immutable and written by temporary file and rename; `index.json`
/// is replaced last, under a lock, so that a reader never sees a half-written snapshot. Any number
/// of threads and processes may use one directory.
class SnapshotStore {
 public:
  explicit SnapshotStore(std::filesystem::path root) : root_{std::move(root)} {}

  [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }

  /// Sorted by name; empty when there is no store yet. Other artifacts in the layout are left out.
  /// Throws corrupt.
  [[nodiscard]] std::vector<SnapshotSummary> list() const;
  [[nodiscard]] std::optional<SnapshotSummary> find(std::string_view name) const;
  /// Throws not_found, with the nearest name.
  [[nodiscard]] SnapshotSummary at(std::string_view name) const;

  /// Stores bytes under their digest; writes nothing when they are there already, undamaged. Throws
  /// unavailable (no permission, disk full), leaving nothing behind.
  Digest put_blob(std::string_view bytes) const;  // NOLINT(modernize-use-nodiscard): it acts
  /// Reads and verifies; throws corrupt when missing, altered, or not of `size` bytes.
  [[nodiscard]] std::string get_blob(const Digest& digest, std::uint64_t size) const;
  /// Points `name` at a manifest that is stored already. Throws conflict when the name is taken and
  /// `if_taken` is refuse.
  void tag(std::string_view name, const Digest& manifest, std::uint64_t size,
           IfTaken if_taken = IfTaken::replace) const;
  /// The manifest's bytes; throws not_found or corrupt.
  [[nodiscard]] std::string get_manifest(std::string_view name) const;

 private:
  [[nodiscard]] std::filesystem::path blob_path(const Digest& digest) const;
  [[nodiscard]] std::filesystem::path index_path() const { return root_ / "index.json"; }

  std::filesystem::path root_;
};

/// Throws invalid_input unless `name` is an OCI tag: a letter, digit or '_', then up to 127 of
/// those, '.', '-'.
void check_snapshot_name(std::string_view name);

}  // namespace seedbed
