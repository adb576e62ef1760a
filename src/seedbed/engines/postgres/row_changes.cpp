#include "seedbed/engines/postgres/row_changes.hpp"

#include "seedbed/core/error.hpp"
#include "seedbed/engines/postgres/catalog.hpp"
#include "seedbed/engines/postgres/cells.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

namespace {

constexpr int kAttempts = 5;

std::vector<Row> call_until_alone(Connection& connection, const RowCall& call) {
  const std::vector<BoundStatement> statements{{call.sql, {}}};
  for (int attempt = 1;; ++attempt) {
    try {
      return run_atomically(connection, statements, call.begin).front();
    } catch (const Error& error) {
      const std::string& state = error.details().sqlstate;
      const bool in_the_way = state == "40001" || state == "40P01" ||
                              (!call.also_retried.empty() && state == call.also_retried);
      if (attempt == kAttempts || !in_the_way) throw;
    }
  }
}

bool roll_back_prepared(Connection& connection, const std::vector<Row>& rows) {
  bool found = false;
  for (const auto& row : rows) {
    if (row[0].text() != "prepared") continue;
    std::string statement = "ROLLBACK PREPARED ";
    append_quoted(statement, row[2].text());
    connection.execute(statement);
    found = true;
  }
  return found;
}

}  // namespace

std::vector<Row> call_atomically(Connection& connection, const RowCall& call) {
  auto rows = call_until_alone(connection, call);
  if (roll_back_prepared(connection, rows)) rows = call_until_alone(connection, call);
  return rows;
}

void add_change(Changes& changes, const Row& row) {
  const std::string& kind = row[0].text();
  const TableName name{schema_of(row[1].text()), row[2].text()};
  const auto number = [&](std::size_t column) {
    return static_cast<std::uint64_t>(row[column].integer());
  };
  if (kind == "table") changes.tables.push_back({name, number(3), number(4), number(5)});
  if (kind == "counter") changes.counters.push_back(name.to_string());
  if (kind == "obstacle") changes.obstacles.push_back(row[2].text());
  if (kind == "dropped") changes.dropped.push_back(row[2].text());
  if (kind == "schema") changes.schema.push_back(row[2].text());
  if (kind == "left") changes.left.push_back(row[2].text());
}

std::string_view left_by_others_sql() {
  return R"sql(
SELECT format('an advisory lock, held by session %s (%s)', l.pid, a.application_name) AS what
FROM pg_lock_status() l JOIN pg_stat_get_activity(NULL) a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.pid <> pg_backend_pid()
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL
SELECT format('what the open transaction of session %s (%s) has written', pid, application_name)
FROM pg_stat_get_activity(NULL)
WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND backend_xid IS NOT NULL AND usesysid IS NOT NULL AND pid <> pg_backend_pid())sql";
}

}  // namespace seedbed::postgres
