#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/engines/url.hpp"

namespace seedbed {

class Connection;
class Engine;

/// A database of Seedbed's own making. The note tells that it is sealed.
struct ListedDatabase {
  std::string name{};
  std::string note{};
};

/// A database with the contents of another one. Instead of a name, SQLite takes an absolute path.
struct CloneOrder {
  std::string source{};  ///< sealed, or without any connection
  std::string target{};  ///< not there yet, but for `replace`
  std::string method{};  ///< of `clone_methods`; empty: the engine's usual one
};

/// A session with a server, apart from any of its databases: makes, lists and removes databases
/// that are Seedbed's own. Their names begin with "seedbed_" and have lower-case letters, digits
/// and '_', at most 63; others are refused. SQLite: a directory of files. One thread at a time,
/// `cancel()` apart. Throws as `Connection`.
class DatabaseServer {
 public:
  DatabaseServer() = default;
  virtual ~DatabaseServer() = default;
  DatabaseServer(const DatabaseServer&) = delete;
  DatabaseServer& operator=(const DatabaseServer&) = delete;

  [[nodiscard]] virtual const Engine& engine() const noexcept = 0;
  [[nodiscard]] virtual DatabaseUrl url_of(std::string_view name) const = 0;
  /// What makes equal statements give different databases: product, version, user.
  [[nodiscard]] virtual std::string identity() = 0;
  /// Those whose name begins with `prefix` and that this user may remove, by name.
  [[nodiscard]] virtual std::vector<ListedDatabase> list(std::string_view prefix) = 0;
  /// Whether `list` knows what Seedbed made from records, so that anybody else's database is not in
  /// it, and one that is half made is (MySQL).
  [[nodiscard]] virtual bool lists_recorded_only() const noexcept { return false; }

  /// Takes a lock of the server, waiting at most `milliseconds`; false when another session holds
  /// it. The session holds it until `unlock` or its end, which a killed process brings about too.
  [[nodiscard]] virtual bool try_lock(std::string_view lock, int milliseconds) = 0;
  virtual void unlock(std::string_view lock) = 0;

  /// Throws conflict when it exists.
  virtual void create(const std::string& name) = 0;
  /// The ways to clone, where it depends on the server which is fastest; empty: there is one only.
  [[nodiscard]] virtual std::vector<std::string> clone_methods() { return {}; }
  /// Tables with their rows, counters, views, triggers, routines and settings. The mark is not
  /// valid in the clone (SQLite: unless the source was sealed). Throws not_found (source), conflict
  /// (target), unavailable (somebody is connected to the source).
  virtual void clone(const CloneOrder& order) = 0;
  /// Gives `target`, anybody's database, the contents of `source`, which is sealed. The caller has
  /// found it marked. `prepare` runs in the new contents, before they take the place of the old
  /// ones: all at once, but on MySQL, where `is_half_replaced` tells of one that was interrupted.
  /// PostgreSQL ends the connections to `target`; elsewhere they stay, and have at most 10 seconds
  /// to end their transactions. Owner and rights stay, settings are those of `source`. Throws
  /// not_found (either), unavailable (others do not let go of `target`), unsupported.
  virtual void replace(const CloneOrder& order,
                       const std::function<void(Connection&)>& prepare) = 0;
  /// Closes the database for connections (PostgreSQL), or makes its mark invalid, and then writes
  /// the note, which tells that it is complete. Again: replaces the note.
  virtual void seal(const std::string& name, const std::string& note) = 0;
  /// Opens a sealed one again, without its note; its mark is not valid yet.
  virtual void unseal(const std::string& name) = 0;
  /// Whether anybody is connected: on MySQL with the database as their default one, and without
  /// the privilege PROCESS as the same user; on SQLite a process that has the file open, this one
  /// too, and also true where the file system does not tell.
  [[nodiscard]] virtual bool is_in_use(const std::string& name) = 0;
  /// Whoever is connected, and also when it is sealed or half made. Throws not_found.
  virtual void drop(const std::string& name) = 0;

  virtual void cancel() noexcept = 0;
};

/// Whether `DatabaseServer::replace` was interrupted here, so that it must be done again.
[[nodiscard]] bool is_half_replaced(Connection& connection);

/// Throws refused unless `name` is one that `DatabaseServer` may make and remove.
void require_own_name(std::string_view name);

/// Databases that `replace` makes beside `target` (as `CloneOrder` names it) and drops again; those
/// of one that was killed stay until the next.
struct ReplacementNames {
  std::string incoming{};
  std::string outgoing{};
};
[[nodiscard]] ReplacementNames replacement_names(std::string_view target);

namespace detail {
/// An own table that is there while contents are replaced in place.
inline constexpr std::string_view kReplacing = "replacing";
}  // namespace detail

}  // namespace seedbed
