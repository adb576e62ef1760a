#pragma once

#include <memory>
#include <string>

struct sqlite3;

namespace soci {
class session;
}

namespace seedbed::detail {

/// An open SOCI session on a SQLite file. SOCI's header declares all of sqlite3.h inside a
/// namespace of its own, so no file includes both; the raw handle crosses between them here.
class SqliteSession {
 public:
  /// Opens an existing file, or ":memory:". Throws unavailable with SQLite's reason.
  explicit SqliteSession(const std::string& path);
  ~SqliteSession();
  SqliteSession(const SqliteSession&) = delete;
  SqliteSession& operator=(const SqliteSession&) = delete;

  [[nodiscard]] sqlite3* handle() const;

 private:
  std::unique_ptr<soci::session> session_;
};

/// The raw handle behind a session; throws unsupported for another backend, invalid_input when it
/// is not connected.
[[nodiscard]] sqlite3* raw_handle(soci::session& session);

}  // namespace seedbed::detail
