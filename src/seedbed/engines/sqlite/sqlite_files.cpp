#include "seedbed/engines/sqlite/sqlite_files.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

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

}  // namespace seedbed::detail
