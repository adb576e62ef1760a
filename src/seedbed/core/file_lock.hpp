#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace seedbed {

/// A lock on a file of its own, among processes and within one (flock). It ends with the process,
/// however that ends; the file is removed when it is let go.
class FileLock {
 public:
  /// Waits at most `milliseconds`; nullopt when another one holds it. Throws unavailable when the
  /// file cannot be made.
  [[nodiscard]] static std::optional<FileLock> try_take(const std::filesystem::path& file,
                                                        int milliseconds);
  ~FileLock();
  FileLock(FileLock&& other) noexcept
      : file_{std::move(other.file_)}, descriptor_{std::exchange(other.descriptor_, -1)} {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  FileLock(std::filesystem::path file, int descriptor)
      : file_{std::move(file)}, descriptor_{descriptor} {}

  std::filesystem::path file_;
  int descriptor_;
};

}  // namespace seedbed
