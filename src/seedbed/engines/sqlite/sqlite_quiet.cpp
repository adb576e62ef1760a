#include "seedbed/engines/sqlite/sqlite_quiet.hpp"

#include <fmt/format.h>

#include "seedbed/core/error.hpp"

namespace seedbed::detail {

SqliteQuiet::SqliteQuiet(Connection& connection)
    : connection_{dynamic_cast<SqliteConnection&>(connection)},
      synchronous_{connection.query_value("PRAGMA synchronous").integer()} {
  wait_for_disk(0);
  keys_ = connection_.switch_foreign_keys(false);
  triggers_ = connection_.switch_triggers(false);
}

SqliteQuiet::~SqliteQuiet() {
  connection_.switch_triggers(triggers_);
  connection_.switch_foreign_keys(keys_);
  try {
    wait_for_disk(synchronous_);
  } catch (const Error&) {
    // Only out of memory could it fail, as no transaction is open.
  }
}

void SqliteQuiet::wait_for_disk(std::int64_t synchronous) {
  connection_.execute(fmt::format("PRAGMA synchronous = {}", synchronous), {});
}

}  // namespace seedbed::detail
