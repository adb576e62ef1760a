#include "seedbed/engines/sqlite/sqlite_undo_log.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/open_transaction.hpp"
#include "seedbed/engines/sqlite/sqlite_connection.hpp"
#include "seedbed/engines/sqlite/sqlite_dialect.hpp"
#include "seedbed/engines/sqlite/sqlite_noted_tables.hpp"
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

// For a file with a table of counters. Without a new one none is gone unless there are fewer.
constexpr std::string_view kMoved =
    R"(SELECT name FROM sqlite_sequence s
       WHERE seq IS NOT (SELECT seq FROM seedbed_undo_counters c WHERE c.name = s.name)
       UNION ALL
       SELECT name FROM seedbed_undo_counters
       WHERE (SELECT count(*) FROM sqlite_sequence) < (SELECT count(*) FROM seedbed_undo_counters)
         AND name NOT IN (SELECT name FROM sqlite_sequence)
       ORDER BY 1)";

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

/// What was true when notes began.
struct UndoState {
  Value version{};  ///< of the schema
  std::array<Value, 2> header{};
  bool counters = false;
};

UndoState read_state(Connection& connection) {
  const Row row = connection
                      .query(
                          "SELECT version, user_version, application_id, counters FROM "
                          "seedbed_undo_state")
                      .rows.front();
  return {row[0], {row[1], row[2]}, row[3].integer() != 0};
}

/// Statements that would drop what is new, and what else is not as it was, for people.
struct SchemaChanges {
  std::vector<std::string> drops{};
  std::vector<std::string> fresh{};
  std::vector<std::string> changed{};
};

SchemaChanges schema_changes(Connection& connection, const UndoState& state) {
  SchemaChanges changes;
  if (connection.query_value("PRAGMA schema_version") == state.version) return changes;
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
void put_header_back(Connection& connection, const UndoState& state, Changes& changes) {
  std::size_t column = 0;
  for (const std::string name : {"user_version", "application_id"}) {
    const Value& wanted = state.header.at(column++);
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
    tables.push_back(read_noted_table(connection, row[1].text(), row[2].integer() != 0));
    tables.back().number = static_cast<std::size_t>(row[0].integer());
  }
  return tables;
}

TableChanges count_changes(Connection& connection, const std::string& table,
                           const std::string& sql) {
  const Row counts = connection.query(sql).rows.front();
  const auto number = [&](std::size_t i) {
    return static_cast<std::uint64_t>(counts[i].integer());
  };
  return {.table = {{}, table}, .inserted = number(0), .updated = number(1), .deleted = number(2)};
}

bool any_row(const TableChanges& changes) {
  return changes.inserted + changes.updated + changes.deleted > 0;
}

std::vector<ChangedRow> read_changed_rows(Connection& connection, const NotedTable& table,
                                          std::size_t limit) {
  constexpr std::array kKinds{std::pair{'I', ChangeKind::inserted},
                              std::pair{'U', ChangeKind::updated},
                              std::pair{'D', ChangeKind::deleted}};
  std::vector<ChangedRow> rows;
  for (const auto& row : connection.query(rows_sql(table, limit)).rows) {
    const auto* kind =
        std::ranges::find(kKinds, row[0].text().front(), &decltype(kKinds)::value_type::first);
    rows.push_back({kind->second, {}});
    for (std::size_t i = 1; i < row.size(); ++i) {
      rows.back().key.push_back(row[i].is_null() ? "NULL" : row[i].as<std::string>());
    }
  }
  return rows;
}

std::vector<std::string> moved_counters(Connection& connection, const UndoState& state) {
  std::vector<std::string> moved;
  if (!state.counters) return moved;
  for (const auto& row : connection.query(kMoved).rows) moved.push_back(row[0].text());
  return moved;
}

/// The first and the last note of a row.
struct RowNotes {
  char first = 0;
  char last = 0;
};
using NotesOfTable = std::unordered_map<std::int64_t, RowNotes>;  // by rowid

/// Of tables with rowids, by number. Taken together here, since it takes SQLite longer to prepare
/// the statement that would.
std::map<std::int64_t, NotesOfTable> read_notes(Connection& connection) {
  std::map<std::int64_t, NotesOfTable> notes;
  const auto stream = connection.stream(
      "SELECT rel, row, op FROM seedbed_undo WHERE row IS NOT NULL ORDER BY n", {});
  ColumnBatch batch{3};
  while (stream->next(batch)) {
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      const char op = batch.column(2).text(row).front();
      notes[batch.column(0).integer(row)]
          .try_emplace(batch.column(1).integer(row), RowNotes{op, op})
          .first->second.last = op;
    }
  }
  return notes;
}

