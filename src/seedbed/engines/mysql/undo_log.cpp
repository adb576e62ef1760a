#include "seedbed/engines/mysql/undo_log.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/mysql/catalog.hpp"
#include "seedbed/engines/mysql/dialect.hpp"
#include "seedbed/engines/mysql/drift.hpp"
#include "seedbed/engines/mysql/noted_tables.hpp"
#include "seedbed/engines/mysql/quiet_session.hpp"
#include "seedbed/engines/mysql/session_settings.hpp"
#include "seedbed/engines/mysql/undo_sql.hpp"
#include "seedbed/engines/open_transaction.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::mysql {

namespace {

/// Triggers of the user's may change rows that were just put back; each pass repairs what the one
/// before made them do.
constexpr int kPasses = 6;
/// Of the tables that hold what is known of the beginning.
constexpr std::string_view kUndoState = "seedbed_undo";
constexpr std::size_t kNotesPerStatement = 5000;

/// What the notes of one table come to.
struct Touched {
  NotedTable table{};
  TableChanges changes{};
  std::vector<std::string> notes{};    ///< numbers of all
  std::vector<std::string> removed{};  ///< first notes of rows that go
  std::vector<std::string> missing{};  ///< first notes of rows that come back
};

template <typename Run>
void for_notes(const std::vector<std::string>& notes, const Run& run) {
  for (std::size_t from = 0; from < notes.size(); from += kNotesPerStatement) {
    run(join(std::span{notes}.subspan(from, std::min(kNotesPerStatement, notes.size() - from)),
             ", "));
  }
}

/// What seedbed_undo_touched holds, as far as it is committed: a locking read would wait for
/// writers.
struct TouchedLines {
  std::vector<std::string> lines{};  ///< numbers of all
  std::set<std::string> tables{};    ///< numbers
  std::set<std::string> stuck{};     ///< of these, with changes that cannot be undone by rows
};

TouchedLines read_lines(Connection& connection) {
  TouchedLines found;
  for (const auto& row :
       connection.query("SELECT n, CAST(rel AS CHAR), op FROM seedbed_undo_touched").rows) {
    found.lines.push_back(row[0].as<std::string>());
    const std::string& table = *found.tables.insert(text_of(row[1])).first;
    if (text_of(row[2]) == "X") found.stuck.insert(table);
  }
  return found;
}

/// By name. The server would sort texts on its disk.
std::vector<NotedTable> stored_tables(Connection& connection,
                                      const std::set<std::string>& numbers) {
  std::vector<NotedTable> tables;
  if (numbers.empty()) return tables;
  const auto rows = connection.query(
      fmt::format("SELECT rel, name, columns, user_triggers FROM seedbed_undo_tables WHERE rel IN "
                  "({})",
                  join(std::vector<std::string>{numbers.begin(), numbers.end()}, ", ")));
  tables.reserve(rows.rows.size());
  for (const auto& row : rows.rows) tables.push_back(stored_table(row));
  std::ranges::sort(tables, {}, &NotedTable::name);
  return tables;
}

/// What those lines, and InnoDB's own numbers, tell.
Changes read_obstacles(Connection& connection, const TouchedLines& lines, Drift drift) {
  Changes changes{.schema = std::move(drift.schema)};
  for (const auto& table : stored_tables(connection, lines.stuck)) {
    changes.obstacles.push_back(
        table.has_key()
            ? fmt::format("what a foreign key changed in table '{}' by itself", table.name)
            : fmt::format("changes in table '{}', which has no key", table.name));
  }
  std::ranges::move(drift.truncated, std::back_inserter(changes.obstacles));
  for (auto& counter : drift.moved) changes.counters.push_back(std::move(counter.table));
  return changes;
}

void add_row(Touched& touched, const Row& row, std::size_t rows) {
  if (row[2].is_null()) return;
  const std::string first = row[0].as<std::string>();
  const char op = row[2].as<std::string>().front();
  if (op != 'D') touched.removed.push_back(first);
  if (op != 'I') touched.missing.push_back(first);
  TableChanges& changes = touched.changes;
  ++(op == 'I' ? changes.inserted : op == 'U' ? changes.updated : changes.deleted);
  if (changes.rows.size() == rows) return;
  ChangedRow changed{op == 'I'   ? ChangeKind::inserted
                     : op == 'U' ? ChangeKind::updated
                                 : ChangeKind::deleted,
                     {}};
  for (std::size_t i = 3; i < row.size(); ++i) changed.key.push_back(row[i].as<std::string>());
  changes.rows.push_back(std::move(changed));
}

/// The first note of each row says whether it was there at the beginning, and how. They are found
/// here, since the server would group texts on its disk.
void read_notes(Connection& connection, Touched& touched, std::size_t rows) {
  const auto notes = connection.query(notes_sql(touched.table, rows > 0)).rows;
  std::map<std::string_view, std::int64_t> firsts;  // by key
  for (const auto& note : notes) {
    const auto number = note[0].as<std::int64_t>();
    touched.notes.push_back(std::to_string(number));
    const auto [first, fresh] = firsts.emplace(note[1].text(), number);
    if (!fresh) first->second = std::min(first->second, number);
  }
  for (const auto& note : notes) {
    if (firsts.at(note[1].text()) == note[0].as<std::int64_t>()) add_row(touched, note, rows);
  }
}

/// With up to `rows` rows of each table.
std::vector<Touched> read_touched(Connection& connection, const TouchedLines& lines,
                                  std::size_t rows) {
  std::vector<Touched> touched;
  for (auto& table : stored_tables(connection, lines.tables)) {
    if (!table.has_key()) continue;
    Touched one{.table = std::move(table)};
    one.changes.table.name = one.table.name;
    for (const auto& column : one.table.columns) {
      if (column.in_key) one.changes.key_columns.push_back(column.name);
    }
    read_notes(connection, one, rows);
    touched.push_back(std::move(one));
  }
  return touched;
}

void add_changes(Changes& changes, const std::vector<Touched>& touched) {
  for (const auto& one : touched) {
    const TableChanges& found = one.changes;
    if (found.inserted + found.updated + found.deleted > 0) changes.tables.push_back(found);
  }
}

/// Puts rows back as they were; under triggers that write to the notes when `loud`.
class Restoration {
 public:
  Restoration(Connection& connection, bool loud) : connection_{connection}, loud_{loud} {}

