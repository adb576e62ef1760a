#include "seedbed/engines/postgres/databases.hpp"

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed::postgres {

namespace {

// Databases are made and dropped from another one. `postgres` is there unless somebody removed it.
std::unique_ptr<Connection> connect_elsewhere(const Engine& engine, const DatabaseUrl& url) {
  if (url.database != "postgres") {
    try {
      return engine.connect(url.with_database("postgres"));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
    }
  }
  return engine.connect(url.with_database("template1"));
}

}  // namespace

bool database_exists(const Engine& engine, const DatabaseUrl& url) {
  try {
    (void)engine.connect(url);
    return true;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return false;
    if (error.details().sqlstate == "55000") return true;  // it takes no connections
    throw;
  }
}

std::unique_ptr<Connection> connect_maintenance(const Engine& engine, const DatabaseUrl& url) {
  try {
    return engine.connect(url.with_database("postgres"));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
  return engine.connect(url.with_database("template1"));
}

void create_database_by(Connection& connection, const DatabaseUrl& url,
                        const std::string& options) {
  try {
    connection.execute("CREATE DATABASE " + connection.engine().quote(url.database) + options);
  } catch (const Error& error) {
    const std::string& state = error.details().sqlstate;
    if (state == "55006") {
      throw Error{ErrorCode::unavailable,
                  fmt::format("a database cannot be cloned while others are connected to it: {}",
                              error.what()),
                  error.details()};
    }
    // 23505: another session has just created it.
    if (state != "42P04" && state != "23505") throw;
    throw Error{ErrorCode::conflict,
                fmt::format("there is already a database '{}' ({})", url.database, url.redacted()),
                error.details()};
  }
}

void create_database(const Engine& engine, const DatabaseUrl& url) {
  create_database_by(*connect_elsewhere(engine, url), url, "");
}

void drop_database_by(Connection& connection, const DatabaseUrl& url, const std::string& options) {
  try {
    connection.execute("DROP DATABASE " + connection.engine().quote(url.database) + options);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) {
      throw Error{ErrorCode::not_found,
                  fmt::format("there is no database '{}' ({})", url.database, url.redacted()),
                  error.details()};
    }
    if (error.details().sqlstate != "55006") throw;
    throw Error{ErrorCode::unavailable,
                fmt::format("database '{}' cannot be dropped while others are connected to it: {}",
                            url.database, error.what()),
                error.details()};
  }
}

void drop_database(const Engine& engine, const DatabaseUrl& url) {
  drop_database_by(*connect_elsewhere(engine, url), url, "");
}

Capabilities probe_capabilities(Connection& connection) {
  const RowSet result = connection.query(
      "SELECT version(), current_setting('server_version'), "
      "(SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user)");
  const Row& row = result.rows.front();
  const auto first_word = [](const std::string& text) { return text.substr(0, text.find(' ')); };
  return {.product = first_word(row[0].text()),
          .version = first_word(row[1].text()),
          .transactional_ddl = true,
          .insert_returning = true,
          .deferrable_keys = true,
          .load_method = connection.adopted() ? "INSERT" : "COPY",
          .clone_database = row[2].boolean()};
}

}  // namespace seedbed::postgres