/// nullopt where the notes alone do not tell: of a row that was perhaps replaced.
std::optional<TableChanges> count_notes(const std::string& table, const NotesOfTable& rows) {
  TableChanges changes{.table = {{}, table}};
  for (const auto& [row, notes] : rows) {
    if (notes.last == 'R') return std::nullopt;
    const bool here = notes.last != 'D';
    if (notes.first != 'I') {
      ++(here ? changes.updated : changes.deleted);
    } else if (here) {
      ++changes.inserted;
    }
  }
  return changes;
}

/// Puts the rows of every touched table back, by statements that were made when notes began.
void put_rows_back(Connection& connection, Changes& changes) {
  const auto touched = connection.query(
      "SELECT rel, name, counting, removing, bringing FROM seedbed_undo_tables WHERE rel IN "
      "(SELECT "
      "rel FROM seedbed_undo) ORDER BY name");
  if (touched.rows.empty()) return;
  const auto notes = read_notes(connection);
  for (const auto& table : touched.rows) {
    const auto noted = notes.find(table[0].integer());
    auto counted =
        noted == notes.end() ? std::nullopt : count_notes(table[1].text(), noted->second);
    const bool only_new = counted && counted->updated + counted->deleted == 0;
    if (!counted) counted = count_changes(connection, table[1].text(), table[2].text());
    connection.execute(table[3].text());
    if (!only_new) connection.execute(table[4].text());
    if (any_row(*counted)) changes.tables.push_back(std::move(*counted));
  }
  connection.execute("DELETE FROM seedbed_undo");
}

void put_counters_back(Connection& connection, const UndoState& state, Changes& changes) {
  changes.counters = moved_counters(connection, state);
  if (changes.counters.empty()) return;
  connection.execute("DELETE FROM sqlite_sequence");
  connection.execute("INSERT INTO sqlite_sequence SELECT name, seq FROM seedbed_undo_counters");
}

class SqliteUndoLog final : public UndoLog {
 public:
  void begin(Connection& connection, std::span<const std::string> own_tables) const override {
    refuse_open_transaction(connection, "changes cannot begin to be noted");
    end(connection);
    Transaction transaction{connection};
    const auto tables = read_noted_tables(connection, own_tables);
    std::size_t widest = 0;
    for (const auto& table : tables) widest = std::max(widest, table.columns.size());
    connection.execute_script(undo_tables_sql(widest));
    connection.execute(
        "CREATE TABLE seedbed_undo_tables (rel INTEGER PRIMARY KEY, name, wr, counting, removing, "
        "bringing)");
    for (const auto& table : tables) {
      for (const auto& sql : noting_sql(table)) connection.execute(sql);
      const auto undo = undo_sql(table);
      connection.execute("INSERT INTO seedbed_undo_tables VALUES (?, ?, ?, ?, ?, ?)",
                         std::vector<Value>{table.number, table.name, table.rowid.empty(),
                                            count_sql(table), undo.at(0), undo.at(1)});
    }
    const bool counters =
        !connection.query("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'")
             .rows.empty();
    if (counters) {
      connection.execute("INSERT INTO seedbed_undo_counters SELECT name, seq FROM sqlite_sequence");
    }
    connection.execute(fmt::format("CREATE TABLE seedbed_undo_objects AS {}", kObjects));
    connection.execute(
        "CREATE TABLE seedbed_undo_state (version, user_version, application_id, counters)");
    connection.execute(fmt::format(
        "INSERT INTO seedbed_undo_state SELECT schema_version, user_version, application_id, {} "
        "FROM pragma_schema_version, pragma_user_version, pragma_application_id",
        counters ? 1 : 0));
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
    const UndoState state = read_state(connection);
    auto schema = schema_changes(connection, state);
    std::ranges::move(schema.fresh, std::back_inserter(schema.changed));
    if (!schema.changed.empty()) return {.schema = std::move(schema.changed)};
    Changes changes;
    for (const auto& table : touched_tables(connection)) {
      auto counted = count_changes(connection, table.name, count_sql(table));
      if (!any_row(counted)) continue;
      counted.key_columns = shown_key(table);
      if (rows > 0) counted.rows = read_changed_rows(connection, table, rows);
      changes.tables.push_back(std::move(counted));
    }
    changes.counters = moved_counters(connection, state);
    return changes;
  }

  [[nodiscard]] Changes undo(Connection& connection) const override {
    refuse_open_transaction(connection, "what others changed cannot be undone");
    const Quiet quiet{connection};
    Transaction transaction{connection};
    const UndoState state = read_state(connection);
    auto schema = schema_changes(connection, state);
    if (!schema.changed.empty()) return {.schema = std::move(schema.changed)};
    for (const auto& drop : schema.drops) connection.execute(drop);
    Changes changes{.dropped = std::move(schema.fresh)};
    put_rows_back(connection, changes);
    put_counters_back(connection, state, changes);
    put_header_back(connection, state, changes);
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
