#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/url.hpp"
#include "seedbed/factories/session.hpp"

namespace seedbed {

/// A database of the project file, its URL as written there: `${NAME}` stands for an environment
/// variable.
struct DatabaseEntry {
  std::string name{};
  std::string url{};
  SourceSpot where{};
};

/// What `baseline mark` fills an empty database with; both empty when the project states nothing.
struct BaselineSource {
  std::string scenario{};
  std::string snapshot{};
};

/// A project: what its `seedbed.yaml` says, or the defaults where there is none. All paths are
/// complete.
struct ProjectConfig {
  std::filesystem::path root{};
  std::uint64_t seed = 0;
  std::int64_t now_micros = kDefaultNowMicros;
  std::vector<DatabaseEntry> databases{};  ///< in file order
  std::filesystem::path migrations{};
  std::filesystem::path factories{};
  std::filesystem::path snapshots{};
  BaselineSource baseline{};
};

/// The project in `root` without any project file: no databases, the usual folders.
[[nodiscard]] ProjectConfig default_project(const std::filesystem::path& root);

/// Reads the text of a project file; its directory is the project's root. No environment variable
/// is read. Throws Error with every finding: unknown keys, values of the wrong kind, bad names.
[[nodiscard]] ProjectConfig parse_project(std::string_view text, const std::filesystem::path& file);

/// The nearest `seedbed.yaml` in `start` or a directory above it; empty when there is none.
[[nodiscard]] std::filesystem::path find_project_file(const std::filesystem::path& start);

/// The project that `start` lies in. Throws not_found when there is no project file, and as
/// `parse_project`.
[[nodiscard]] ProjectConfig load_project(const std::filesystem::path& start);

/// The database called `name` ("default" when empty), or the URL itself. Environment variables are
/// read now, and a SQLite path of the project file is taken from the project's root. Throws
/// not_found (no such name; with the nearest one) and invalid_input (a variable that is not set, a
/// bad URL).
[[nodiscard]] DatabaseUrl resolve_database(const ProjectConfig& project, std::string_view name);

}  // namespace seedbed
