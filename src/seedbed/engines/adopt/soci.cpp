#include "seedbed/engines/adopt/soci.hpp"

#include "seedbed/engines/adopt/soci_backend.hpp"
#include "seedbed/engines/sqlite/sqlite_connection.hpp"
#include "seedbed/engines/sqlite/sqlite_engine.hpp"
#include "seedbed/engines/sqlite/sqlite_session.hpp"

namespace seedbed {

std::unique_ptr<Connection> adopt(soci::session& session) {
  return std::make_unique<detail::SqliteConnection>(
      detail::sqlite_engine(), detail::raw_handle(session), detail::savepoints_of(session));
}

}  // namespace seedbed
