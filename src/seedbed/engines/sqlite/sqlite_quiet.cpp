#include "seedbed/engines/sqlite/sqlite_quiet.hpp"

#include <fmt/format.h>

#include "seedbed/core/error.hpp"

namespace seedbed::detail {

SqliteQuiet::SqliteQuiet(Connection& connection)
    : connection_{dynamic_cast<SqliteConnection&>(connection)},
      keys_{connection.query_value("PRAGMA foreign_keys").integer()},
      synchronous_{connection.query_value("PRAGMA synchronous").integer()} {
  set(0, 0);
  triggers_ = connection_.switch_triggers(false);
}

SqliteQuiet::~SqliteQuiet() {
  connection_.switch_triggers(triggers_);
  try {
    set(keys_, synchronous_);
  } catch (const Error&) {
    // Only out of memory could it fail, as no transaction is open.
  }
}

void SqliteQuiet::set(std::int64_t keys, std::int64_t synchronous) {
  connection_.execute(fmt::format("PRAGMA foreign_keys = {}", keys), {});
  connection_.execute(fmt::format("PRAGMA synchronous = {}", synchronous), {});
}

}  // namespace seedbed::detail
