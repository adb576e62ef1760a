#include "seedbed/engines/sqlite/sqlite_overwrite.hpp"

#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/sqlite/sqlite_session.hpp"

namespace seedbed::detail {

namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::milliseconds kPause{5};

// Of a backup no busy handler is asked.
int copy_pages(sqlite3_backup* backup) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    const int result = sqlite3_backup_step(backup, -1);
    const bool busy = result == SQLITE_BUSY || result == SQLITE_LOCKED;
    if (!busy || std::chrono::steady_clock::now() > deadline) return result;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

void overwrite_database(const std::string& source, const std::string& target) {
  const SqliteSession from{source};
  const SqliteSession to{target};
  sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  int result = sqlite3_errcode(to.handle());
  if (backup != nullptr) {
    const int copied = copy_pages(backup);
    result = sqlite3_backup_finish(backup);
    if (copied != SQLITE_DONE && result == SQLITE_OK) result = copied;
  }
  if (result == SQLITE_OK) return;
  const bool busy = result == SQLITE_BUSY || result == SQLITE_LOCKED;
  throw Error{ErrorCode::unavailable,
              fmt::format("cannot overwrite database '{}': {}", target,
                          busy ? "others have a transaction open" : sqlite3_errstr(result)),
              {.engine = "sqlite"}};
}

}  // namespace seedbed::detail
