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
#include "seedbed/engines/mysql/noted_tables.hpp"
#include "seedbed/engines/mysql/products.hpp"
#include "seedbed/engines/mysql/session_settings.hpp"
#include "seedbed/engines/mysql/undo_sql.hpp"
#include "seedbed/engines/open_transaction.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::mysql {

namespace {

/// Triggers of the user's may change rows that were just put back; each pass repairs what the one
/// before made them do.
constexpr int kPasses = 6;
constexpr std::size_t kNotesPerStatement = 5000;

/// Session settings while rows are put back: no foreign keys, and, unless triggers of the user's
/// fire too, no notes. Others are not waited for long: DDL a second, rows three.
class Quiet {
 public:
  explicit Quiet(Connection& connection)
      : connection_{connection},
        settings_{connection},
        before_{connection
                    .query("SELECT @@foreign_key_checks, @@lock_wait_timeout, "
                           "@@innodb_lock_wait_timeout")
                    .rows.front()} {
    set({0, 1, 3});
  }
  ~Quiet() {
    try {
      set(before_);
    } catch (const Error&) {
      // The session is lost, and its settings with it.
    }
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

  void stop_notes() { connection_.execute("SET @seedbed_undoing = 1"); }

 private:
  void set(const Row& settings) {
    connection_.execute(
        fmt::format("SET SESSION foreign_key_checks = {}, lock_wait_timeout = {}, "
                    "innodb_lock_wait_timeout = {}, "
                    "@seedbed_undoing = NULL",
                    settings[0].as<std::int64_t>(), settings[1].as<std::int64_t>(),
                    settings[2].as<std::int64_t>()));
  }

  Connection& connection_;
  LoadSettings settings_;
  Row before_;
};

/// What the notes of one table come to.
struct Touched {
  NotedTable table{};
  std::vector<std::string> notes{};   // numbers
  std::vector<std::string> firsts{};  // of them
};

template <typename Statement>
std::uint64_t for_notes(Connection& connection, const std::vector<std::string>& notes,
                        const Statement& statement) {
  std::uint64_t changed = 0;
  for (std::size_t from = 0; from < notes.size(); from += kNotesPerStatement) {
    const auto part =
        std::span{notes}.subspan(from, std::min(kNotesPerStatement, notes.size() - from));
    changed += connection.execute(statement(join(part, ", ")));
  }
  return changed;
}

/// What lines of seedbed_undo_touched, and InnoDB's own numbers, tell.
void find_obstacles(Connection& connection, Changes& changes) {
  const auto rows = connection.query(
      "SELECT DISTINCT t.name, t.key_columns FROM seedbed_undo_touched n JOIN seedbed_undo_tables "
      "t "
      "USING (rel) WHERE n.op = 'X' ORDER BY 1");
  for (const auto& row : rows.rows) {
    const auto table = row[0].as<std::string>();
    changes.obstacles.push_back(
        row[1].as<std::string>().empty()
            ? fmt::format("changes in table '{}', which has no key", table)
            : fmt::format("what a foreign key changed in table '{}' by itself", table));
  }
  auto tables = changed_tables(connection);
  changes.schema = std::move(tables.schema);
  std::ranges::move(tables.truncated, std::back_inserter(changes.obstacles));
}

std::vector<Touched> touched_tables(Connection& connection) {
  std::vector<Touched> touched;
  for (const auto& row : connection
                             .query("SELECT rel, name, columns, user_triggers FROM "
                                    "seedbed_undo_tables WHERE rel IN (SELECT rel FROM "
                                    "seedbed_undo_touched) ORDER BY name")
                             .rows) {
    touched.push_back({stored_table(row), {}, {}});
  }
  return touched;
}

/// Reads notes as far as they are committed, since a locking read would wait for writers.
void read_notes(Connection& connection, Touched& touched) {
  touched.notes.clear();
  touched.firsts.clear();
  if (!touched.table.has_key()) return;
  for (const auto& row : connection.query(notes_sql(touched.table)).rows) {
    touched.notes.push_back(row[0].as<std::string>());
    if (row[1].as<std::int64_t>() != 0) touched.firsts.push_back(touched.notes.back());
  }
}

TableChanges changes_of(Connection& connection, const NotedTable& table, std::size_t rows) {
  TableChanges changes{.table = {{}, table.name}};
  for (const auto& column : table.columns) {
    if (column.in_key) changes.key_columns.push_back(column.name);
  }
  const auto found = connection.query(changed_rows_sql(table) + " ORDER BY 1, 2");
  for (const auto& row : found.rows) {
    const char op = row[0].as<std::string>().front();
    ++(op == 'I' ? changes.inserted : op == 'U' ? changes.updated : changes.deleted);
    if (changes.rows.size() == rows) continue;
    ChangedRow changed{op == 'I'   ? ChangeKind::inserted
                       : op == 'U' ? ChangeKind::updated
                                   : ChangeKind::deleted,
                       {}};
    for (std::size_t i = 1; i < row.size(); ++i) changed.key.push_back(row[i].as<std::string>());
    changes.rows.push_back(std::move(changed));
  }
  return changes;
}

Changes read_changes(Connection& connection, const std::vector<Touched>& touched,
                     std::size_t rows) {
  Changes changes;
  for (const auto& [table, notes, firsts] : touched) {
    if (!table.has_key()) continue;
    auto found = changes_of(connection, table, rows);
    if (found.inserted + found.updated + found.deleted > 0)
      changes.tables.push_back(std::move(found));
  }
  for (const auto& counter : moved_counters(connection)) changes.counters.push_back(counter.table);
  return changes;
}

/// One pass over all tables; the number of rows that it wrote. Triggers that note fire when `loud`.
class Pass {
 public:
  Pass(Connection& connection, bool loud) : connection_{connection}, loud_{loud} {}

