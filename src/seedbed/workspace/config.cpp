#include "seedbed/workspace/config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <span>
#include <system_error>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/files/document.hpp"

namespace seedbed {

namespace {

constexpr std::string_view kFileName = "seedbed.yaml";

/// Reads the tree of a project file and collects what is wrong with it.
class ProjectReader {
 public:
  explicit ProjectReader(ProjectConfig& project) : project_{project} {}

  void read(const Node& document) {
    if (document.kind != NodeKind::mapping) {
      report(document, "a project file is a mapping that begins with 'version: 1'");
      return;
    }
    constexpr std::array<std::string_view, 8> kKeys{
        "version", "seed", "now", "databases", "migrations", "factories", "snapshots", "baseline"};
    check_keys(document, "a project file", kKeys);
    read_version(document);
    read_seed(document.find("seed"));
    read_now(document.find("now"));
    read_databases(document.find("databases"));
    read_migrations(document.find("migrations"));
    read_path(document.find("factories"), "factories", project_.factories);
    read_path(document.find("snapshots"), "snapshots", project_.snapshots);
    read_baseline(document.find("baseline"));
  }

  [[nodiscard]] Diagnostics take_findings() { return std::move(findings_); }

 private:
  void report(const Node& node, std::string message) {
    findings_.push_back({ErrorCode::invalid_input, std::move(message), node.where});
  }

  void check_keys(const Node& mapping, std::string_view owner,
                  std::span<const std::string_view> known) {
    const std::vector<std::string> names{known.begin(), known.end()};
    for (const auto& [key, value] : mapping.entries) {
      if (std::find(names.begin(), names.end(), key.text) != names.end()) continue;
      report(key, fmt::format("{} has no key '{}'{} (known: {})", owner, key.text,
                              did_you_mean(key.text, names), join(names, ", ")));
    }
  }

  void read_version(const Node& document) {
    const Node* version = document.find("version");
    if (version == nullptr) {
      report(document, "'version: 1' is missing");
    } else if (version->text != "1") {
      report(*version, fmt::format("version '{}' is not known to this program; it reads version 1",
                                   version->text));
    }
  }

  void read_seed(const Node* node) {
    if (node == nullptr) return;
    const auto& text = node->text;
    const auto [end, problem] =
        std::from_chars(text.data(), text.data() + text.size(), project_.seed);
    if (node->kind != NodeKind::scalar || text.empty() || problem != std::errc{} ||
        end != text.data() + text.size()) {
      report(*node, "'seed' is a whole number from 0 to 18446744073709551615");
    }
  }

  void read_now(const Node* node) {
    if (node == nullptr) return;
    const auto micros = parse_timestamp(node->text);
    if (node->kind != NodeKind::scalar || !micros) {
      report(*node, "'now' is a time such as 2026-01-01T00:00:00Z");
      return;
    }
    project_.now_micros = *micros;
  }

  void read_databases(const Node* node) {
    if (node == nullptr) return;
    if (node->kind != NodeKind::mapping) {
      report(*node, "'databases' maps names to URLs, such as 'default: sqlite:build/shop.db'");
      return;
    }
    for (const auto& [key, value] : node->entries) {
      if (key.text.empty() || key.text.find(':') != std::string::npos) {
        report(key,
               fmt::format("'{}' cannot be the name of a database: a name has no ':'", key.text));
      } else if (value.kind != NodeKind::scalar || value.text.empty()) {
        report(value.kind == NodeKind::null ? key : value,
               fmt::format("database '{}' needs a URL, such as sqlite:build/shop.db", key.text));
      } else {
        project_.databases.push_back({key.text, value.text, value.where});
      }
    }
  }

  void read_path(const Node* node, std::string_view key, std::filesystem::path& path) {
    if (node == nullptr) return;
    if (node->kind != NodeKind::scalar || node->text.empty()) {
      report(*node, fmt::format("'{}' is the path of a directory", key));
      return;
    }
    path = project_.root / node->text;
  }

  void read_migrations(const Node* node) {
    if (node == nullptr || node->kind != NodeKind::mapping) {
      read_path(node, "migrations", project_.migrations);
      return;
    }
    constexpr std::array<std::string_view, 2> kKeys{"path", "format"};
    check_keys(*node, "'migrations'", kKeys);
    read_path(node->find("path"), "path", project_.migrations);
    const Node* format = node->find("format");
    if (format != nullptr && format->text != "native") {
      report(*format,
             fmt::format("migrations of format '{}' are not read yet; 'native' is", format->text));
    }
  }

