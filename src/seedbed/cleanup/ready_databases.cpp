#include "seedbed/cleanup/ready_databases.hpp"

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "seedbed/cleanup/database_pool.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/system_random.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/guard/mark.hpp"

namespace seedbed {

namespace {

// seedbed_run_<16 digits>_<number>; kept ones are told apart, since nobody reaps those.
constexpr std::string_view kRunPrefix = "seedbed_run_";
constexpr std::string_view kKeptPrefix = "seedbed_kept_";
constexpr std::size_t kIdDigits = 16;

std::string owner_lock(std::string_view id) {
  return fmt::format("run:{}", id);
}

/// The owner's id in a name; empty when it is not such a name.
std::string owner_of(std::string_view name, std::string_view prefix) {
  name.remove_prefix(prefix.size());
  const auto id = name.substr(0, kIdDigits);
  const bool whole =
      id.size() == kIdDigits && from_hex(id).has_value() && name.substr(id.size()).starts_with('_');
  return whole ? std::string{id} : std::string{};
}

// The mark is what a clone gets last, so a kept one without is half made.
bool is_finished(DatabaseServer& server, const std::string& name) {
  try {
    return mark_state(*server.engine().connect(server.url_of(name))) == MarkState::marked;
  } catch (const Error& error) {
    return error.code() != ErrorCode::not_found && error.code() != ErrorCode::corrupt;
  }
}

void reap(DatabaseServer& server, std::string_view prefix, bool finished_too) {
  for (const auto& database : server.list(prefix)) {
    const std::string id = owner_of(database.name, prefix);
    if (id.empty()) continue;
    try {
      if (!server.try_lock(owner_lock(id), 0)) continue;
      const bool keep = !finished_too && is_finished(server, database.name);
      if (!keep && is_seedbeds_own(server, database.name)) server.drop(database.name);
      server.unlock(owner_lock(id));
    } catch (const Error&) {
      // Left to the next time; the lock ends with the session at the latest.
    }
  }
}

}  // namespace

ReadyDatabases::ReadyDatabases(std::shared_ptr<DatabaseServer> server, const ReadyOrder& order,
                               Progress& progress)
    : server_{std::move(server)},
      id_{to_hex(system_random_bytes(kIdDigits / 2))},
      at_end_{order.at_end} {
  own();
  reap_ready_databases(*server_);
  try {
    clone_all(order, progress);
  } catch (const Error&) {
    at_end_ = AtEnd::drop;
    try {
      drop();
    } catch (const std::exception&) {
      // Left to the next run; what went wrong first is what to tell.
    }
    throw;
  }
}

ReadyDatabases::~ReadyDatabases() {
  try {
    drop();
  } catch (const std::exception&) {
    // Left to the next run.
  }
}

void ReadyDatabases::own() {
  // Nobody else's, but somebody may just look whether it is held.
  constexpr int kPatienceMilliseconds = 5000;
  if (server_->try_lock(owner_lock(id_), kPatienceMilliseconds)) return;
  throw Error{ErrorCode::internal, fmt::format("the run '{}' has an owner already", id_)};
}

void ReadyDatabases::clone_all(const ReadyOrder& order, Progress& progress) {
  source_ = ready_template(*server_, order.contents, progress);
  for (unsigned number = 0; number < order.workers; ++number) {
    progress.check();
    progress.report({.phase = "clone databases:", .rows = number, .total_rows = order.workers});
    names_.push_back(fmt::format("{}{}_{}", order.at_end == AtEnd::keep ? kKeptPrefix : kRunPrefix,
                                 id_, number));
    server_->clone({.source = source_.name, .target = names_.back(), .method = source_.method});
    const DatabaseUrl url = server_->url_of(names_.back());
    mark_clone(*server_->engine().connect(url));
    urls_.push_back(url);
  }
}

void ReadyDatabases::drop() {
  if (at_end_ != AtEnd::drop) return;
  std::exception_ptr failure;
  for (const auto& name : names_) {
    try {
      server_->drop(name);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found && !failure) failure = std::current_exception();
    }
  }
  names_.clear();
  if (failure) std::rethrow_exception(failure);
}

void reap_ready_databases(DatabaseServer& server) {
  reap(server, kRunPrefix, true);
  reap(server, kKeptPrefix, false);
  reap_pools(server);
  reap_templates(server);
}

}  // namespace seedbed