  std::uint64_t run(std::vector<Touched>& touched) {
    std::uint64_t written = 0;
    for (auto& one : touched) {
      read_notes(connection_, one);
      written += with_notes(one, [&](const std::string& from, const std::string& firsts) {
        return remove_sql(one.table, from, firsts);
      });
    }
    for (const auto& one : touched) {
      written += with_notes(one, [&](const std::string& from, const std::string& firsts) {
        return put_back_sql(one.table, from, firsts);
      });
    }
    return written;
  }

 private:
  template <typename Statement>
  std::uint64_t with_notes(const Touched& touched, const Statement& statement) {
    return for_notes(connection_, touched.firsts, [&](const std::string& firsts) {
      if (!loud_) return statement(touched.table.log(), firsts);
      const std::string copied{kCopiedNotes};
      connection_.execute("DROP TEMPORARY TABLE IF EXISTS " + copied);
      connection_.execute(copy_sql(touched.table, firsts));
      return statement(copied, firsts);
    });
  }

  Connection& connection_;
  bool loud_;
};

/// With triggers of the user's in the way, passes repeat until one finds nothing to do.
void undo_rows(Connection& connection, Quiet& quiet, std::vector<Touched>& touched) {
  const bool loud =
      std::ranges::any_of(touched, [](const Touched& one) { return one.table.user_triggers; });
  if (!loud) quiet.stop_notes();
  for (int pass = 1; Pass{connection, loud}.run(touched) > 0 && loud; ++pass) {
    if (pass == kPasses) {
      throw Error{ErrorCode::conflict,
                  "triggers change rows again each time they are put back",
                  {.engine = "mysql"}};
    }
    touched = touched_tables(connection);
  }
  quiet.stop_notes();
}

std::vector<std::string> touched_lines(Connection& connection) {
  std::vector<std::string> lines;
  for (const auto& row : connection.query("SELECT n FROM seedbed_undo_touched").rows) {
    lines.push_back(row[0].as<std::string>());
  }
  return lines;
}

/// `lines` are those that were there before the notes were read: a later one may stand for a note
/// that was not. Of notes, those that were handled, and what triggers noted meanwhile.
void forget_notes(Connection& connection, std::vector<Touched>& touched,
                  const std::vector<std::string>& lines) {
  for (const auto& [table, notes, firsts] : touched) {
    for_notes(connection, notes, [&, &noted = table](const std::string& some) {
      return fmt::format("DELETE FROM {} WHERE n IN ({})", noted.log(), some);
    });
  }
  for_notes(connection, lines, [](const std::string& some) {
    return fmt::format("DELETE FROM seedbed_undo_touched WHERE n IN ({})", some);
  });
}

// DDL, so after the rows: until it has run, the next undo finds the counters moved. It would wait
// for transactions that have used the table.
void set_counters_back(Connection& connection, Changes& changes) {
  for (const auto& counter : moved_counters(connection)) {
    try {
      connection.execute(fmt::format("ALTER TABLE {} AUTO_INCREMENT = {}",
                                     backticked(counter.table), counter.next));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable) throw;
      changes.left.push_back(fmt::format(
          "the counter of table '{}', which an open transaction has used", counter.table));
    }
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
      store_tables(connection, tables);
      for (std::size_t i = 0; i < tables.size(); ++i) {
        for (const auto& sql : noting_sql(tables, i)) connection.execute(sql);
      }
      store_state(connection);
    } catch (const Error& error) {
      end(connection);
      // The statements are ours, so what the server finds wrong with them is that this user may
      // not.
      if (error.code() != ErrorCode::invalid_input) throw;
      throw Error{
          ErrorCode::refused,
          fmt::format("changes are noted by triggers, which take the privileges CREATE, DROP, "
                      "TRIGGER and PROCESS: {}",
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
    Changes changes = read_changes(connection, touched_tables(connection), rows);
    find_obstacles(connection, changes);
    return changes;
  }

  [[nodiscard]] Changes undo(Connection& connection) const override {
    detail::refuse_open_transaction(connection, "what others changed cannot be undone");
    Changes changes;
    find_obstacles(connection, changes);
    if (!changes.undoable()) return changes;
    Quiet quiet{connection};
    {
      // Without locks on what statements only read.
      connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
      Transaction transaction{connection};
      const auto lines = touched_lines(connection);
      auto touched = touched_tables(connection);
      changes = read_changes(connection, touched, 0);
      if (!touched.empty()) {
        undo_rows(connection, quiet, touched);
        forget_notes(connection, touched, lines);
      }
      transaction.commit();
    }
    set_counters_back(connection, changes);
    return changes;
  }
};

}  // namespace

const UndoLog& undo_log() {
  static const MysqlUndoLog kLog;
  return kLog;
}

}  // namespace seedbed::mysql
