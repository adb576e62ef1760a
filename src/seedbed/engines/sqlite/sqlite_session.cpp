#include "seedbed/engines/sqlite/sqlite_session.hpp"

#include <string_view>

#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/adopt/soci.hpp"

namespace seedbed::detail {

namespace {

constexpr std::string_view kPlain = "-._~/";

// SOCI takes a text of key=value pairs and mistakes parts of a path for them, so the path goes in
// as an encoded URI (https://www.sqlite.org/uri.html). mode=rw: SOCI's own flags would create a
// missing file.
std::string connect_text(const std::string& path) {
  if (path == ":memory:") return path;
  std::string uri = path.starts_with('/') ? "file://" : "file:";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kPlain.find(c) != std::string_view::npos;
    uri += plain ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri + "?mode=rw";
}

}  // namespace

SqliteSession::SqliteSession(const std::string& path) {
  try {
    session_ = std::make_unique<soci::session>(soci::sqlite3, connect_text(path));
  } catch (const soci::soci_error& error) {
    throw Error{ErrorCode::unavailable,
                fmt::format("cannot open '{}': {}", path, error.what()),
                {.engine = "sqlite"}};
  }
}

SqliteSession::~SqliteSession() = default;

sqlite3* SqliteSession::handle() const {
  return raw_handle(*session_);
}

sqlite3* raw_handle(soci::session& session) {
  auto* const backend = driver_backend(session);
  if (backend == nullptr) {
    throw Error{ErrorCode::invalid_input, "the SOCI session is not connected; open it first"};
  }
  if (session.get_backend_name() != "sqlite3") {
    throw Error{ErrorCode::unsupported,
                fmt::format("a SOCI session can be adopted on sqlite3, not on {}; hand in a "
                            "pqxx::transaction_base or a sql::Connection instead",
                            session.get_backend_name())};
  }
  auto* sqlite_backend = static_cast<soci::sqlite3_session_backend*>(backend);
  // The type's two names, ::sqlite3 and sqlite_api::sqlite3, are one type of the C library.
  void* handle = sqlite_backend->conn_;
  return static_cast<sqlite3*>(handle);
}

}  // namespace seedbed::detail