  void read_baseline(const Node* node) {
    if (node == nullptr) return;
    if (node->kind != NodeKind::mapping) {
      report(*node, "'baseline' is '{ scenario: NAME }' or '{ snapshot: NAME }'");
      return;
    }
    constexpr std::array<std::string_view, 2> kKeys{"scenario", "snapshot"};
    check_keys(*node, "'baseline'", kKeys);
    if (const Node* scenario = node->find("scenario")) project_.baseline.scenario = scenario->text;
    if (const Node* snapshot = node->find("snapshot")) project_.baseline.snapshot = snapshot->text;
    if (!project_.baseline.scenario.empty() && !project_.baseline.snapshot.empty()) {
      report(*node, "'baseline' has both a scenario and a snapshot; state one");
    }
  }

  ProjectConfig& project_;
  Diagnostics findings_;
};

// The value of a variable is never part of a message: it may hold a password.
std::string with_environment(const DatabaseEntry& entry) {
  std::string url;
  std::string_view rest = entry.url;
  for (auto start = rest.find("${"); start != std::string_view::npos; start = rest.find("${")) {
    const auto end = rest.find('}', start);
    const std::string name{
        rest.substr(start + 2, end == std::string_view::npos ? 0 : end - start - 2)};
    if (name.empty()) {
      throw Error{
          ErrorCode::invalid_input,
          fmt::format("database '{}': '${{' is not followed by a name and '}}'", entry.name),
          {.where = entry.where}};
    }
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): never set here
    if (value == nullptr || *value == '\0') {
      throw Error{
          ErrorCode::invalid_input,
          fmt::format("database '{}': the environment variable '{}' is not set", entry.name, name),
          {.where = entry.where}};
    }
    url += rest.substr(0, start);
    url += value;
    rest.remove_prefix(end + 1);
  }
  return url.append(rest);
}

const DatabaseEntry& entry_at(const ProjectConfig& project, std::string_view name) {
  const std::string wanted{name.empty() ? "default" : name};
  std::vector<std::string> names;
  for (const auto& entry : project.databases) {
    if (entry.name == wanted) return entry;
    names.push_back(entry.name);
  }
  if (names.empty()) {
    throw Error{
        ErrorCode::not_found,
        fmt::format("database '{}' is not known: the project names no databases; give a URL, "
                    "or add it to '{}'",
                    wanted, (project.root / kFileName).string())};
  }
  throw Error{ErrorCode::not_found, fmt::format("database '{}' is not in '{}'{} (known: {})",
                                                wanted, (project.root / kFileName).string(),
                                                did_you_mean(wanted, names), join(names, ", "))};
}

}  // namespace

ProjectConfig default_project(const std::filesystem::path& root) {
  return {.root = root,
          .migrations = root / "migrations",
          .factories = root / "factories",
          .snapshots = root / "snapshots"};
}

ProjectConfig parse_project(std::string_view text, const std::filesystem::path& file) {
  ProjectConfig project = default_project(file.parent_path());
  ProjectReader reader{project};
  reader.read(parse_document(text, file));
  throw_if_any(reader.take_findings());
  return project;
}

std::filesystem::path find_project_file(const std::filesystem::path& start) {
  std::error_code ignored;
  for (auto directory = std::filesystem::absolute(start);; directory = directory.parent_path()) {
    if (std::filesystem::exists(directory / kFileName, ignored)) return directory / kFileName;
    if (directory == directory.parent_path()) return {};
  }
}

ProjectConfig load_project(const std::filesystem::path& start) {
  const auto file = find_project_file(start);
  if (file.empty()) {
    throw Error{ErrorCode::not_found,
                fmt::format("there is no '{}' in '{}' or a directory above it", kFileName,
                            std::filesystem::absolute(start).string())};
  }
  return parse_project(read_file(file), file);
}

DatabaseUrl resolve_database(const ProjectConfig& project, std::string_view name) {
  if (looks_like_url(name)) return DatabaseUrl::parse(name);
  const DatabaseEntry& entry = entry_at(project, name);
  try {
    DatabaseUrl url = DatabaseUrl::parse(with_environment(entry));
    if (url.engine == "sqlite" && url.database != ":memory:") {
      url.database = (project.root / url.database).lexically_normal().string();
    }
    return url;
  } catch (Error& error) {
    if (!error.details().where.known()) {
      error.add_context(fmt::format("database '{}' at {}", entry.name, entry.where.to_string()));
    }
    throw;
  }
}

}  // namespace seedbed
