#pragma once

#include <memory>
#include <string>

#include "seedbed/engines/postgres/errors.hpp"
#include "seedbed/engines/url.hpp"

// libpq's PGconn, PGresult and PGcancel
struct pg_conn;
struct pg_result;
struct pg_cancel;

namespace seedbed::postgres {

struct ResultDeleter {
  void operator()(pg_result* result) const noexcept;
};
struct CancelDeleter {
  void operator()(pg_cancel* request) const noexcept;
};
using ResultPtr = std::unique_ptr<pg_result, ResultDeleter>;

[[nodiscard]] ServerError error_of(const pg_result& result);

/// A session that libpqxx opened and owns, and the handle below it, which libpqxx does not show.
/// Statements go through the handle, so libpqxx's habit of reconnecting by itself never sees them.
class OwnSession {
 public:
  OwnSession() = default;
  virtual ~OwnSession() = default;
  OwnSession(const OwnSession&) = delete;
  OwnSession& operator=(const OwnSession&) = delete;

  [[nodiscard]] virtual pg_conn* handle() const noexcept = 0;
  /// What it was opened by; another session like it can be.
  [[nodiscard]] virtual const DatabaseUrl& url() const noexcept = 0;
};

/// Connects, with Seedbed's session settings. Throws as `Engine::connect` does.
[[nodiscard]] std::unique_ptr<OwnSession> open_session(const DatabaseUrl& url);

}  // namespace seedbed::postgres
