#include "tests/migrations/migration_files.hpp"

#include <atomic>

#include <fmt/format.h>
#include <unistd.h>

#include "seedbed/core/file_io.hpp"

namespace seedbed::testing {

MigrationFiles::MigrationFiles(const std::map<std::string, std::string>& files) {
  static std::atomic<unsigned> counter{0};
  path_ = std::filesystem::temp_directory_path() /
          fmt::format("sbmigrations_{}_{}", ::getpid(), counter++);
  make_directories(path_);
  for (const auto& [name, content] : files) write(name, content);
}

MigrationFiles::~MigrationFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void MigrationFiles::write(const std::string& name, const std::string& content) const {
  write_file_atomically(path_ / name, content);
}

void MigrationFiles::remove(const std::string& name) const {
  std::filesystem::remove(path_ / name);
}

}  // namespace seedbed::testing