  void run(const std::vector<Touched>& touched) {
    for (const auto& one : touched) {
      for_notes(one.removed, [&](const std::string& notes) {
        connection_.execute(remove_sql(one.table, source(one.table, notes), notes));
      });
    }
    for (const auto& one : touched) {
      for_notes(one.missing, [&](const std::string& notes) {
        connection_.execute(put_back_sql(one.table, source(one.table, notes), notes));
      });
    }
  }

 private:
  std::string source(const NotedTable& table, const std::string& notes) {
    if (!loud_) return table.log();
    std::string copied{kCopiedNotes};
    connection_.execute("DROP TEMPORARY TABLE IF EXISTS " + copied);
    connection_.execute(copy_sql(table, notes));
    return copied;
  }

  Connection& connection_;
  bool loud_;
};

/// `lines` are those that were there before the notes were read: a later one may stand for a note
/// that was not.
void forget_notes(Connection& connection, const std::vector<Touched>& touched,
                  const std::vector<std::string>& lines) {
  const auto forget = [&](const std::string& table, const std::vector<std::string>& notes) {
    for_notes(notes, [&](const std::string& some) {
      connection.execute(fmt::format("DELETE FROM {} WHERE n IN ({})", table, some));
    });
  };
  for (const auto& one : touched) forget(one.table.log(), one.notes);
  forget("seedbed_undo_touched", lines);
}

/// Passes repeat until one finds all rows as they were: triggers of the user's change rows that
/// were put back, and others may have committed a change before a row was ours; its note goes with
/// those that are found in the end.
Changes undo_rows(Connection& connection, QuietSession& quiet) {
  Changes changes;
  for (int pass = 1;; ++pass) {
    const auto lines = read_lines(connection);
    const auto touched = read_touched(connection, lines, 0);
    if (pass == 1) add_changes(changes, touched);
    const bool done = std::ranges::all_of(
        touched, [](const Touched& one) { return one.removed.empty() && one.missing.empty(); });
    if (done) {
      quiet.stop_notes();
      forget_notes(connection, touched, lines.lines);
      return changes;
    }
    if (pass > kPasses) {
      throw Error{ErrorCode::conflict,
                  "triggers change rows again each time they are put back",
                  {.engine = "mysql"}};
    }
    const bool loud =
        std::ranges::any_of(touched, [](const Touched& one) { return one.table.user_triggers; });
    if (!loud) quiet.stop_notes();
    Restoration{connection, loud}.run(touched);
  }
}

class MysqlUndoLog final : public UndoLog {
 public:
  void begin(Connection& connection, std::span<const std::string> own_tables) const override {
    detail::refuse_open_transaction(connection, "changes cannot begin to be noted");
    end(connection);
    const LoadSettings settings{connection};
    const auto tables = read_noted_tables(connection, own_tables);
    try {
      connection.execute(touched_table_sql());
      store_tables(connection, kUndoState, tables);
      for (std::size_t i = 0; i < tables.size(); ++i) {
        for (const auto& sql : noting_sql(tables, i)) connection.execute(sql);
      }
      store_state(connection, kUndoState);
    } catch (const Error& error) {
      end(connection);
      // The statements are ours, so what the server finds wrong with them is that this user may
      // not.
      if (error.code() != ErrorCode::invalid_input) throw;
      throw Error{
          ErrorCode::refused,
          fmt::format("changes are noted by triggers, which take the privileges CREATE, DROP, "
                      "TRIGGER, SHOW VIEW and PROCESS: {}",
                      error.what()),
          error.details()};
    }
  }

