#include "seedbed/workspace/run_environment.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace seedbed {

namespace {

constexpr std::array<std::string_view, 2> kNumbered{"DATABASE_URL_", "DATABASE_PATH_"};

bool is_numbered(std::string_view name) {
  return std::ranges::any_of(kNumbered, [&](std::string_view prefix) {
    if (!name.starts_with(prefix) || name.size() == prefix.size()) return false;
    return std::ranges::all_of(name.substr(prefix.size()),
                               [](char c) { return c >= '0' && c <= '9'; });
  });
}

std::string parameter(const DatabaseUrl& url, const std::string& name) {
  const auto found = url.parameters.find(name);
  return found == url.parameters.end() ? std::string{} : found->second;
}

// What the URL leaves open stays as it is: Seedbed itself connected with it.
void set_if_given(EnvironmentChanges& changes, const std::string& name, const std::string& value) {
  if (!value.empty()) changes[name] = value;
}

std::string port_of(const DatabaseUrl& url) {
  return url.port == 0 ? std::string{} : std::to_string(url.port);
}

void set_postgres(EnvironmentChanges& changes, const DatabaseUrl& url) {
  changes["PGSERVICE"] = std::nullopt;  // a service wins over what is named below
  set_if_given(changes, "PGHOST", url.host.empty() ? parameter(url, "host") : url.host);
  set_if_given(changes, "PGPORT", port_of(url));
  set_if_given(changes, "PGUSER", url.user);
  set_if_given(changes, "PGPASSWORD", url.password);
  set_if_given(changes, "PGSSLMODE", parameter(url, "sslmode"));
  changes["PGDATABASE"] = url.database;
}

void set_mysql(EnvironmentChanges& changes, const DatabaseUrl& url) {
  set_if_given(changes, "MYSQL_HOST", url.host);
  set_if_given(changes, "MYSQL_TCP_PORT", port_of(url));
  set_if_given(changes, "MYSQL_UNIX_PORT", parameter(url, "socket"));
  set_if_given(changes, "MYSQL_USER", url.user);
  set_if_given(changes, "MYSQL_PWD", url.password);
  changes["MYSQL_DATABASE"] = url.database;
}

void set_url(EnvironmentChanges& changes, const std::string& suffix, const DatabaseUrl& url) {
  changes["DATABASE_URL" + suffix] = client_url(url);
  if (url.engine == "sqlite") changes["DATABASE_PATH" + suffix] = url.database;
}

}  // namespace

std::string client_url(const DatabaseUrl& url) {
  constexpr std::string_view kScheme = "sqlite:";
  DatabaseUrl plain = url;
  // Some clients refuse the parameter, and those that want TLS unless told read PGSSLMODE too.
  if (parameter(url, "sslmode") == "disable") plain.parameters.erase("sslmode");
  auto text = plain.to_string();
  if (text.starts_with(kScheme)) text.insert(kScheme.size(), "///");
  return text;
}

EnvironmentChanges run_environment(std::span<const DatabaseUrl> databases,
                                   std::span<const std::string> inherited) {
  EnvironmentChanges changes;
  for (const auto& name : inherited) {
    if (is_numbered(name)) changes[name] = std::nullopt;
  }
  for (std::size_t i = 0; i < databases.size(); ++i) {
    set_url(changes, fmt::format("_{}", i), databases[i]);
  }
  const DatabaseUrl& first = databases.front();
  set_url(changes, "", first);
  changes["SEEDBED_DATABASE"] = first.to_string();
  if (first.engine == "postgres") set_postgres(changes, first);
  if (first.engine == "mysql") set_mysql(changes, first);
  return changes;
}

}  // namespace seedbed
