#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/digest.hpp"

namespace seedbed {

/// One migration as it stands in the directory.
struct Migration {
  std::int64_t version = 0;
  std::string name{};  ///< "shop" of 0001_shop.up.sql
  std::filesystem::path up_file{};
  std::filesystem::path down_file{};  ///< empty when it cannot be undone
  std::string up_sql{};
  std::string down_sql{};
  Digest checksum{};                ///< SHA-256 of the up file's bytes
  bool in_transaction = true;       ///< false after a first line "-- seedbed: no-transaction"
  bool down_in_transaction = true;  ///< the same for the down file

  [[nodiscard]] std::string label() const;  ///< "0001_shop"
};

/// A directory of migrations in Seedbed's own format: `<digits>_<name>.up.sql` and, optionally,
/// `.down.sql`. Files in a folder named for the engine (`sqlite`, `postgres`, `mysql`) are read
/// with those beside it and win over a file of the same version and direction. Files of a version
/// share one name. Hidden files, and files that do not end in `.sql`, are left alone.
class MigrationSet {
 public:
  /// Throws not_found (no such directory) and invalid_input with every finding: two files or two
  /// names of a version, a down without its up, a name that is neither, a folder of no engine, a
  /// file without a statement, an unclosed quote, COMMIT and the like in a file that runs in a
  /// transaction.
  [[nodiscard]] static MigrationSet load(const std::filesystem::path& directory,
                                         std::string_view engine);

  [[nodiscard]] std::span<const Migration> all() const noexcept {
    return migrations_;
  }  ///< by version
  [[nodiscard]] const Migration* find(std::int64_t version) const noexcept;

 private:
  std::vector<Migration> migrations_;
};

/// Creates the next pair of files (`<NNNN>_<name>.up.sql`, `.down.sql`) and returns their paths.
/// Creates the directory when it is missing. The files hold comments only, which `load` reports
/// until statements are written. Throws invalid_input for a name with other than letters, digits
/// and underscores.
[[nodiscard]] std::vector<std::filesystem::path> create_migration(
    const std::filesystem::path& directory, std::string_view name);

}  // namespace seedbed