  void end(Connection& connection) const override {
    // What says that it has begun goes first, and with it the word that nothing was changed.
    connection.execute("DROP TABLE IF EXISTS seedbed_undo_state");
    const auto triggers = connection.query(
        "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE() "
        "AND trigger_name LIKE 'seedbed\\_undo\\_%'");
    for (const auto& row : triggers.rows) {
      connection.execute("DROP TRIGGER IF EXISTS " + backticked(row[0].as<std::string>()));
    }
    const auto tables = connection.query(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
        "table_name LIKE 'seedbed\\_undo\\_%'");
    for (const auto& row : tables.rows) {
      connection.execute("DROP TABLE IF EXISTS " + backticked(row[0].as<std::string>()));
    }
  }

  [[nodiscard]] bool begun(Connection& connection) const override {
    return connection.engine().own_table_exists(connection, "undo_state");
  }

  [[nodiscard]] Changes changes(Connection& connection, std::size_t rows) const override {
    const Drift drift = read_drift(connection, kUndoState);
    const auto lines = read_lines(connection);
    Changes changes = read_obstacles(connection, lines, drift);
    changes.schema.insert(changes.schema.end(), drift.fresh.begin(), drift.fresh.end());
    add_changes(changes, read_touched(connection, lines, rows));
    return changes;
  }

  [[nodiscard]] Changes undo(Connection& connection) const override {
    detail::refuse_open_transaction(connection, "what others changed cannot be undone");
    const Drift drift = read_drift(connection, kUndoState);
    Changes changes = read_obstacles(connection, read_lines(connection), drift);
    if (!changes.schema.empty()) return changes;
    QuietSession quiet{connection};
    for (const auto& drop : drift.drops) connection.execute(drop);
    changes.dropped = drift.fresh;
    if (!changes.undoable()) return changes;
    {
      // Without locks on what statements only read.
      connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
      Transaction transaction{connection};
      changes.tables = undo_rows(connection, quiet).tables;
      transaction.commit();
    }
    set_counters_back(connection, drift.moved, changes);
    keep_tally(connection, kUndoState, drift, drift.drops.size() + drift.moved.size());
    return changes;
  }
};

}  // namespace

const UndoLog& undo_log() {
  static const MysqlUndoLog kLog;
  return kLog;
}

}  // namespace seedbed::mysql
