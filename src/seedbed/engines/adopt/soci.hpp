#pragma once

#include <memory>

#include "seedbed/engines/connection.hpp"

namespace soci {
class session;
class backend_factory;
namespace details {
class session_backend;
}
}  // namespace soci

namespace seedbed {

/// A Connection over the user's own SOCI session on SQLite. The session stays the user's: it
/// outlives the result, is not closed, and its settings are not changed. Throws unsupported for
/// another backend.
[[nodiscard]] std::unique_ptr<Connection> adopt(soci::session& session);

/// What opens sessions whose begin, commit and rollback (also those of `soci::transaction`) are
/// savepoints while a sandbox is open on them, to any depth; outside of sandboxes everything is the
/// driver's.
///
///   soci::session session{seedbed::savepoints(soci::postgresql), "dbname=shop"};
///   seedbed::SessionSandbox sandbox{session};  // or, on SQLite, Sandbox{*adopt(session)}
///
/// For soci::sqlite3, soci::postgresql and soci::mysql, which outlive every session, as the result
/// does. `session.get_backend()` is not the driver's, which `driver_backend` gives. BEGIN, COMMIT
/// and ROLLBACK sent as SQL text are the database's, and end the sandbox.
///
/// On PostgreSQL each statement outside of the code's own transactions has a savepoint before it
/// in a sandbox, one round trip more, so that a failure undoes that statement only; of a bulk `use`
/// all executions. Those of a transaction that the code has begun fail until its rollback, as ever.
[[nodiscard]] const soci::backend_factory& savepoints(const soci::backend_factory& driver);

/// The driver's own backend of a session, also of one that `savepoints` opened, for code that casts
/// it to the driver's type; nullptr when the session is not open. Transactions that are begun and
/// ended through it are the database's.
[[nodiscard]] soci::details::session_backend* driver_backend(soci::session& session);

/// The scope of one test on a session that `savepoints` opened: what `Sandbox` is on a Connection,
/// for all three drivers. What the code under test has left open is rolled back with the rest.
///
/// COMMITs that get past are refused or found as `Sandbox` says.
class SessionSandbox {
 public:
  /// The session outlives the sandbox. Throws invalid_input when `savepoints` did not open it,
  /// conflict when a transaction is open on it, unavailable when the connection is lost.
  explicit SessionSandbox(soci::session& session);
  ~SessionSandbox();
  SessionSandbox(const SessionSandbox&) = delete;
  SessionSandbox& operator=(const SessionSandbox&) = delete;

  /// As `Sandbox::check_constraints`.
  void check_constraints();
  /// As `Sandbox::close`. Throws conflict also when the session was closed or reconnected inside.
  void close();

 private:
  class Scope;
  std::unique_ptr<Scope> scope_;
};

}  // namespace seedbed
