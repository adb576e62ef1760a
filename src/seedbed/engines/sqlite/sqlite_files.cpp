#include "seedbed/engines/sqlite/sqlite_files.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "seedbed/core/descriptor.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"

namespace seedbed::detail {

namespace {

// https://www.sqlite.org/fileformat2.html#the_database_header
constexpr std::string_view kHeader{"SQLite format 3\0", 16};

// An empty file is an empty database.
bool is_database_file(const std::filesystem::path& path) {
  std::array<char, kHeader.size()> start{};
  std::ifstream file{path, std::ios::binary};
  file.read(start.data(), start.size());
  const std::string_view read{start.data(), static_cast<std::size_t>(file.gcount())};
  return file.is_open() && !file.bad() && (read.empty() || read == kHeader);
}

[[noreturn]] void throw_unavailable(std::string_view what, const std::string& path, int number) {
  throw Error{
      ErrorCode::unavailable,
      fmt::format("cannot {} '{}': {}", what, path, std::generic_category().message(number)),
      {.engine = "sqlite"}};
}

// Both give 0, or the system's error number.
int copy_through_memory(int source, int target) {
  std::vector<char> buffer(std::size_t{1} << 20U);
  for (;;) {
    const ssize_t count = ::read(source, buffer.data(), buffer.size());
    if (count <= 0) return count == 0 ? 0 : errno;
    for (ssize_t done = 0; done < count;) {
      const auto written =
          ::write(target, buffer.data() + done, static_cast<std::size_t>(count - done));
      if (written < 0) return errno;
      done += written;
    }
  }
}

int copy_bytes(int source, int target) {
  if (::ioctl(target, FICLONE, source) == 0) return 0;
  constexpr std::size_t kPiece = std::size_t{1} << 30U;
  for (bool begun = false;; begun = true) {
    const ssize_t copied = ::copy_file_range(source, nullptr, target, nullptr, kPiece, 0);
    if (copied == 0) return 0;
    const bool cannot = errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP || errno == EXDEV;
    if (copied < 0) return cannot && !begun ? copy_through_memory(source, target) : errno;
  }
}

}  // namespace

bool is_in_memory(const DatabaseUrl& url) noexcept {
  return url.database == ":memory:";
}

bool sqlite_file_exists(const DatabaseUrl& url) {
  std::error_code ignored;
  return is_in_memory(url) || std::filesystem::exists(url.database, ignored);
}

void create_sqlite_file(const DatabaseUrl& url) {
  if (is_in_memory(url)) return;
  const std::filesystem::path path{url.database};
  if (path.has_parent_path()) make_directories(path.parent_path());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file >= 0) {
    ::close(file);
    return;
  }
  if (errno != EEXIST) throw_unavailable("create", url.database, errno);
  throw Error{ErrorCode::conflict,
              fmt::format("database '{}' exists already", url.database),
              {.engine = "sqlite"}};
}

void remove_sqlite_file(const DatabaseUrl& url) {
  if (is_in_memory(url)) return;
  if (!sqlite_file_exists(url)) {
    throw Error{ErrorCode::not_found,
                fmt::format("there is no database '{}'", url.database),
                {.engine = "sqlite"}};
  }
  if (!is_database_file(url.database)) {
    throw Error{ErrorCode::corrupt,
                fmt::format("'{}' is not a SQLite database, and so is not removed", url.database),
                {.engine = "sqlite"}};
  }
  // The journals first: left beside a new database of the same name they would be played into it.
  for (const auto* suffix : {"-journal", "-wal", "-shm", ""}) {
    std::error_code problem;
    std::filesystem::remove(url.database + suffix, problem);
    if (problem) throw_unavailable("remove", url.database + suffix, problem.value());
  }
}

void clone_file(const std::string& source, const std::string& target) {
  const Descriptor from{::open(source.c_str(), O_RDONLY | O_CLOEXEC)};
  if (from.get() < 0) throw_unavailable("read", source, errno);
  const Descriptor to{::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
  if (to.get() < 0 && errno == EEXIST) {
    throw Error{ErrorCode::conflict,
                fmt::format("database '{}' exists already", target),
                {.engine = "sqlite"}};
  }
  if (to.get() < 0) throw_unavailable("create", target, errno);
  const int problem = copy_bytes(from.get(), to.get());
  if (problem == 0) return;
  ::unlink(target.c_str());
  throw_unavailable("write", target, problem);
}

bool is_open_anywhere(const std::string& file) {
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (descriptor.get() < 0) return true;
  // A lease to write is given to the only one who has the file open. Whoever opens it meanwhile
  // waits, and its holder gets a signal: one that is ignored, instead of SIGIO, which kills.
  if (::fcntl(descriptor.get(), F_SETSIG, SIGURG) != 0) return true;
  if (::fcntl(descriptor.get(), F_SETLEASE, F_WRLCK) != 0) return true;
  ::fcntl(descriptor.get(), F_SETLEASE, F_UNLCK);
  return false;
}

}  // namespace seedbed::detail
