#include "seedbed/engines/mysql/quiet_session.hpp"

#include <fmt/format.h>

#include "seedbed/core/error.hpp"

namespace seedbed::mysql {

QuietSession::QuietSession(Connection& connection, bool keys)
    : connection_{connection},
      settings_{connection},
      before_{connection
                  .query("SELECT @@foreign_key_checks, @@lock_wait_timeout, "
                         "@@innodb_lock_wait_timeout")
                  .rows.front()} {
  set({keys ? 1 : 0, 1, 3});
}

QuietSession::~QuietSession() {
  try {
    set(before_);
  } catch (const Error&) {
    // The session is lost, and its settings with it.
  }
}

void QuietSession::set(const Row& settings) {
  connection_.execute(
      fmt::format("SET SESSION foreign_key_checks = {}, lock_wait_timeout = {}, "
                  "innodb_lock_wait_timeout = {}, @seedbed_undoing = NULL",
                  settings[0].as<std::int64_t>(), settings[1].as<std::int64_t>(),
                  settings[2].as<std::int64_t>()));
}

}  // namespace seedbed::mysql
