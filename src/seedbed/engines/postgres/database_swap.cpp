#include "seedbed/engines/postgres/database_swap.hpp"

#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

namespace {

/// Each waits 5 seconds, as the server does for connections that end.
constexpr int kAttempts = 4;

// From another database they cannot be rolled back.
void refuse_prepared(Connection& connection, const std::string& database) {
  const auto prepared =
      connection.query("SELECT gid FROM pg_prepared_xacts WHERE database = $1 ORDER BY gid",
                       std::vector<Value>{database});
  if (prepared.rows.empty()) return;
  throw Error{ErrorCode::unavailable,
              fmt::format("transaction '{}' was prepared in database '{}' and left there: ROLLBACK "
                          "PREPARED it first",
                          prepared.rows.front()[0].text(), database),
              {.engine = "postgres"}};
}

// Of users; what the server runs for itself makes way by itself, and is not everybody's to end.
void end_connections(Connection& connection, const std::string& database) {
  try {
    static_cast<void>(connection.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usesysid IS "
        "NOT NULL",
        std::vector<Value>{database}));
  } catch (const Error& error) {
    if (error.details().sqlstate != "42501") throw;
    throw Error{ErrorCode::unavailable,
                fmt::format("somebody else is connected to database '{}', and this user may not "
                            "end that connection: {}",
                            database, error.what()),
                error.details()};
  }
}

}  // namespace

void require_replaceable(Connection& connection, const DatabaseUrl& url) {
  const auto found = connection.query(
      "SELECT datname = current_database() OR datistemplate FROM pg_database WHERE datname = $1",
      std::vector<Value>{url.database});
  if (found.rows.empty()) {
    throw Error{ErrorCode::not_found,
                fmt::format("there is no database '{}' ({})", url.database, url.redacted()),
                {.engine = "postgres"}};
  }
  if (!found.rows.front()[0].boolean()) return;
  throw Error{ErrorCode::unsupported,
              fmt::format("database '{}' cannot be replaced, since the server itself uses it; use "
                          "another one for tests",
                          url.database),
              {.engine = "postgres"}};
}

void copy_rights(Connection& connection, const std::string& from, const std::string& to) {
  constexpr std::string_view kStatements = R"sql(
    SELECT format('ALTER DATABASE %I OWNER TO %I', $2::text, pg_get_userbyid(datdba))
    FROM pg_database WHERE datname = $1 AND datdba <> (SELECT oid FROM pg_roles
                                                       WHERE rolname = current_user)
    UNION ALL
    SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', $2::text, datconnlimit)
    FROM pg_database WHERE datname = $1 AND datconnlimit <> -1
    UNION ALL
    SELECT format('COMMENT ON DATABASE %I IS %L', $2::text, shobj_description(oid, 'pg_database'))
    FROM pg_database WHERE datname = $1
    UNION ALL
    SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC, %I', $2::text, pg_get_userbyid(datdba))
    FROM pg_database WHERE datname = $1 AND datacl IS NOT NULL
    UNION ALL
    SELECT format('GRANT %s ON DATABASE %I TO %s%s', privilege_type, $2::text,
                  CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                  CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pg_database, aclexplode(datacl) WHERE datname = $1)sql";
  for (const auto& row : connection.query(kStatements, std::vector<Value>{from, to}).rows) {
    connection.execute(row[0].text());
  }
}

void swap_databases(Connection& connection, const DatabaseSwap& swap) {
  const Engine& engine = connection.engine();
  const auto rename = [&](const std::string& from, const std::string& to) {
    connection.execute(
        fmt::format("ALTER DATABASE {} RENAME TO {}", engine.quote(from), engine.quote(to)));
  };
  refuse_prepared(connection, swap.name);
  for (int attempt = 1;; ++attempt) {
    end_connections(connection, swap.name);
    try {
      Transaction transaction{connection};
      rename(swap.name, swap.outgoing);
      rename(swap.incoming, swap.name);
      transaction.commit();
      return;
    } catch (const Error& error) {
      if (error.details().sqlstate != "55006") throw;
      if (attempt < kAttempts) continue;
      throw Error{ErrorCode::unavailable,
                  fmt::format("others connect to database '{}' again and again, so that it cannot "
                              "be replaced: stop them first",
                              swap.name),
                  error.details()};
    }
  }
}

}  // namespace seedbed::postgres
