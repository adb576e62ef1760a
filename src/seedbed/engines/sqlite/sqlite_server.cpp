#include "seedbed/engines/sqlite/sqlite_server.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/file_lock.hpp"
#include "seedbed/engines/sqlite/sqlite_files.hpp"
#include "seedbed/engines/sqlite/sqlite_overwrite.hpp"

namespace seedbed::detail {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSealed = "sealed";

class SqliteDirectory final : public DatabaseServer {
 public:
  SqliteDirectory(const Engine& engine, const DatabaseUrl& url) : engine_{engine}, url_{url} {
    if (is_in_memory(url)) {
      throw Error{ErrorCode::unsupported,
                  "a database in memory cannot be shared or cloned; give the URL of a file",
                  {.engine = "sqlite"}};
    }
    directory_ = fs::absolute(url.database).parent_path();
    make_directories(directory_);
    if (::access(directory_.c_str(), W_OK | X_OK) != 0) {
      throw Error{ErrorCode::unavailable,
                  fmt::format("cannot write to '{}': {}", directory_.string(),
                              std::generic_category().message(errno)),
                  {.engine = "sqlite"}};
    }
    remove_stale_locks();
  }

  [[nodiscard]] const Engine& engine() const noexcept override { return engine_; }
  [[nodiscard]] DatabaseUrl url_of(std::string_view name) const override {
    return url_.with_database(file_of(name, ".db").string());
  }
  [[nodiscard]] std::string identity() override { return "SQLite files"; }
  [[nodiscard]] std::vector<ListedDatabase> list(std::string_view prefix) override {
    std::vector<ListedDatabase> databases;
    for (const auto& entry : fs::directory_iterator{directory_}) {
      const auto& path = entry.path();
      const std::string name = path.stem().string();
      if (path.extension() != ".db" || !name.starts_with(prefix)) continue;
      databases.push_back({name, note_of(name)});
    }
    std::ranges::sort(databases, {}, &ListedDatabase::name);
    return databases;
  }

  [[nodiscard]] bool try_lock(std::string_view lock, int milliseconds) override {
    std::string name{lock};
    std::ranges::replace(name, ':', '_');
    auto taken = FileLock::try_take(file_of(name, ".lock"), milliseconds);
    if (!taken) return false;
    locks_.insert_or_assign(std::string{lock}, std::move(*taken));
    return true;
  }
  void unlock(std::string_view lock) override { locks_.erase(std::string{lock}); }

  void create(const std::string& name) override {
    require_own_name(name);
    create_sqlite_file(url_of(name));
  }
  void clone(const CloneOrder& order) override {
    require_own_name(order.target);
    const DatabaseUrl source = existing(order.source);
    settle(source);
    clone_file(source.database, url_of(order.target).database);
  }
  // All pages are written by one transaction of the target, which others may have open.
  void replace(const CloneOrder& order, const std::function<void(Connection&)>& prepare) override {
    const std::string incoming = replacement_names(order.target).incoming;
    const DatabaseUrl target = existing(order.target);
    if (sqlite_file_exists(url_of(incoming))) drop(incoming);
    try {
      clone({.source = order.source, .target = incoming});
      prepare(*engine_.connect(url_of(incoming)));
      overwrite_database(url_of(incoming).database, target.database);
    } catch (const Error&) {
      if (sqlite_file_exists(url_of(incoming))) drop(incoming);
      throw;
    }
    drop(incoming);
  }
  void seal(const std::string& name, const std::string& note) override {
    require_own_name(name);
    make_mark_foreign(name);
    set_permissions(name, fs::perms::owner_read);
    write_file_atomically(file_of(name, ".note"), note);
  }
  void unseal(const std::string& name) override {
    require_own_name(name);
    std::error_code ignored;
    fs::remove(file_of(name, ".note"), ignored);
    set_permissions(name, fs::perms::owner_read | fs::perms::owner_write);
  }
  [[nodiscard]] bool is_in_use(const std::string& name) override {
    return is_open_anywhere(file_of(name, ".db"));
  }
  void drop(const std::string& name) override {
    require_own_name(name);
    std::error_code ignored;
    fs::remove(file_of(name, ".note"), ignored);
    remove_sqlite_file(url_of(name));
  }

  void cancel() noexcept override {}

 private:
  [[nodiscard]] DatabaseUrl existing(const std::string& name) const {
    auto url = fs::path{name}.is_absolute() ? url_.with_database(name) : url_of(name);
    if (sqlite_file_exists(url)) return url;
    throw Error{ErrorCode::not_found,
                fmt::format("there is no database file '{}'", url.database),
                {.engine = "sqlite"}};
  }

  [[nodiscard]] fs::path file_of(std::string_view name, std::string_view ending) const {
    return directory_ / fmt::format("{}{}", name, ending);
  }

  void set_permissions(std::string_view name, fs::perms permissions) const {
    const fs::path file = file_of(name, ".db");
    std::error_code problem;
    fs::permissions(file, permissions, problem);
    if (!problem) return;
    throw Error{
        ErrorCode::unavailable,
        fmt::format("cannot change the permissions of '{}': {}", file.string(), problem.message()),
        {.engine = "sqlite"}};
  }

  [[nodiscard]] std::string note_of(std::string_view name) const {
    try {
      return read_file(file_of(name, ".note"));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      return {};
    }
  }

  // Files of locks whose owners were killed; taking such a lock and letting go of it removes them.
  void remove_stale_locks() const {
    for (const auto& entry : fs::directory_iterator{directory_}) {
      if (entry.path().extension() == ".lock") {
        static_cast<void>(FileLock::try_take(entry.path(), 0));
      }
    }
  }

  // The mark travels with the file: one that is bound to nothing keeps the template, and a clone
  // that has no mark of its own yet, from being used.
  void make_mark_foreign(const std::string& name) const {
    const auto connection = engine_.connect(url_of(name));
    auto mark = engine_.read_mark(*connection);
    if (!mark || mark->binding == kSealed) return;
    mark->binding = kSealed;
    engine_.write_mark(*connection, *mark);
  }

  // What is still beside the file goes into it, when nobody else has it open.
  void settle(const DatabaseUrl& source) const {
    std::error_code ignored;
    const fs::path log = source.database + "-wal";
    const fs::path journal = source.database + "-journal";
    if (!fs::exists(log, ignored) && !fs::exists(journal, ignored)) return;
    static_cast<void>(engine_.connect(source)->query("SELECT count(*) FROM sqlite_schema"));
    if (!fs::exists(log, ignored) && !fs::exists(journal, ignored)) return;
    throw Error{ErrorCode::unavailable,
                fmt::format("database '{}' cannot be cloned while others are connected to it",
                            source.database),
                {.engine = "sqlite"}};
  }

  const Engine& engine_;
  DatabaseUrl url_;
  fs::path directory_;
  std::map<std::string, FileLock> locks_;
};

}  // namespace

std::unique_ptr<DatabaseServer> connect_sqlite_directory(const Engine& engine,
                                                         const DatabaseUrl& url) {
  return std::make_unique<SqliteDirectory>(engine, url);
}

}  // namespace seedbed::detail
