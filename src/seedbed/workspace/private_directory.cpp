#include "seedbed/workspace/private_directory.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"

namespace seedbed {

std::filesystem::path private_directory() {
  std::error_code problem;
  const auto parent = std::filesystem::temp_directory_path(problem);
  if (problem) {
    throw Error{
        ErrorCode::unavailable,
        fmt::format("there is no directory for temporary files (TMPDIR): {}", problem.message())};
  }
  auto path = parent / fmt::format("seedbed-{}", ::geteuid());
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    throw Error{ErrorCode::unavailable,
                fmt::format("cannot create directory '{}' (TMPDIR says where): {}", path.string(),
                            std::generic_category().message(errno))};
  }
  struct stat facts {};
  const bool ours = ::lstat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode) &&
                    facts.st_uid == ::geteuid() && (facts.st_mode & 0077U) == 0;
  if (!ours) {
    throw Error{ErrorCode::refused,
                fmt::format("'{}' is not a directory that only this user may enter: remove it, or "
                            "set TMPDIR to another directory",
                            path.string())};
  }
  return path;
}

}  // namespace seedbed
