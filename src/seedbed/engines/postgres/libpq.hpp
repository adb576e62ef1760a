#pragma once

#include <memory>
#include <string>

#include <libpq-fe.h>

#include "seedbed/engines/postgres/errors.hpp"
#include "seedbed/engines/url.hpp"

// Private to engines/postgres: shows libpq.
namespace seedbed::postgres {

struct ResultDeleter {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
struct CancelDeleter {
  void operator()(PGcancel* request) const noexcept { PQfreeCancel(request); }
};
using ResultPtr = std::unique_ptr<PGresult, ResultDeleter>;

[[nodiscard]] ServerError error_of(const PGresult& result);

/// A session that libpqxx opened and owns, and the handle below it, which libpqxx does not show.
/// Statements go through the handle, so libpqxx's habit of reconnecting by itself never sees them.
class OwnSession {
 public:
  OwnSession() = default;
  virtual ~OwnSession() = default;
  OwnSession(const OwnSession&) = delete;
  OwnSession& operator=(const OwnSession&) = delete;

  [[nodiscard]] virtual PGconn* handle() const noexcept = 0;
};

/// Connects, with Seedbed's session settings. Throws as `Engine::connect` does.
[[nodiscard]] std::unique_ptr<OwnSession> open_session(const DatabaseUrl& url);

}  // namespace seedbed::postgres
