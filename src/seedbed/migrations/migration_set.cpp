#include "seedbed/migrations/migration_set.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/statement_splitter.hpp"
#include "seedbed/migrations/script.hpp"

namespace seedbed {

namespace fs = std::filesystem;

namespace {

const std::array<std::string, 3> kEngineFolders{"sqlite", "postgres", "mysql"};

constexpr std::size_t kMostDigits = 18;  // the next version fits an int64 too

enum class FilePart : unsigned char { up, down };

/// What a file's name says.
struct FileName {
  std::int64_t version = 0;
  std::size_t digits = 0;
  std::string name;
  FilePart direction = FilePart::up;
};

std::optional<FileName> parse_file_name(std::string_view text) {
  FileName result;
  for (const auto& [suffix, direction] :
       {std::pair{std::string_view{".up.sql"}, FilePart::up}, {".down.sql", FilePart::down}}) {
    if (!text.ends_with(suffix)) continue;
    text.remove_suffix(suffix.size());
    result.direction = direction;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, result.version);
    const bool named = problem == std::errc{} && end - stop > 1 && *stop == '_';
    result.digits = static_cast<std::size_t>(stop - text.data());
    if (!named || text.front() == '-' || result.digits > kMostDigits) return std::nullopt;
    result.name.assign(stop + 1, end);
    return result;
  }
  return std::nullopt;
}

std::vector<fs::path> entries_of(const fs::path& directory) {
  std::error_code problem;
  std::vector<fs::path> result;
  for (fs::directory_iterator entry{directory, problem}; !problem && entry != fs::end(entry);
       entry.increment(problem)) {
    if (!entry->path().filename().string().starts_with('.')) result.push_back(entry->path());
  }
  if (problem) {
    throw Error{ErrorCode::unavailable, fmt::format("cannot read directory '{}': {}",
                                                    directory.string(), problem.message())};
  }
  std::sort(result.begin(), result.end());
  return result;
}

/// Also for a link that leads nowhere, so that it is missed.
bool is_sql_file(const fs::path& path) {
  std::error_code unknown;
  return to_lower(path.extension().string()) == ".sql" && !fs::is_directory(path, unknown);
}

/// The files of one version, of one folder or of both together.
struct VersionFiles {
  std::string name;
  fs::path up;
  fs::path down;

  fs::path& of(FilePart direction) { return direction == FilePart::up ? up : down; }
};
using FilesByVersion = std::map<std::int64_t, VersionFiles>;

class Loader {
 public:
  explicit Loader(std::string_view engine) : engine_{engine}, dialect_{dialect_of(engine)} {}

  std::vector<Migration> load(const fs::path& directory) {
    FilesByVersion files = list(directory, true);
    const fs::path own_folder = directory / engine_;
    if (fs::is_directory(own_folder)) {
      for (auto& [version, own] : list(own_folder, false)) merge(version, own, files);
    }
    std::vector<Migration> migrations;
    for (const auto& [version, group] : files) {
      if (group.up.empty()) {
        report(group.down, fmt::format("there is no file '{}'", up_name_for(group.down)));
      } else {
        migrations.push_back(read(version, group));
      }
    }
    throw_if_any(std::move(findings_));
    return migrations;
  }

 private:
  void report(const fs::path& file, std::string problem, int line = 0) {
    findings_.push_back(
        {ErrorCode::invalid_input, std::move(problem), {.file = file, .line = line}});
  }

  static std::string up_name_for(const fs::path& down) {
    const std::string name = down.filename().string();
    return name.substr(0, name.size() - std::string_view{".down.sql"}.size()) + ".up.sql";
  }

  FilesByVersion list(const fs::path& directory, bool top) {
    FilesByVersion files;
    for (const auto& path : entries_of(directory)) {
      if (fs::is_directory(path)) {
        check_folder(path, top);
      } else if (is_sql_file(path)) {
        add(path, files);
      }
    }
    return files;
  }

  // A folder that nobody reads, such as 'postgresql', would lose its migrations without a word.
  void check_folder(const fs::path& folder, bool top) {
    const std::string name = folder.filename().string();
    if (top &&
        std::find(kEngineFolders.begin(), kEngineFolders.end(), name) != kEngineFolders.end()) {
      return;
    }
    const auto entries = entries_of(folder);
    if (std::none_of(entries.begin(), entries.end(), is_sql_file)) return;
    report(folder, fmt::format("its .sql files are not read: only folders named {} beside the "
                               "migrations are{}",
                               join(kEngineFolders, ", "), did_you_mean(name, kEngineFolders)));
  }

