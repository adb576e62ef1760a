#include "seedbed/factories/load/row_folder.hpp"

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"

namespace seedbed::detail {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = ".seedbed-part-";

[[noreturn]] void refuse_existing(const fs::path& path) {
  throw Error{ErrorCode::conflict,
              fmt::format("{} exists; remove it, or name another directory", path.string())};
}

[[noreturn]] void fail(const fs::path& path, int reason) {
  throw Error{ErrorCode::unavailable, fmt::format("cannot write {}: {}", path.string(),
                                                  std::generic_category().message(reason))};
}

/// The folder's lock, which the system gives back when its process ends; -1 when another holds it,
/// or there is no such folder.
int lock_folder(const fs::path& folder) {
  const int lock = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (lock < 0) return -1;
  if (flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  close(lock);
  return -1;
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code problem;
  for (fs::directory_iterator entry{folder, problem}; !problem && entry != fs::end(entry);
       entry.increment(problem)) {
    files.push_back(entry->path());
  }
  return files;
}

/// Removes the folder, and first those files of the directory that are its own, by another name.
void discard(const fs::path& folder, const fs::path& directory) {
  std::error_code ignored;
  for (const auto& file : files_in(folder)) {
    const auto published = directory / file.filename();
    if (fs::equivalent(file, published, ignored)) fs::remove(published, ignored);
  }
  fs::remove_all(folder, ignored);
}

void discard_dead(const fs::path& directory) {
  for (const auto& folder : files_in(directory)) {
    if (!folder.filename().string().starts_with(kFolder)) continue;
    const int lock = lock_folder(folder);
    if (lock < 0) continue;
    discard(folder, directory);
    close(lock);
  }
}

}  // namespace

RowFolder::RowFolder(fs::path directory) : directory_{std::move(directory)} {
  discard_dead(directory_);
  // Another run may take a new folder for a dead one's before it is locked.
  while (lock_ < 0) {
    auto name = (directory_ / kFolder).string() + "XXXXXX";
    if (mkdtemp(name.data()) == nullptr) fail(directory_, errno);
    folder_ = name;
    lock_ = lock_folder(folder_);
    if (lock_ >= 0 && fs::exists(folder_)) break;
    if (lock_ >= 0) close(std::exchange(lock_, -1));
  }
}

RowFolder::~RowFolder() {
  if (!folder_.empty()) discard(folder_, directory_);
  close(lock_);
}

fs::path RowFolder::place_for(const std::string& name) const {
  if (fs::exists(directory_ / name)) refuse_existing(directory_ / name);
  return folder_ / name;
}

void RowFolder::publish() {
  for (const auto& file : files_in(folder_)) {
    const auto path = directory_ / file.filename();
    if (link(file.c_str(), path.c_str()) == 0) continue;
    if (errno == EEXIST) refuse_existing(path);
    // Some file systems have no second names.
    std::error_code problem;
    fs::rename(file, path, problem);
    if (problem) fail(path, problem.value());
  }
  const int directory = open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool stored = directory >= 0 && fsync(directory) == 0;
  const int reason = errno;
  if (directory >= 0) close(directory);
  if (!stored) fail(directory_, reason);
  // From here on they stay, whatever happens: the folder goes without them.
  std::error_code ignored;
  fs::remove_all(std::exchange(folder_, {}), ignored);
}

}  // namespace seedbed::detail
