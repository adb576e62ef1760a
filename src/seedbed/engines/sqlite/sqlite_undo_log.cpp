#include "seedbed/engines/sqlite/sqlite_undo_log.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/open_transaction.hpp"
#include "seedbed/engines/sqlite/sqlite_connection.hpp"
#include "seedbed/engines/sqlite/sqlite_dialect.hpp"
#include "seedbed/engines/sqlite/sqlite_undo_sql.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::detail {

namespace {

// All that is not SQLite's own, or Seedbed's but for the triggers that note. Tables go last, and
// take what belongs to them along.
constexpr std::string_view kObjects =
    R"(SELECT type, name, tbl_name, coalesce(sql, '') AS sql FROM sqlite_schema
       WHERE (type = 'trigger' OR name NOT LIKE 'seedbed\_%' ESCAPE '\')
         AND tbl_name NOT LIKE 'seedbed\_%' ESCAPE '\' AND name NOT LIKE 'sqlite\_%' ESCAPE '\')";

constexpr std::string_view kMoved =
    "SELECT DISTINCT name FROM (SELECT * FROM (SELECT name, seq FROM sqlite_sequence EXCEPT SELECT "
    "name, seq FROM seedbed_undo_counters) UNION ALL SELECT * FROM (SELECT name, seq FROM "
    "seedbed_undo_counters EXCEPT SELECT name, seq FROM sqlite_sequence)) ORDER BY name";

bool has_counters(Connection& connection) {
  return !connection.query("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'")
              .rows.empty();
}

// A column may have one of its names.
std::string rowid_of(Connection& connection, const std::string& table) {
  for (const auto* name : {"rowid", "_rowid_", "oid"}) {
    const std::vector<Value> arguments{table, name};
    if (connection.query("SELECT 1 FROM pragma_table_xinfo(?) WHERE lower(name) = ?", arguments)
            .rows.empty()) {
      return name;
    }
  }
  throw Error{ErrorCode::unsupported,
              fmt::format("table '{}' has columns named rowid, _rowid_ and oid, so that its rows "
                          "cannot be told apart",
                          table),
              {.engine = "sqlite"}};
}

void read_unique_keys(Connection& connection, NotedTable& table) {
  const std::vector<Value> name{table.name};
  const auto members = connection.query(
      R"(SELECT i.name, m.name FROM pragma_index_list(?) i, pragma_index_xinfo(i.name) m
         WHERE i."unique" = 1 AND m.key = 1 ORDER BY i.name, m.seqno)",
      name);
  std::string last;
  for (const auto& row : members.rows) {
    if (table.unique.empty() || row[0].text() != last) table.unique.emplace_back();
    last = row[0].text();
    if (row[1].is_null()) {
      throw Error{ErrorCode::unsupported,
                  fmt::format("table '{}' has a unique index on an expression ('{}'), so that rows "
                              "which REPLACE removes cannot be noted",
                              table.name, last),
                  {.engine = "sqlite"}};
    }
    table.unique.back().push_back(row[1].text());
  }
}

NotedTable read_table(Connection& connection, const std::string& name, bool without_rowid) {
  NotedTable table{.name = name};
  std::string key_type;
  for (const auto& row : connection
                             .query("SELECT name, pk, type FROM pragma_table_xinfo(?) WHERE hidden "
                                    "= 0 ORDER BY pk, cid",
                                    std::vector<Value>{name})
                             .rows) {
    table.columns.push_back(row[0].text());
    if (row[1].integer() == 0) continue;
    table.key.push_back(row[0].text());
    key_type = row[2].text();
  }
  read_unique_keys(connection, table);
  if (without_rowid) return table;
  table.rowid = rowid_of(connection, name);
  // It alone has no index of its own.
  const bool indexed = !connection
                            .query("SELECT 1 FROM pragma_index_list(?) WHERE origin = 'pk'",
                                   std::vector<Value>{name})
                            .rows.empty();
  table.key_is_rowid =
      table.key.size() == 1 && !indexed && equal_ignoring_case(key_type, "integer");
  return table;
}

// Numbered by name, so that the same schema gives the same numbers.
std::vector<NotedTable> noted_tables(Connection& connection,
                                     std::span<const std::string> own_tables) {
  std::vector<NotedTable> tables;
  const auto rows = connection.query(
      R"(SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main'
         AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name)");
  for (const auto& row : rows.rows) {
    const std::string& name = row[0].text();
    const bool own = name.starts_with("seedbed_");
    if (own && std::ranges::find(own_tables, quote_identifier(name)) == own_tables.end()) continue;
    if (row[1].text() == "virtual") {
      throw Error{ErrorCode::unsupported,
                  fmt::format("'{}' is a virtual table, whose changes no trigger sees", name),
                  {.engine = "sqlite"}};
    }
    tables.push_back(read_table(connection, name, row[2].integer() != 0));
    tables.back().number = tables.size();
  }
  return tables;
}

/// Neither triggers nor foreign keys act while it lives, and the disk is not waited for: what a
/// crash of the whole machine might break can be made again, and a crash of the process breaks
/// nothing. Outside of transactions.
class Quiet {
 public:
  explicit Quiet(Connection& connection)
      : connection_{dynamic_cast<SqliteConnection&>(connection)},
        keys_{connection.query_value("PRAGMA foreign_keys").integer()},
        synchronous_{connection.query_value("PRAGMA synchronous").integer()} {
    set(0, 0);
    triggers_ = connection_.switch_triggers(false);
  }
  ~Quiet() {
    connection_.switch_triggers(triggers_);
    try {
      set(keys_, synchronous_);
    } catch (const Error&) {
      // Only out of memory could it fail, as no transaction is open.
    }
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  void set(std::int64_t keys, std::int64_t synchronous) {
    connection_.execute(fmt::format("PRAGMA foreign_keys = {}", keys), {});
    connection_.execute(fmt::format("PRAGMA synchronous = {}", synchronous), {});
  }

  SqliteConnection& connection_;
  std::int64_t keys_;
  std::int64_t synchronous_;
  bool triggers_ = true;
};

/// Statements that would drop what is new, and what else is not as it was, for people.
struct SchemaChanges {
  std::vector<std::string> drops{};
  std::vector<std::string> fresh{};
  std::vector<std::string> changed{};
};

SchemaChanges schema_changes(Connection& connection) {
  SchemaChanges changes;
  if (connection.query_value("PRAGMA schema_version") ==
      connection.query_value("SELECT version FROM seedbed_undo_state")) {
    return changes;
  }
  const auto fresh = connection.query(
      fmt::format("SELECT type, name FROM ({}) WHERE (type, name) NOT IN (SELECT type, name FROM "
                  "seedbed_undo_objects) ORDER BY type = 'table', type DESC, name",
                  kObjects));
  for (const auto& row : fresh.rows) {
    const std::string& type = row[0].text();
    changes.drops.push_back(
        fmt::format("DROP {} IF EXISTS {}", type, quote_identifier(row[1].text())));
    changes.fresh.push_back(fmt::format("{} {}", type, row[1].text()));
  }
  // Of a table that was made anew only the triggers that note are missing.
  constexpr std::string_view kChanged =
      R"(SELECT DISTINCT CASE
           WHEN name LIKE 'seedbed\_%' ESCAPE '\' THEN 'table ''' || tbl_name || ''' was made anew'
           WHEN (type, name) IN (SELECT type, name FROM ({0})) THEN
             type || ' ''' || name || ''' was changed'
           ELSE type || ' ''' || name || ''' is gone' END
         FROM (SELECT * FROM seedbed_undo_objects EXCEPT {0}) ORDER BY 1)";
  for (const auto& row : connection.query(fmt::format(kChanged, kObjects)).rows) {
    changes.changed.push_back(row[0].text());
  }
  return changes;
}

/// Numbers in the file's header that belong to the application.
void put_header_back(Connection& connection, Changes& changes) {
  const auto state =
      connection.query("SELECT user_version, application_id FROM seedbed_undo_state").rows.front();
  std::size_t column = 0;
  for (const std::string name : {"user_version", "application_id"}) {
    const Value& wanted = state[column++];
    if (connection.query_value("PRAGMA " + name) == wanted) continue;
    connection.execute(fmt::format("PRAGMA {} = {}", name, wanted.integer()));
    changes.counters.push_back(name);
  }
}

std::vector<NotedTable> touched_tables(Connection& connection) {
  std::vector<NotedTable> tables;
  const auto rows = connection.query(
      "SELECT rel, name, wr FROM seedbed_undo_tables WHERE rel IN (SELECT rel FROM seedbed_undo) "
      "ORDER BY name");
  for (const auto& row : rows.rows) {
    tables.push_back(read_table(connection, row[1].text(), row[2].integer() != 0));
    tables.back().number = static_cast<std::size_t>(row[0].integer());
  }
  return tables;
}

Changes read_changes(Connection& connection, const std::vector<NotedTable>& tables,
                     std::size_t rows) {
  constexpr std::array kKinds{std::pair{'I', ChangeKind::inserted},
                              std::pair{'U', ChangeKind::updated},
                              std::pair{'D', ChangeKind::deleted}};
  Changes changes;
  for (const auto& table : tables) {
    const Row counts = connection.query(count_sql(table)).rows.front();
    const auto number = [&](std::size_t i) {
      return static_cast<std::uint64_t>(counts[i].integer());
    };
    if (number(0) + number(1) + number(2) == 0) continue;
    changes.tables.push_back(
        {{{}, table.name}, number(0), number(1), number(2), shown_key(table), {}});
    if (rows == 0) continue;
    for (const auto& row : connection.query(rows_sql(table, rows)).rows) {
      const auto* kind =
          std::ranges::find(kKinds, row[0].text().front(), &decltype(kKinds)::value_type::first);
      ChangedRow changed{kind->second, {}};
      for (std::size_t i = 1; i < row.size(); ++i) {
        changed.key.push_back(row[i].is_null() ? "NULL" : row[i].as<std::string>());
      }
      changes.tables.back().rows.push_back(std::move(changed));
    }
  }
  if (has_counters(connection)) {
    for (const auto& row : connection.query(kMoved).rows) changes.counters.push_back(row[0].text());
  }
  return changes;
}

class SqliteUndoLog final : public UndoLog {
 public:
  void begin(Connection& connection, std::span<const std::string> own_tables) const override {
    refuse_open_transaction(connection, "changes cannot begin to be noted");
    end(connection);
    Transaction transaction{connection};
    const auto tables = noted_tables(connection, own_tables);
    std::size_t widest = 0;
    for (const auto& table : tables) widest = std::max(widest, table.columns.size());
    connection.execute_script(undo_tables_sql(widest));
    connection.execute("CREATE TABLE seedbed_undo_tables (rel INTEGER PRIMARY KEY, name, wr)");
    for (const auto& table : tables) {
      for (const auto& sql : noting_sql(table)) connection.execute(sql);
      connection.execute("INSERT INTO seedbed_undo_tables VALUES (?, ?, ?)",
                         std::vector<Value>{table.number, table.name, table.rowid.empty()});
    }
    if (has_counters(connection)) {
      connection.execute("INSERT INTO seedbed_undo_counters SELECT name, seq FROM sqlite_sequence");
    }
    connection.execute(fmt::format("CREATE TABLE seedbed_undo_objects AS {}", kObjects));
    connection.execute("CREATE TABLE seedbed_undo_state (version, user_version, application_id)");
    connection.execute(
        "INSERT INTO seedbed_undo_state SELECT schema_version, user_version, application_id FROM "
        "pragma_schema_version, pragma_user_version, pragma_application_id");
    transaction.commit();
  }

  void end(Connection& connection) const override {
    Transaction transaction{connection};
    const auto found = connection.query(
        R"(SELECT type, name FROM sqlite_schema WHERE (type IN ('trigger', 'table'))
           AND (name LIKE 'seedbed\_undo\_%' ESCAPE '\' OR name = 'seedbed_undo')
           ORDER BY type DESC)");
    for (const auto& row : found.rows) {
      connection.execute(fmt::format("DROP {} {}", row[0].text(), quote_identifier(row[1].text())));
    }
    transaction.commit();
  }

  [[nodiscard]] bool begun(Connection& connection) const override {
    return connection.engine().own_table_exists(connection, "undo_state");
  }

  [[nodiscard]] Changes changes(Connection& connection, std::size_t rows) const override {
    auto schema = schema_changes(connection);
    std::ranges::move(schema.fresh, std::back_inserter(schema.changed));
    if (!schema.changed.empty()) return {.schema = std::move(schema.changed)};
    return read_changes(connection, touched_tables(connection), rows);
  }

  [[nodiscard]] Changes undo(Connection& connection) const override {
    refuse_open_transaction(connection, "what others changed cannot be undone");
    const Quiet quiet{connection};
    Transaction transaction{connection};
    auto schema = schema_changes(connection);
    if (!schema.changed.empty()) return {.schema = std::move(schema.changed)};
    for (const auto& drop : schema.drops) connection.execute(drop);
    const auto tables = touched_tables(connection);
    Changes changes = read_changes(connection, tables, 0);
    changes.dropped = std::move(schema.fresh);
    for (const auto& table : tables) {
      for (const auto& sql : undo_sql(table)) connection.execute(sql);
    }
    if (!changes.counters.empty()) {
      connection.execute("DELETE FROM sqlite_sequence");
      connection.execute("INSERT INTO sqlite_sequence SELECT name, seq FROM seedbed_undo_counters");
    }
    if (!tables.empty()) connection.execute("DELETE FROM seedbed_undo");
    put_header_back(connection, changes);
    if (!changes.dropped.empty()) {
      connection.execute(
          "UPDATE seedbed_undo_state SET version = (SELECT schema_version FROM "
          "pragma_schema_version)");
    }
    transaction.commit();
    return changes;
  }
};

}  // namespace

const UndoLog& sqlite_undo_log() {
  static const SqliteUndoLog kLog;
  return kLog;
}

}  // namespace seedbed::detail
