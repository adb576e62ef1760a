#include "seedbed/engines/postgres/undo_log.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/open_transaction.hpp"
#include "seedbed/engines/postgres/noted_tables.hpp"
#include "seedbed/engines/postgres/own_tables.hpp"
#include "seedbed/engines/postgres/row_changes.hpp"
#include "seedbed/engines/postgres/undo_log_sql.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

namespace {

/// Tables whose triggers one transaction makes: the lock table of a server holds some thousands.
constexpr std::size_t kTablesPerTransaction = 200;
/// Of the notes, dead or alive, from which on they are vacuumed after an undo.
constexpr std::int64_t kLargeLog = std::int64_t{512} * 1024;

// Names of user types come with their schema, and nothing waits without end for a table.
void settle_session(Connection& connection) {
  connection.execute_script(
      "SET LOCAL search_path = pg_catalog; SELECT set_config('lock_timeout', '10s', true) "
      "WHERE current_setting('lock_timeout') = '0'");
}

[[noreturn]] void rethrow_begin(const Error& error) {
  const std::string& state = error.details().sqlstate;
  if (state == "42501") {
    throw Error{
        ErrorCode::refused,
        fmt::format("changes can be noted by the owner of all tables only: {}", error.what()),
        error.details()};
  }
  if (state == "55P03") {
    throw Error{ErrorCode::unavailable,
                "another transaction has written to a table and is still open, so that changes "
                "cannot be noted: end it first",
                error.details()};
  }
  throw error;
}

bool query_flag(Connection& connection, std::string_view sql) {
  return connection.query_value(sql).boolean();
}

bool may_replicate(Connection& connection) {
  try {
    Transaction attempt{connection};
    connection.execute("SET LOCAL session_replication_role = replica");
    attempt.rollback();
    return true;
  } catch (const Error& error) {
    if (error.details().sqlstate == "42501") return false;
    throw;
  }
}

void note_tables(Connection& connection, std::span<const NotedTable> tables) {
  const Engine& engine = connection.engine();
  for (std::size_t from = 0; from < tables.size(); from += kTablesPerTransaction) {
    std::string script;
    for (const auto& table :
         tables.subspan(from, std::min(kTablesPerTransaction, tables.size() - from))) {
      script += noting_sql(engine, table);
    }
    Transaction transaction{connection};
    settle_session(connection);
    connection.execute_script(script);
    transaction.commit();
  }
}

// What was noted while the triggers were made belongs to the beginning, and so do counters.
void seal(Connection& connection, bool superuser) {
  Transaction transaction{connection};
  settle_session(connection);
  if (superuser) connection.execute_script(schema_watch_sql());
  connection.execute(
      fmt::format("INSERT INTO seedbed.seedbed_undo_now SELECT {}, c.digest, s.settings FROM "
                  "seedbed.seedbed_undo_catalog c, seedbed.seedbed_undo_settings s",
                  superuser));
  connection.execute(
      "INSERT INTO seedbed.seedbed_undo_objects SELECT DISTINCT type, identity FROM "
      "seedbed.seedbed_undo_present");
  connection.execute("CREATE TABLE seedbed.seedbed_undo_begun ()");
  transaction.commit();
}

// All reads see one state, so that a writer who commits meanwhile is left for the next time. One
// who changes the same rows fails it, and then it is tried again.
std::vector<Row> run_undo(Connection& connection) {
  return call_atomically(connection, {.sql = "SELECT * FROM seedbed.seedbed_undo_all()",
                                      .begin = "BEGIN ISOLATION LEVEL REPEATABLE READ"});
}

class PostgresUndoLog final : public UndoLog {
 public:
  void begin(Connection& connection, std::span<const std::string> own_tables) const override {
    detail::refuse_open_transaction(connection, "changes cannot begin to be noted");
    end(connection);
    connection.engine().prepare_own_tables(connection);
    const bool superuser =
        query_flag(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user");
    try {
      {
        Transaction transaction{connection};
        connection.execute_script(shared_objects_sql() +
                                  functions_sql(superuser || may_replicate(connection)));
        transaction.commit();
      }
      std::vector<NotedTable> tables;
      {
        Transaction transaction{connection};
        settle_session(connection);
        tables = read_noted_tables(connection, own_tables);
        transaction.commit();
      }
      note_tables(connection, tables);
      seal(connection, superuser);
    } catch (const Error& error) {
      end(connection);
      rethrow_begin(error);
    }
  }

  // Functions take their triggers with them. What says that it has begun goes first, since several
  // transactions may be needed.
  void end(Connection& connection) const override {
    constexpr std::string_view kDrops = R"sql(
      SELECT 1, format('DROP EVENT TRIGGER %I', evtname) FROM pg_event_trigger
      WHERE evtname IN ('seedbed_undo_end', 'seedbed_undo_drop')
      UNION ALL SELECT 2, format('DROP FUNCTION IF EXISTS seedbed.%I CASCADE', proname) FROM pg_proc
      WHERE pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'seedbed')
        AND proname LIKE 'seedbed\_undo\_%'
      UNION ALL SELECT CASE relname WHEN 'seedbed_undo_begun' THEN 0 ELSE 3 END,
                       format('DROP %s IF EXISTS seedbed.%I CASCADE',
                                 CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, relname)
      FROM pg_class WHERE relkind IN ('r', 'v') AND relnamespace =
        (SELECT oid FROM pg_namespace WHERE nspname = 'seedbed')
        AND (relname LIKE 'seedbed\_undo\_%' OR relname = 'seedbed_undo')
      ORDER BY 1)sql";
    const auto drops = connection.query(kDrops).rows;
    for (std::size_t from = 0; from < drops.size(); from += 2 * kTablesPerTransaction) {
      std::string script;
      const std::size_t to = std::min(drops.size(), from + 2 * kTablesPerTransaction);
      for (std::size_t i = from; i < to; ++i) {
        script += drops[i][1].text() + ";\n";
      }
      Transaction transaction{connection};
      connection.execute_script("SET LOCAL client_min_messages = warning;\n" + script);
      transaction.commit();
    }
  }

