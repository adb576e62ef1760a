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
#include "seedbed/engines/sqlite/sqlite_dialect.hpp"
#include "seedbed/engines/sqlite/sqlite_file_state.hpp"
#include "seedbed/engines/sqlite/sqlite_noted_tables.hpp"
#include "seedbed/engines/sqlite/sqlite_quiet.hpp"
#include "seedbed/engines/sqlite/sqlite_undo_sql.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::detail {

namespace {

constexpr std::string_view kUndoState = "seedbed_undo";

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
    store_file_state(connection, kUndoState);
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
    const FileState before = read_file_state(connection, kUndoState);
    auto schema = schema_changes(connection, before);
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
    changes.counters = moved_counters(connection, before);
    return changes;
  }

  [[nodiscard]] Changes undo(Connection& connection) const override {
    refuse_open_transaction(connection, "what others changed cannot be undone");
    const SqliteQuiet quiet{connection};
    Transaction transaction{connection};
    const FileState before = read_file_state(connection, kUndoState);
    auto schema = schema_changes(connection, before);
    if (!schema.changed.empty()) return {.schema = std::move(schema.changed)};
    for (const auto& drop : schema.drops) connection.execute(drop);
    Changes changes{.dropped = std::move(schema.fresh)};
    put_rows_back(connection, changes);
    changes.counters = moved_counters(connection, before);
    if (!changes.counters.empty()) put_counters_back(connection, before);
    put_header_back(connection, before, changes);
    if (!changes.dropped.empty()) store_schema_version(connection, kUndoState);
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
