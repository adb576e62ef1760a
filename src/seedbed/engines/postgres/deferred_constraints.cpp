#include "seedbed/engines/postgres/deferred_constraints.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/postgres/cells.hpp"
#include "seedbed/engines/postgres/undo_log.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

namespace {

// Each query gives the statement that drops a thing and the one that builds it again. {0} stands
// for the tables.
constexpr std::string_view kForeignKeys = R"(
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname,
              pg_get_constraintdef(c.oid))
FROM pg_constraint c
JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
WHERE c.contype = 'f' AND (c.conrelid IN ({0}) OR c.confrelid IN ({0}))
  AND child.relkind = 'r' AND parent.relkind = 'r' AND c.conparentid = 0
  AND NOT child.relispartition AND NOT parent.relispartition
  AND obj_description(c.oid, 'pg_constraint') IS NULL
ORDER BY c.oid)";

constexpr std::string_view kPlainIndex = R"(
  i.indisvalid AND i.indisready AND NOT i.indisclustered AND NOT i.indisreplident
  AND index.reltablespace = 0 AND obj_description(index.oid, 'pg_class') IS NULL
  AND owner.relkind = 'r' AND NOT owner.relispartition AND owner.relreplident <> 'i'
  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = index.oid AND a.attstattarget > 0))";

constexpr std::string_view kKeys = R"(
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname,
              pg_get_constraintdef(c.oid))
FROM pg_constraint c JOIN pg_class index ON index.oid = c.conindid
JOIN pg_index i ON i.indexrelid = index.oid JOIN pg_class owner ON owner.oid = c.conrelid
WHERE c.contype IN ('p', 'u', 'x') AND c.conrelid IN ({0})
  AND obj_description(c.oid, 'pg_constraint') IS NULL AND {1}
ORDER BY c.oid)";

constexpr std::string_view kIndexes = R"(
SELECT format('DROP INDEX %s', index.oid::regclass), pg_get_indexdef(index.oid)
FROM pg_index i JOIN pg_class index ON index.oid = i.indexrelid
JOIN pg_class owner ON owner.oid = i.indrelid
WHERE i.indrelid IN ({0}) AND {1}
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = index.oid AND c.contype <> 'f')
ORDER BY index.oid)";

/// Sorts of a build, which are many and large; of this transaction only.
constexpr std::string_view kSortMemory =
    "SELECT set_config('maintenance_work_mem', '256MB', true) "
    "WHERE pg_size_bytes(current_setting('maintenance_work_mem')) < 256 * 1024 * 1024";

std::string numbers_of(const Engine& engine, std::span<const TableName> tables) {
  std::string numbers;
  for (const auto& table : tables) {
    if (!numbers.empty()) numbers += ", ";
    append_quoted(numbers, engine.quote(table));
    numbers += "::regclass";
  }
  return numbers;
}

struct Deferrable {
  std::string drop;
  std::string build;
};

/// Foreign keys come before the keys that they refer to.
std::vector<Deferrable> deferrables(Connection& connection, std::span<const TableName> tables) {
  std::vector<Deferrable> all;
  if (tables.empty()) return all;
  const auto numbers = numbers_of(connection.engine(), tables);
  for (const auto& query :
       {fmt::format(kForeignKeys, numbers), fmt::format(kKeys, numbers, kPlainIndex),
        fmt::format(kIndexes, numbers, kPlainIndex)}) {
    for (const auto& row : connection.query(query).rows)
      all.push_back({row[0].text(), row[1].text()});
  }
  return all;
}

}  // namespace

DeferredConstraints::DeferredConstraints(Connection& connection, std::span<const TableName> tables)
    : connection_{connection} {
  if (tables.empty()) return;
  hide_schema_changes(connection, true);
  for (const auto& [statement, build] : deferrables(connection, tables)) drop(statement, build);
}

void DeferredConstraints::drop(const std::string& statement, const std::string& build) {
  try {
    Transaction savepoint{connection_};
    connection_.execute(statement);
    savepoint.commit();
    build_.push_back(build);
  } catch (const Error& error) {
    const auto& state = error.details().sqlstate;
    if (state == "2BP01") return;  // something depends on it
    if (state != "42501") throw;
    throw Error{ErrorCode::refused,
                "foreign keys and indexes are put off only by the role that owns the tables, and "
                "those that refer to them: connect as it, or go without",
                error.details()};
  }
}

// Keys come before the foreign keys that refer to them.
void DeferredConstraints::finish() {
  // Keys that were kept may wait for the commit, and a table is not altered while they do.
  connection_.execute("SET CONSTRAINTS ALL IMMEDIATE");
  static_cast<void>(connection_.query(kSortMemory));
  for (auto statement = build_.rbegin(); statement != build_.rend(); ++statement) {
    connection_.execute(*statement);
  }
  build_.clear();
  hide_schema_changes(connection_, false);
}

SurroundingSql deferred_constraints_sql(Connection& connection, std::span<const TableName> tables) {
  SurroundingSql sql;
  for (auto& [drop, build] : deferrables(connection, tables)) {
    sql.before.push_back(std::move(drop));
    sql.after.push_back(std::move(build));
  }
  std::ranges::reverse(sql.after);
  return sql;
}

}  // namespace seedbed::postgres
