#include "seedbed/engines/sqlite/sqlite_load_guard.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/sqlite/sqlite_dialect.hpp"

namespace seedbed::detail {

namespace {

/// Appends the statements that drop a table's objects of the kind ("trigger", "index"), and make
/// them again. Indexes that SQLite makes for a table's own keys have none, and stay.
void add_objects(Connection& connection, const std::string& kind, const TableName& table,
                 SurroundingSql& sql) {
  const RowSet rows = connection.query(
      "SELECT name, sql FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL AND "
      "lower(tbl_name) = lower(?) AND name NOT LIKE 'seedbed\\_%' ESCAPE '\\' ORDER BY rowid",
      std::vector<Value>{kind, table.name});
  for (const auto& row : rows.rows) {
    sql.before.push_back(fmt::format("DROP {} main.{}", kind, quote_identifier(row[0].text())));
    sql.after.push_back(row[1].text());
  }
}

void execute_all(Connection& connection, const std::vector<std::string>& statements) {
  for (const auto& statement : statements) connection.execute(statement);
}

class SqliteLoadGuard final : public LoadGuard {
 public:
  SqliteLoadGuard(Connection& connection, std::span<const TableName> tables)
      : connection_{connection}, tables_{tables.begin(), tables.end()} {
    deferred_before_ = connection_.query_value("PRAGMA defer_foreign_keys").integer() != 0;
    connection_.execute("PRAGMA defer_foreign_keys = ON");
    for (const auto& table : tables_) add_objects(connection_, "trigger", table, triggers_);
    execute_all(connection_, triggers_.before);
  }

  void finish() override {
    execute_all(connection_, triggers_.after);
    for (const auto& table : tables_) check_keys(table);
    if (!deferred_before_) connection_.execute("PRAGMA defer_foreign_keys = OFF");
  }

 private:
  void check_keys(const TableName& table) {
    const RowSet orphans = connection_.query(
        "SELECT fkid, min(parent), count(*) FROM pragma_foreign_key_check(?) GROUP BY fkid",
        std::vector<Value>{table.name});
    if (orphans.rows.empty()) return;
    const Row& first = orphans.rows.front();
    const RowSet columns = connection_.query(
        R"(SELECT "from" FROM pragma_foreign_key_list(?) WHERE id = ? ORDER BY seq)",
        std::vector<Value>{table.name, first[0]});
    std::vector<std::string> names;
    for (const auto& row : columns.rows) names.push_back(row.front().text());
    throw Error{
        ErrorCode::constraint_violation,
        fmt::format("foreign key ({}) of table '{}': {} rows have no parent in table '{}'",
                    join(names, ", "), table.to_string(), first[2].integer(), first[1].text()),
        {.engine = "sqlite", .sqlstate = "23503"}};
  }

  Connection& connection_;
  std::vector<TableName> tables_;
  SurroundingSql triggers_;
  bool deferred_before_ = false;
};

class DeferredIndexes final : public LoadGuard {
 public:
  DeferredIndexes(Connection& connection, const DeferredTables& deferred)
      : connection_{connection}, indexes_{deferred_indexes_sql(connection, deferred)} {
    execute_all(connection_, indexes_.before);
  }

  void finish() override { execute_all(connection_, indexes_.after); }

 private:
  Connection& connection_;
  SurroundingSql indexes_;
};

}  // namespace

std::unique_ptr<LoadGuard> guard_sqlite_load(Connection& connection, const Schema& schema,
                                             std::span<const TableName> tables) {
  for (const auto& table : tables) static_cast<void>(schema.at(table));
  if (!connection.in_transaction()) {
    throw Error{ErrorCode::internal, "a load can be guarded inside a transaction only"};
  }
  return std::make_unique<SqliteLoadGuard>(connection, tables);
}

std::unique_ptr<LoadGuard> defer_sqlite_indexes(Connection& connection,
                                                const DeferredTables& deferred) {
  return std::make_unique<DeferredIndexes>(connection, deferred);
}

SurroundingSql deferred_indexes_sql(Connection& connection, const DeferredTables& deferred) {
  SurroundingSql sql;
  for (const auto& table : deferred.empty) add_objects(connection, "index", table, sql);
  return sql;
}

}  // namespace seedbed::detail
