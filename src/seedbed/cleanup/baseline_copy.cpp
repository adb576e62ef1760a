#include "seedbed/cleanup/baseline_copy.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "seedbed/cleanup/held_lock.hpp"
#include "seedbed/core/digest.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/guard/mark.hpp"

namespace seedbed {

namespace {

constexpr int kCopyPatienceMilliseconds = 60'000;

/// As `CloneOrder` names it.
std::string name_in_order(const DatabaseUrl& url) {
  if (url.engine != "sqlite") return url.database;
  return std::filesystem::absolute(url.database).lexically_normal().string();
}

std::string copy_name(const DatabaseUrl& url) {
  return "seedbed_baseline_" + sha256(name_in_order(url)).hex().substr(0, 16);
}

/// Tells which baseline it is the copy of.
std::string note_of(const Baseline& baseline) {
  return fmt::format("{} {}", baseline.marked_at, baseline.digest.to_string());
}

/// Keeps others from making or using the copy at the same time.
detail::HeldLock hold_copy(DatabaseServer& server, const DatabaseUrl& url) {
  if (!server.try_lock(copy_name(url), kCopyPatienceMilliseconds)) {
    throw Error{ErrorCode::unavailable,
                fmt::format("somebody else is using the copy of the baseline of database '{}'",
                            url.display_name())};
  }
  return {server, copy_name(url)};
}

// And what a replacement that was killed has left.
void drop_copy(DatabaseServer& server, const DatabaseUrl& url) {
  const auto [incoming, outgoing] = replacement_names(name_in_order(url));
  for (const auto& name : {copy_name(url), incoming, outgoing}) {
    if (!server.list(name).empty()) server.drop(name);
  }
}

}  // namespace

void make_baseline_copy(DatabaseServer& server, const DatabaseUrl& url, const Baseline& baseline) {
  const auto lock = hold_copy(server, url);
  drop_copy(server, url);
  try {
    server.clone({.source = name_in_order(url), .target = copy_name(url)});
    server.seal(copy_name(url), note_of(baseline));
  } catch (const Error&) {
    drop_copy(server, url);
    throw;
  }
}

void drop_baseline_copy(DatabaseServer& server, const DatabaseUrl& url) {
  const auto lock = hold_copy(server, url);
  drop_copy(server, url);
}

bool has_baseline_copy(DatabaseServer& server, const DatabaseUrl& url, const Baseline& baseline) {
  return std::ranges::any_of(server.list(copy_name(url)), [&](const ListedDatabase& listed) {
    return listed.note == note_of(baseline);
  });
}

void replace_by_baseline_copy(DatabaseServer& server, const DatabaseUrl& url) {
  const auto lock = hold_copy(server, url);
  server.replace({.source = copy_name(url), .target = name_in_order(url)},
                 [](Connection& contents) { mark_clone(contents); });
}

}  // namespace seedbed