  void add(const fs::path& path, FilesByVersion& files) {
    const auto parsed = parse_file_name(path.filename().string());
    if (!parsed) {
      report(path,
             "the name is not <digits>_<name>.up.sql or .down.sql with at most 18 digits, such as "
             "0001_users.up.sql");
      return;
    }
    auto& group = files[parsed->version];
    check_name(path, parsed->name, group);
    fs::path& file = group.of(parsed->direction);
    if (file.empty()) {
      file = path;
    } else {
      report(path,
             fmt::format("version {} is already in '{}'; give each migration a version of its own",
                         parsed->version, file.filename().string()));
    }
  }

  void check_name(const fs::path& path, const std::string& name, VersionFiles& group) {
    if (group.name.empty()) group.name = name;
    if (group.name != name) {
      report(path, fmt::format(
                       "version {} has two names, '{}' and '{}': files of one version share a name",
                       parse_file_name(path.filename().string())->version, group.name, name));
    }
  }

  void merge(std::int64_t version, const VersionFiles& own, FilesByVersion& files) {
    auto& group = files[version];
    check_name(own.up.empty() ? own.down : own.up, own.name, group);
    if (!own.up.empty()) group.up = own.up;
    if (!own.down.empty()) group.down = own.down;
  }

  Migration read(std::int64_t version, const VersionFiles& files) {
    Migration migration;
    migration.version = version;
    migration.name = files.name;
    migration.up_file = files.up;
    migration.up_sql = read_file(files.up);
    migration.checksum = sha256(migration.up_sql);
    migration.in_transaction = check_script(files.up, migration.up_sql);
    if (!files.down.empty()) {
      migration.down_file = files.down;
      migration.down_sql = read_file(files.down);
      migration.down_in_transaction = check_script(files.down, migration.down_sql);
    }
    return migration;
  }

  bool check_script(const fs::path& file, const std::string& sql) {
    auto script = detail::read_script(file, sql, dialect_);
    std::move(script.findings.begin(), script.findings.end(), std::back_inserter(findings_));
    return script.in_transaction;
  }

  std::string engine_;
  SqlDialect dialect_;
  Diagnostics findings_;
};

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// The highest version of any engine, and the most digits that any version is written with.
FileName last_of(const fs::path& directory) {
  FileName last{.digits = 4, .name = {}};
  std::vector<fs::path> folders{directory};
  for (const auto& engine : kEngineFolders) folders.push_back(directory / engine);
  for (const auto& folder : folders) {
    if (!fs::is_directory(folder)) continue;
    for (const auto& path : entries_of(folder)) {
      const auto parsed = parse_file_name(path.filename().string());
      if (!parsed) continue;
      last.version = std::max(last.version, parsed->version);
      last.digits = std::max(last.digits, parsed->digits);
    }
  }
  return last;
}

}  // namespace

std::string Migration::label() const {
  const std::string file = up_file.filename().string();
  return file.substr(0, file.size() - std::string_view{".up.sql"}.size());
}

MigrationSet MigrationSet::load(const fs::path& directory, std::string_view engine) {
  if (!fs::exists(directory)) {
    throw Error{
        ErrorCode::not_found,
        fmt::format("there is no directory '{}' to read migrations from", directory.string())};
  }
  if (!fs::is_directory(directory)) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("'{}' is not a directory of migrations", directory.string())};
  }
  MigrationSet set;
  set.migrations_ = Loader{engine}.load(directory);
  return set;
}

const Migration* MigrationSet::find(std::int64_t version) const noexcept {
  const auto found = std::lower_bound(
      migrations_.begin(), migrations_.end(), version,
      [](const Migration& migration, std::int64_t wanted) { return migration.version < wanted; });
  return found != migrations_.end() && found->version == version ? &*found : nullptr;
}

std::vector<fs::path> create_migration(const fs::path& directory, std::string_view name) {
  if (!is_plain_name(name)) {
    throw Error{
        ErrorCode::invalid_input,
        fmt::format("migration name '{}': only letters, digits and '_' are allowed, such as "
                    "add_users",
                    name)};
  }
  make_directories(directory);
  const FileName last = last_of(directory);
  const std::string stem = fmt::format("{:0{}}_{}", last.version + 1, last.digits, name);
  std::vector<fs::path> files{directory / (stem + ".up.sql"), directory / (stem + ".down.sql")};
  write_file_atomically(files[0],
                        fmt::format("-- {}: write the statements that make the change.\n", stem));
  write_file_atomically(files[1], fmt::format("-- {}: write the statements that undo it, or delete "
                                              "this file.\n",
                                              stem));
  return files;
}

}  // namespace seedbed
