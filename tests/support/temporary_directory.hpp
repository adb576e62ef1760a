#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <unistd.h>

#include "seedbed/core/error.hpp"

namespace seedbed::testing {

/// An empty directory, removed at the end with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    // In memory where possible: a store syncs every blob, and a busy disk takes seconds for that.
    const std::filesystem::path memory{"/dev/shm"};
    const bool in_memory = ::access(memory.c_str(), W_OK) == 0;
    const auto parent = in_memory ? memory : std::filesystem::temp_directory_path();
    std::string name = (parent / "seedbed-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw Error{ErrorCode::internal, "no temporary directory"};
    }
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace seedbed::testing
