#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/snapshots/config.hpp"
#include "seedbed/snapshots/oci.hpp"
#include "seedbed/snapshots/store.hpp"
#include "tests/support/temporary_directory.hpp"

namespace seedbed::testing {

/// A store in a directory of its own, removed at the end.
class StoreTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path root() const { return directory_.path() / "snapshots"; }
  [[nodiscard]] SnapshotStore store() const { return SnapshotStore{root()}; }
  [[nodiscard]] std::filesystem::path blob(const Digest& digest) const {
    return root() / "blobs" / "sha256" / digest.hex();
  }

  /// Stores a snapshot without tables; `label` makes its digest its own.
  Digest put_snapshot(const std::string& name, const std::string& label = "") {
    return put_config(name,
                      detail::write_config({.engine = "sqlite", .labels = {{"label", label}}}));
  }

  Digest put_config(const std::string& name, const std::string& config,
                    IfTaken if_taken = IfTaken::replace) {
    const Digest config_digest = store().put_blob(config);
    detail::Manifest manifest;
    manifest.config = {std::string{detail::kConfigType}, config_digest, config.size(), {}};
    store().put_blob(detail::kEmptyBlob);
    const std::string bytes = detail::write_manifest(manifest);
    const Digest digest = store().put_blob(bytes);
    store().tag(name, digest, bytes.size(), if_taken);
    return digest;
  }

  /// Puts `bytes` in place of a file's own.
  static void overwrite(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
  }
  /// Changes one byte of a file.
  static void alter(const std::filesystem::path& path, std::size_t at) {
    std::string bytes = read_file(path);
    bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
    overwrite(path, bytes);
  }

 private:
  TemporaryDirectory directory_;
};

}  // namespace seedbed::testing
