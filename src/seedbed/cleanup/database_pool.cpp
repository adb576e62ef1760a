#include "seedbed/cleanup/database_pool.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/cleanup/held_lock.hpp"
#include "seedbed/core/clock.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/system_random.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/guard/mark.hpp"

namespace seedbed {

namespace {

// seedbed_pool_<16 digits of the contents>_<place>_<8 random digits>. A name is never used again,
// so that what is left of a killed test, a program that it has started, does not find the next.
constexpr std::string_view kPoolPrefix = "seedbed_pool_";
constexpr std::size_t kContentsDigits = 16;
constexpr unsigned kMostPlaces = 1000;
constexpr std::int64_t kLifeMicros = kMicrosPerDay;
constexpr std::int64_t kLongAgo = 0;
// Servers end a session a moment after its client has.
constexpr std::chrono::milliseconds kSessionsEnd{200};

std::string lock_of(std::string_view place) {
  return fmt::format("pool:{}", place);
}

/// "<contents>_<place>" of a name; empty when it is not such a name.
std::string_view place_in(std::string_view name) {
  name.remove_prefix(std::min(name.size(), kPoolPrefix.size()));
  const auto end = name.rfind('_');
  return end == std::string_view::npos || end <= kContentsDigits ? std::string_view{}
                                                                 : name.substr(0, end);
}

// The note of a database that is nobody's.
std::string note_of(std::int64_t made_micros) {
  return nlohmann::json{{"seedbed", "pool"}, {"made_micros", made_micros}}.dump();
}

/// When a database that is nobody's was made; nullopt for one that is somebody's, or was when they
/// were killed.
std::optional<std::int64_t> made_micros(const ListedDatabase& database) {
  const auto json = nlohmann::json::parse(database.note, nullptr, false);
  if (!json.is_object() || json.value("seedbed", "") != "pool") return std::nullopt;
  if (!json.contains("made_micros") || !json["made_micros"].is_number_integer()) {
    return std::nullopt;
  }
  return json["made_micros"].get<std::int64_t>();
}

bool is_ready(const ListedDatabase& database) {
  const auto made = made_micros(database);
  return made && *made > system_now_micros() - kLifeMicros;
}

bool is_free_soon(DatabaseServer& server, const std::string& name) {
  const auto end = std::chrono::steady_clock::now() + kSessionsEnd;
  while (server.is_in_use(name)) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

// A failure is left to the next time: names are never used again.
void drop_garbage(DatabaseServer& server, const ListedDatabase& database) {
  try {
    const bool own = made_micros(database) || is_seedbeds_own(server, database.name);
    if (own) server.drop(database.name);
  } catch (const Error&) {
    // A transaction that was prepared in it, for example.
  }
}

std::vector<ListedDatabase> databases_at(DatabaseServer& server, std::string_view place) {
  return server.list(fmt::format("{}{}_", kPoolPrefix, place));
}

}  // namespace

PooledDatabase::PooledDatabase(std::shared_ptr<DatabaseServer> server, const PoolOrder& order,
                               Progress& progress)
    : server_{std::move(server)} {
  try {
    take_place(order, progress);
    if (name_.empty()) make(order, progress);
  } catch (const std::exception&) {
    let_go();
    throw;
  }
}

PooledDatabase::~PooledDatabase() {
  let_go();
}

void PooledDatabase::take_place(const PoolOrder& order, Progress& progress) {
  const std::string source = template_name(*server_, order.contents.key);
  const auto contents = std::string_view{source}.substr(source.rfind('_') + 1, kContentsDigits);
  for (unsigned number = 0; place_.empty(); ++number) {
    progress.check();
    if (number == kMostPlaces) {
      throw Error{ErrorCode::unavailable,
                  fmt::format("{} processes have a database of these contents on this server, and "
                              "more cannot test at once: wait until some have ended",
                              kMostPlaces)};
    }
    std::string place = fmt::format("{}_{}", contents, number);
    if (server_->try_lock(lock_of(place), 0)) place_ = std::move(place);
  }
  for (const auto& database : databases_at(*server_, place_)) {
    if (name_.empty() && is_ready(database) && take_over(database.name, order)) {
      made_micros_ = *made_micros(database);
    } else {
      drop_garbage(*server_, database);
    }
  }
}

/// False when it is not what it was, for whatever reason.
bool PooledDatabase::take_over(const std::string& name, const PoolOrder& order) {
  try {
    server_->unseal(name);
    connect_to(name);
    reused_ = !order.restore || order.restore(*connection_);
  } catch (const Error&) {
    reused_ = false;
  }
  if (reused_) name_ = name;
  if (!reused_) connection_.reset();
  return reused_;
}

void PooledDatabase::make(const PoolOrder& order, Progress& progress) {
  const auto source = ready_template(*server_, order.contents, progress);
  progress.check();
  name_ = fmt::format("{}{}_{}", kPoolPrefix, place_, to_hex(system_random_bytes(4)));
  server_->clone({.source = source.name, .target = name_, .method = source.method});
  made_micros_ = system_now_micros();
  connect_to(name_);
}

void PooledDatabase::connect_to(const std::string& name) {
  url_ = server_->url_of(name);
  connection_ = server_->engine().connect(url_);
  mark_clone(*connection_);
}

void PooledDatabase::give_back() {
  connection_.reset();
  // Closed before the look, and ready behind it: until then it is garbage.
  server_->seal(name_, note_of(kLongAgo));
  if (!is_free_soon(*server_, name_)) return;
  server_->seal(name_, note_of(made_micros_));
  name_.clear();
}

void PooledDatabase::let_go() noexcept {
  connection_.reset();
  try {
    if (!name_.empty() && !left_) server_->drop(name_);
  } catch (const std::exception&) {
    // Not made yet, or left to the next process.
  }
  try {
    if (!place_.empty()) server_->unlock(lock_of(place_));
  } catch (const std::exception&) {
    // The session is lost, and its locks with it.
  }
}

void reap_pools(DatabaseServer& server) {
  for (const auto& database : server.list(kPoolPrefix)) {
    const std::string_view place = place_in(database.name);
    if (place.empty() || is_ready(database)) continue;
    if (!server.try_lock(lock_of(place), 0)) continue;
    const detail::HeldLock held{server, lock_of(place)};
    // It may have been given back since it was listed.
    for (const auto& now : databases_at(server, place)) {
      if (!is_ready(now)) drop_garbage(server, now);
    }
  }
}

}  // namespace seedbed
