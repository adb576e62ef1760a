#include "seedbed/core/file_io.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seedbed/core/descriptor.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {

[[noreturn]] void throw_system(ErrorCode code, std::string_view what,
                               const std::filesystem::path& path, int number) {
  throw Error{code, fmt::format("cannot {} '{}': {}", what, path.string(),
                                std::generic_category().message(number))};
}

// Removes the temporary file unless it was renamed.
class TemporaryName {
 public:
  explicit TemporaryName(std::filesystem::path path) : path_{std::move(path)} {}
  ~TemporaryName() {
    if (!kept_) ::unlink(path_.c_str());
  }
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  void keep() noexcept { kept_ = true; }

 private:
  std::filesystem::path path_;
  bool kept_ = false;
};

std::filesystem::path directory_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
}

void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw_system(ErrorCode::unavailable, "write", path, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::uint64_t limit) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.get() < 0) {
    const int number = errno;
    const bool absent = number == ENOENT || number == ENOTDIR;
    throw_system(absent ? ErrorCode::not_found : ErrorCode::unavailable, "read", path, number);
  }
  struct stat facts {};
  if (::fstat(file.get(), &facts) == 0 && S_ISDIR(facts.st_mode)) {
    throw Error{ErrorCode::invalid_input, fmt::format("'{}' is a directory", path.string())};
  }
  std::string bytes;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_system(ErrorCode::unavailable, "read", path, errno);
    if (count == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    if (bytes.size() > limit) {
      throw Error{ErrorCode::invalid_input,
                  fmt::format("'{}' is larger than {} bytes", path.string(), limit)};
    }
  }
}

void make_directories(const std::filesystem::path& path) {
  std::error_code problem;
  std::filesystem::create_directories(path, problem);
  if (problem) throw_system(ErrorCode::unavailable, "create directory", path, problem.value());
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  static std::atomic<unsigned> counter{0};
  const auto directory = directory_of(path);
  make_directories(directory);
  TemporaryName temporary{
      directory / fmt::format(".{}.{}.{}.tmp", path.filename().string(), ::getpid(), counter++)};
  {
    const Descriptor file{
        ::open(temporary.path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
    if (file.get() < 0) throw_system(ErrorCode::unavailable, "write", path, errno);
    write_all(file.get(), bytes, path);
    if (::fsync(file.get()) != 0) throw_system(ErrorCode::unavailable, "write", path, errno);
  }
  if (::rename(temporary.path().c_str(), path.c_str()) != 0) {
    throw_system(ErrorCode::unavailable, "write", path, errno);
  }
  temporary.keep();
  const Descriptor folder{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.get() >= 0) ::fsync(folder.get());
}

void append_to_file(const std::filesystem::path& path, std::string_view bytes) {
  const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)};
  if (file.get() < 0) throw_system(ErrorCode::unavailable, "write", path, errno);
  write_all(file.get(), bytes, path);
}

std::filesystem::path find_program(std::string_view name) {
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): never set here
  auto folders = split(path != nullptr ? path : "", ':');
  folders.insert(folders.end(), {"/usr/sbin", "/sbin"});
  for (const auto& folder : folders) {
    auto file = std::filesystem::path{folder.empty() ? "." : folder} / name;
    std::error_code ignored;
    if (::access(file.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(file, ignored)) {
      return file;
    }
  }
  return {};
}

}  // namespace seedbed
