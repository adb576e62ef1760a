#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace seedbed {

/// A database's address. Printed only through `redacted()`.
///
///   sqlite:PATH   sqlite:////abs/path   sqlite:///rel/path   sqlite::memory:
///   postgresql://user:password@host:port/name?sslmode=require      (also postgres://)
///   mysql://user:password@host:port/name?socket=/path.sock         (also mariadb://)
///
/// User, password, name and parameters are percent-decoded. A host that starts with `/` (or `%2F`)
/// is the directory of PostgreSQL's Unix socket.
struct DatabaseUrl {
  std::string engine{};  ///< "sqlite", "postgres" or "mysql"
  std::string user{};
  std::string password{};
  std::string host{};
  std::uint16_t port = 0;  ///< 0: the engine's default
  std::string database{};  ///< SQLite: the path, or ":memory:"
  std::map<std::string, std::string> parameters{};

  /// Throws invalid_input, saying what is wrong and showing the forms; never repeats a password.
  [[nodiscard]] static DatabaseUrl parse(std::string_view text);

  /// The URL with the password and secret parameters replaced by "***".
  [[nodiscard]] std::string redacted() const;
  /// The complete URL, password included: for handing to a child process only.
  [[nodiscard]] std::string to_string() const;
  /// The same server, another database.
  [[nodiscard]] DatabaseUrl with_database(std::string name) const;
  /// What a person calls this database: the name, or for SQLite the file's name.
  [[nodiscard]] std::string display_name() const;

  friend bool operator==(const DatabaseUrl&, const DatabaseUrl&) = default;
};

/// Whether `text` looks like a URL ("scheme:...") rather than a name from the project file.
[[nodiscard]] bool looks_like_url(std::string_view text) noexcept;

}  // namespace seedbed
