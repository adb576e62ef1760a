#pragma once

#include <filesystem>
#include <string>

#include "seedbed/core/error.hpp"

namespace seedbed::testing {

/// An empty directory, removed at the end with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "seedbed-test-XXXXXX").string();
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
