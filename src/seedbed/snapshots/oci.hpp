#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/digest.hpp"

namespace seedbed::detail {

inline constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kArtifactType = "application/vnd.seedbed.snapshot.v1";
inline constexpr std::string_view kConfigType = "application/vnd.seedbed.snapshot.config.v1+json";
inline constexpr std::string_view kPackType = "application/vnd.seedbed.snapshot.pack.v1+zstd";

/// Registries refuse larger ones (distribution-spec: at least 4 MiB must be accepted).
inline constexpr std::uint64_t kMaxManifestBytes = std::uint64_t{4} << 20U;
inline constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{32} << 20U;

struct Descriptor {
  std::string media_type{};
  Digest digest{};
  std::uint64_t size = 0;
  std::map<std::string, std::string> annotations{};
};

/// An image manifest (https://github.com/opencontainers/image-spec, manifest.md, 1.1).
struct Manifest {
  Descriptor config{};
  std::vector<Descriptor> layers{};
  std::map<std::string, std::string> annotations{};
};

/// Without layers the empty descriptor stands for one, as the specification asks for.
[[nodiscard]] std::string write_manifest(const Manifest& manifest);
/// Throws corrupt when it is no manifest, invalid_input when it is one of something else.
[[nodiscard]] Manifest parse_manifest(std::string_view text);

/// What the empty descriptor points at.
inline constexpr std::string_view kEmptyBlob = "{}";

/// One name of an image layout's `index.json`.
struct IndexEntry {
  std::string name{};
  Descriptor manifest{};
};

/// The entries that have a name, sorted by it. Throws corrupt.
[[nodiscard]] std::vector<IndexEntry> parse_index(std::string_view text);
/// The index with `entry` in place of what had its name; all else in it stays. `text` is empty
/// where there is no index yet.
[[nodiscard]] std::string index_with(std::string_view text, const IndexEntry& entry);

}  // namespace seedbed::detail
