#include "seedbed/engines/postgres/empty_baseline.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/open_transaction.hpp"
#include "seedbed/engines/postgres/empty_baseline_sql.hpp"
#include "seedbed/engines/postgres/own_tables.hpp"
#include "seedbed/engines/postgres/row_changes.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

namespace {

// Throws an error that ends with the rows of `sql`, if there are any.
void refuse_rows_of(Connection& connection, std::string_view sql, ErrorCode code,
                    std::string_view why) {
  std::vector<std::string> found;
  for (const auto& row : connection.query(sql).rows) found.push_back(row[0].text());
  if (found.empty()) return;
  throw Error{code, fmt::format("{}: {}", why, join(found, ", ")), {.engine = "postgres"}};
}

// Triggers can be switched off, and sequences set, by those who may do all to them.
void require_ownership(Connection& connection) {
  refuse_rows_of(
      connection,
      "SELECT DISTINCT format('%I.%I', t.space, t.name) FROM seedbed.seedbed_empty_tables t "
      "JOIN pg_class c ON c.oid = t.rel WHERE NOT pg_has_role(c.relowner, 'USAGE') ORDER BY 1",
      ErrorCode::refused,
      fmt::format("tables can be emptied by their owner only, and role '{}' does not own",
                  connection.query_value("SELECT current_user::text").text()));
}

// Also tables that no schema shows, such as those of an extension, must not be emptied by a key.
void refuse_references(Connection& connection) {
  refuse_rows_of(
      connection,
      "SELECT format('%s by %I to %s', k.conrelid::regclass, k.conname, k.confrelid::regclass) "
      "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid AND c.relkind = 'r' "
      "WHERE k.contype = 'f' AND k.confrelid IN (SELECT rel FROM seedbed.seedbed_empty_tables) "
      "AND k.conrelid NOT IN (SELECT rel FROM seedbed.seedbed_empty_tables) ORDER BY 1",
      ErrorCode::conflict, "tables that would not be emptied refer to some that would");
}

Changes read_rows(const std::vector<Row>& rows) {
  Changes changes;
  for (const auto& row : rows) add_change(changes, row);
  std::ranges::sort(changes.tables, {}, &TableChanges::table);
  return changes;
}

class PostgresEmptyBaseline final : public EmptyBaseline {
 public:
  void begin(Connection& connection, std::span<const EmptyTable> tables,
             std::span<const std::string> own_tables) const override {
    detail::refuse_open_transaction(connection, "the state cannot be taken for the baseline");
    connection.engine().prepare_own_tables(connection);
    Transaction transaction{connection};
    connection.execute_script("SET LOCAL search_path = pg_catalog");
    drop(connection);
    try {
      connection.execute_script(empty_state_sql(tables, own_tables));
    } catch (const Error& error) {
      if (error.details().sqlstate != "42501") throw;
      throw Error{ErrorCode::refused,
                  fmt::format("sequences can be set by their owner only: {}", error.what()),
                  error.details()};
    }
    require_ownership(connection);
    refuse_references(connection);
    connection.execute_script(empty_function_sql(own_tables));
    transaction.commit();
  }

  void end(Connection& connection) const override {
    Transaction transaction{connection};
    drop(connection);
    transaction.commit();
  }

  [[nodiscard]] bool begun(Connection& connection) const override {
    return own_table_exists(connection, "empty_tables");
  }

  [[nodiscard]] Changes changes(Connection& connection) const override {
    return read_rows(connection.query("SELECT * FROM seedbed.seedbed_empty('look')").rows);
  }

  // Each statement sees what is committed by then. A row that refers to one which is deleted may
  // have come since its table was looked at.
  [[nodiscard]] Changes bring_back(Connection& connection, EmptyBy how) const override {
    detail::refuse_open_transaction(connection, "what others changed cannot be put right");
    const auto rows = call_atomically(
        connection, {.sql = fmt::format("SELECT * FROM seedbed.seedbed_empty('{}')",
                                        how == EmptyBy::delete_ ? "delete" : "truncate"),
                     .begin = "BEGIN ISOLATION LEVEL READ COMMITTED",
                     .also_retried = "23503"});
    for (const auto& row : rows) {
      if (row[0].text() == "vacuum") connection.execute("VACUUM " + row[2].text());
    }
    return read_rows(rows);
  }

 private:
  static void drop(Connection& connection) {
    const auto drops = connection.query(R"sql(
      SELECT 1, format('DROP FUNCTION seedbed.%I CASCADE', proname) FROM pg_proc
      WHERE pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'seedbed')
        AND (proname LIKE 'seedbed\_empty\_%' OR proname = 'seedbed_empty')
      UNION ALL SELECT CASE relkind WHEN 'v' THEN 2 ELSE 3 END,
                       format('DROP %s IF EXISTS seedbed.%I CASCADE',
                              CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, relname)
      FROM pg_class WHERE relkind IN ('r', 'v') AND relname LIKE 'seedbed\_empty\_%'
        AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'seedbed')
      ORDER BY 1)sql");
    std::string script = "SET LOCAL client_min_messages = warning;\n";
    for (const auto& row : drops.rows) script += row[1].text() + ";\n";
    if (!drops.rows.empty()) connection.execute_script(script);
  }
};

}  // namespace

const EmptyBaseline& empty_baseline() {
  static const PostgresEmptyBaseline kEmptyBaseline;
  return kEmptyBaseline;
}

}  // namespace seedbed::postgres