  [[nodiscard]] bool begun(Connection& connection) const override {
    return own_table_exists(connection, "undo_begun");
  }

  [[nodiscard]] Changes changes(Connection& connection, std::size_t rows) const override {
    constexpr std::string_view kChanges =
        "SELECT 'table', space, name, inserted, updated, deleted, rel, array_to_string(key_columns,"
        " chr(1)) FROM seedbed.seedbed_undo_changes "
        "UNION ALL SELECT 'counter', space, name, 0, 0, 0, 0, '' FROM seedbed.seedbed_undo_moved "
        "UNION ALL SELECT kind, '', obstacle, 0, 0, 0, 0, '' FROM "
        "seedbed.seedbed_undo_obstacles ORDER BY 1, 2, 3";
    Changes changes;
    std::map<std::string, std::size_t> tables;  // by number
    for (const auto& row : connection.query(kChanges).rows) {
      add_change(changes, row);
      if (row[0].text() != "table") continue;
      if (!row[7].text().empty()) changes.tables.back().key_columns = split(row[7].text(), '\1');
      tables[row[6].as<std::string>()] = changes.tables.size() - 1;
    }
    if (rows > 0) add_rows(connection, changes, tables, rows);
    return changes;
  }

  [[nodiscard]] Changes undo(Connection& connection) const override {
    detail::refuse_open_transaction(connection, "what others changed cannot be undone");
    Changes changes;
    for (const auto& row : run_undo(connection)) {
      add_change(changes, row);
      if (row[0].text() == "size" && row[3].integer() > kLargeLog) {
        connection.execute("VACUUM seedbed.seedbed_undo");
      }
    }
    return changes;
  }

 private:
  static void add_rows(Connection& connection, Changes& changes,
                       const std::map<std::string, std::size_t>& tables, std::size_t rows) {
    const std::string sql = fmt::format(
        "SELECT rel, change, array_to_string(key, chr(1)) FROM (SELECT *, row_number() OVER "
        "(PARTITION BY rel ORDER BY change, length(key[1]), key) AS number FROM "
        "seedbed.seedbed_undo_rows) noted WHERE number <= {} ORDER BY rel, number",
        rows);
    for (const auto& row : connection.query(sql).rows) {
      const auto found = tables.find(row[0].as<std::string>());
      if (found == tables.end()) continue;
      const char change = row[1].text().front();
      changes.tables[found->second].rows.push_back({change == 'I'   ? ChangeKind::inserted
                                                    : change == 'U' ? ChangeKind::updated
                                                                    : ChangeKind::deleted,
                                                    split(row[2].text(), '\1')});
    }
  }
};

}  // namespace

void hide_schema_changes(Connection& connection, bool hidden) {
  static_cast<void>(connection.query(
      fmt::format("SELECT set_config('seedbed.guarding', '{}', true)", hidden ? "on" : "")));
}

const UndoLog& undo_log() {
  static const PostgresUndoLog kLog;
  return kLog;
}

}  // namespace seedbed::postgres
