#include "seedbed/core/file_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"

namespace seedbed {

namespace {

// The file may have been removed, and made again, between opening and locking it.
bool is_still_there(int descriptor, const std::filesystem::path& file) {
  struct stat mine {};
  struct stat named {};
  return ::fstat(descriptor, &mine) == 0 && ::stat(file.c_str(), &named) == 0 &&
         mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

// The descriptor that holds the lock, or -1.
int take_now(const std::filesystem::path& file) {
  for (;;) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
      throw Error{ErrorCode::unavailable, fmt::format("cannot write '{}': {}", file.string(),
                                                      std::generic_category().message(errno))};
    }
    const bool taken = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    if (taken && is_still_there(descriptor, file)) return descriptor;
    ::close(descriptor);
    if (!taken) return -1;
  }
}

}  // namespace

std::optional<FileLock> FileLock::try_take(const std::filesystem::path& file, int milliseconds) {
  using std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kPause{10};
  const auto deadline = steady_clock::now() + std::chrono::milliseconds{milliseconds};
  for (;;) {
    const int descriptor = take_now(file);
    if (descriptor >= 0) return FileLock{file, descriptor};
    if (steady_clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(kPause);
  }
}

FileLock::~FileLock() {
  if (descriptor_ < 0) return;
  ::unlink(file_.c_str());
  ::close(descriptor_);
}

}  // namespace seedbed
