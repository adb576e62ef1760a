#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// What became of a row since the log was begun. A row that came and went is none of these.
enum class ChangeKind : unsigned char { inserted, updated, deleted };

struct ChangedRow {
  ChangeKind change = ChangeKind::inserted;
  std::vector<std::string> key{};  ///< in the order of `TableChanges::key_columns`; the row as it
                                   ///< was first seen
};

/// Rows of one table that are not those of the beginning.
struct TableChanges {
  TableName table{};
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t deleted = 0;
  std::vector<std::string> key_columns{};  ///< empty: the table has no key
  std::vector<ChangedRow> rows{};          ///< the first ones, of a table with a key
};

struct Changes {
  std::vector<TableChanges> tables{};   ///< by name
  std::vector<std::string> counters{};  ///< that hand out other values than at the beginning
  /// What cannot be undone row by row, for people. As long as there is one, or the schema stays
  /// another one, `undo` changes nothing.
  std::vector<std::string> obstacles{};
  /// How the schema is another one: "ALTER TABLE public.users". What was made and dropped again is
  /// none. `undo` drops what is new, so that only what was altered or is gone stays in its way.
  std::vector<std::string> schema{};
  std::vector<std::string> dropped{};  ///< what was new, of `undo`: "table public.extra"
  /// What `undo` leaves, for people: it belongs to others who are still at it, and may come back.
  std::vector<std::string> left{};

  [[nodiscard]] bool undoable() const noexcept { return obstacles.empty() && schema.empty(); }
  [[nodiscard]] bool none() const noexcept {
    return tables.empty() && counters.empty() && dropped.empty() && undoable() && left.empty();
  }
};

/// Notes, inside the database and by triggers, each row as it was before anybody changed it,
/// whoever did and by whatever connection; so the state of the beginning can be brought back at the
/// price of what was changed. Survives the process, and a crash of it at any moment. Writers never
/// wait for each other because of it. Stateless and thread-safe.
///
/// Noted: INSERT, UPDATE, DELETE, TRUNCATE, what foreign keys cascade and what triggers write, in
/// all tables of the database but Seedbed's; counters. Found: what changes the schema, and, as
/// obstacles, what an engine cannot note:
///
///   PostgreSQL  a crash of the server, which loses the notes
///   MySQL       TRUNCATE; cascades through cycles of several tables; tables without a key
///   SQLite      nothing; virtual tables are refused
class UndoLog {
 public:
  UndoLog() = default;
  virtual ~UndoLog() = default;
  UndoLog(const UndoLog&) = delete;
  UndoLog& operator=(const UndoLog&) = delete;

  /// Makes the present state the one to be brought back; what was noted before is forgotten.
  /// `own_tables` are those of Seedbed (`Engine::own_table`) that belong to the state. Throws
  /// conflict inside a transaction, refused for a role that does not own the tables, unavailable
  /// where other transactions hold them.
  virtual void begin(Connection& connection, std::span<const std::string> own_tables) const = 0;
  /// Removes all that `begin` made; harmless when there is nothing.
  virtual void end(Connection& connection) const = 0;
  /// Whether `begin` has run, to its end.
  [[nodiscard]] virtual bool begun(Connection& connection) const = 0;

  /// What is different now, as far as it is committed; with up to `rows` rows of each table.
  [[nodiscard]] virtual Changes changes(Connection& connection, std::size_t rows) const = 0;
  /// Brings the state of the beginning back, in one transaction, without firing triggers, and goes
  /// on noting; new tables, views and so on are dropped (MySQL: before that transaction). Returns
  /// what was different, without rows. Throws conflict inside a transaction;
  /// unavailable where an open transaction holds rows that must be put back, for seconds;
  /// constraint_violation and so on where rows cannot be put back. All is as it was then.
  [[nodiscard]] virtual Changes undo(Connection& connection) const = 0;
};

}  // namespace seedbed
