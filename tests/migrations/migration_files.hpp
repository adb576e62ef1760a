#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace seedbed::testing {

/// A directory of migrations for one test, removed at the end.
class MigrationFiles {
 public:
  /// Contents by path; folders are made.
  explicit MigrationFiles(const std::map<std::string, std::string>& files);
  ~MigrationFiles();
  MigrationFiles(const MigrationFiles&) = delete;
  MigrationFiles& operator=(const MigrationFiles&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  void write(const std::string& name, const std::string& content) const;
  void remove(const std::string& name) const;

 private:
  std::filesystem::path path_;
};

}  // namespace seedbed::testing
