#include "seedbed/cleanup/templates.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/cleanup/held_lock.hpp"
#include "seedbed/core/clock.hpp"
#include "seedbed/core/digest.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/guard/mark.hpp"

namespace seedbed {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kTemplatePrefix = "seedbed_template_";
constexpr std::string_view kTrial = "_trial";
constexpr std::size_t kDigits = 32;  // of the key's digest: 128 bits
constexpr int kPatienceMilliseconds = 500;
constexpr std::int64_t kUnusedDays = 14;
/// Slower clones differ by more than what disturbs one measurement.
constexpr std::chrono::milliseconds kWorthRepeating{100};

/// The note that seals a template.
struct Note {
  std::string key{};  // for people: the name has its digest
  std::string method{};
  std::int64_t used_day = 0;  ///< since 1970
};

std::int64_t today() {
  return system_now_micros() / kMicrosPerDay;
}

std::string to_text(const Note& note) {
  const nlohmann::ordered_json json{{"seedbed", "template"},
                                    {"used_day", note.used_day},
                                    {"method", note.method},
                                    {"key", note.key}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::optional<Note> parse_note(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("seedbed", "") != "template") return std::nullopt;
  if (!json.contains("used_day") || !json["used_day"].is_number_integer()) return std::nullopt;
  return Note{json.value("key", ""), json.value("method", ""), json["used_day"]};
}

std::optional<ListedDatabase> find_database(DatabaseServer& server, const std::string& name) {
  for (auto& database : server.list(name)) {
    if (database.name == name) return std::move(database);
  }
  return std::nullopt;
}

void drop_if_there(DatabaseServer& server, const std::string& name) {
  try {
    server.drop(name);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
}

std::string full_key(DatabaseServer& server, const std::string& key) {
  return fmt::format("{} {}\n{}", server.engine().name(), server.identity(), key);
}

/// Builds one template, whose lock is held.
class TemplateBuilder {
 public:
  TemplateBuilder(DatabaseServer& server, std::string name, Progress& progress)
      : server_{server}, name_{std::move(name)}, progress_{progress} {}

  std::string build(const TemplateOrder& order) {
    drop_leftovers();
    progress_.report({.phase = "build template", .table = name_});
    try {
      server_.create(name_);
      fill(order);
      std::string method = order.measure ? fastest_method() : std::string{};
      progress_.check();
      server_.seal(name_, to_text({full_key(server_, order.key), method, today()}));
      return method;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::conflict) drop_quietly();
      throw;
    }
  }

 private:
  [[nodiscard]] std::string trial() const { return fmt::format("{}{}", name_, kTrial); }

  void drop_leftovers() {
    for (const auto& name : {trial(), name_}) {
      if (!find_database(server_, name)) continue;
      if (!is_seedbeds_own(server_, name)) {
        throw Error{ErrorCode::refused,
                    fmt::format("database '{}' has a name of Seedbed's own, but not its mark: drop "
                                "or rename it",
                                name)};
      }
      server_.drop(name);
    }
  }

  void drop_quietly() noexcept {
    for (const auto& name : {trial(), name_}) {
      try {
        drop_if_there(server_, name);
      } catch (const std::exception&) {
        // The next who wants this template, or the next run, drops it.
      }
    }
  }

  void fill(const TemplateOrder& order) {
    const DatabaseUrl url = server_.url_of(name_);
    mark_database(*server_.engine().connect(url));
    if (order.fill) order.fill(url);
  }

  std::string fastest_method() {
    std::string fastest;
    auto best = Clock::duration::max();
    for (const auto& method : server_.clone_methods()) {
      const auto taken = time_of(method);
      if (taken >= best) continue;
      best = taken;
      fastest = method;
    }
    return fastest;
  }

  // The better of two: the first may have to write out what others left in memory.
  Clock::duration time_of(const std::string& method) {
    auto best = Clock::duration::max();
    for (int round = 0; round < 2 && (round == 0 || best < kWorthRepeating); ++round) {
      progress_.check();
      const auto start = Clock::now();
      server_.clone({.source = name_, .target = trial(), .method = method});
      best = std::min(best, Clock::now() - start);
      server_.drop(trial());
    }
    return best;
  }

  DatabaseServer& server_;
  std::string name_;
  Progress& progress_;
};

std::optional<Template> find_ready(DatabaseServer& server, const std::string& name, bool any_day) {
  const auto found = find_database(server, name);
  auto note = found ? parse_note(found->note) : std::nullopt;
  if (!note) return std::nullopt;
  if (note->used_day != today()) {
    if (!any_day) return std::nullopt;
    note->used_day = today();
    server.seal(name, to_text(*note));
  }
  return Template{.name = name, .method = note->method};
}

void wait_for_lock(DatabaseServer& server, const std::string& lock, Progress& progress) {
  while (!server.try_lock(lock, kPatienceMilliseconds)) {
    progress.report({.phase = "wait for the template that another process builds:", .table = lock});
    progress.check();
  }
}

// Of a database that is not locked by a builder.
bool is_garbage(DatabaseServer& server, const ListedDatabase& database) {
  const auto note = parse_note(database.note);
  if (note) return note->used_day + kUnusedDays < today();
  return is_seedbeds_own(server, database.name);
}

}  // namespace

std::string template_name(DatabaseServer& server, const std::string& key) {
  return fmt::format("{}{}", kTemplatePrefix,
                     sha256(full_key(server, key)).hex().substr(0, kDigits));
}

Template ready_template(DatabaseServer& server, const TemplateOrder& order, Progress& progress) {
  const std::string name = template_name(server, order.key);
  // Used today: nobody drops it, so no lock is needed.
  if (auto found = find_ready(server, name, false)) return *found;
  wait_for_lock(server, name, progress);
  const detail::HeldLock lock{server, name};
  if (auto found = find_ready(server, name, true)) return *found;
  return {
      .name = name, .method = TemplateBuilder{server, name, progress}.build(order), .built = true};
}

bool is_ready_template(DatabaseServer& server, const std::string& name) {
  const auto found = find_database(server, name);
  return found && parse_note(found->note);
}

void reap_templates(DatabaseServer& server) {
  for (const auto& database : server.list(kTemplatePrefix)) {
    const std::string lock = database.name.substr(0, kTemplatePrefix.size() + kDigits);
    try {
      if (!server.try_lock(lock, 0)) continue;
      const detail::HeldLock held{server, lock};
      // It may have been finished, or used, since it was listed.
      const auto now = find_database(server, database.name);
      if (now && is_garbage(server, *now)) server.drop(now->name);
    } catch (const Error&) {
      // Left to the next time.
    }
  }
}

bool is_seedbeds_own(DatabaseServer& server, const std::string& name) {
  if (server.lists_recorded_only()) return true;
  try {
    const auto connection = server.engine().connect(server.url_of(name));
    if (server.engine().read_mark(*connection)) return true;
    const Schema schema = server.engine().introspect(*connection);
    return schema.tables().empty() && schema.views().empty();
  } catch (const Error& error) {
    // Made by half, or not at all.
    return error.code() == ErrorCode::not_found || error.code() == ErrorCode::corrupt;
  }
}

}  // namespace seedbed
