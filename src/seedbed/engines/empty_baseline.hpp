#pragma once

#include <span>
#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/undo_log.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// How tables that hold rows are emptied.
enum class EmptyBy : unsigned char {
  delete_,  // NOLINT(readability-identifier-naming): a keyword
  truncate,
};

/// A table that holds no rows in the baseline, and what DELETE of it takes.
struct EmptyTable {
  TableName name{};
  std::vector<std::string> unlink{};  ///< statements that set keys to NULL which are in the way
  bool waits = false;  ///< its keys close a cycle, so that they must wait until all is deleted
};

/// Brings back a baseline whose tables hold no rows, at the price of looking at each table and each
/// counter, and of the rows that are there. Nothing is made in the user's tables: what writes to
/// them pays nothing. What has to be known is kept in tables of Seedbed's own, which survive the
/// process. Stateless and thread-safe.
///
/// Brought back: the tables that `begin` names, without rows; all counters but those of other
/// tables; Seedbed's own tables. User triggers do not fire. Found, as `Changes::schema`, and then
/// nothing is changed:
///
///   PostgreSQL  tables, views and sequences that are new, gone or renamed; columns that are new;
///               foreign keys and CHECKs that are new or gone
///   MySQL       tables and views that are new, gone or altered
///   SQLite      every change
class EmptyBaseline {
 public:
  EmptyBaseline() = default;
  virtual ~EmptyBaseline() = default;
  EmptyBaseline(const EmptyBaseline&) = delete;
  EmptyBaseline& operator=(const EmptyBaseline&) = delete;

  /// Makes the present state the one to be brought back. `tables` are without rows, children before
  /// parents, and closed under "refers to"; `own_tables` are those of Seedbed
  /// (`Engine::own_table`) that belong to the state. Throws conflict inside a transaction, refused
  /// for a role that does not own the tables, unsupported for what cannot be emptied.
  virtual void begin(Connection& connection, std::span<const EmptyTable> tables,
                     std::span<const std::string> own_tables) const = 0;
  /// Removes all that `begin` made; harmless when there is nothing.
  virtual void end(Connection& connection) const = 0;
  /// Whether `begin` has run, to its end.
  [[nodiscard]] virtual bool begun(Connection& connection) const = 0;

  /// What is different now, as far as it is committed: rows as inserted, counters, the schema.
  [[nodiscard]] virtual Changes changes(Connection& connection) const = 0;
  /// Empties the tables that hold rows and sets back counters that have moved, in one transaction
  /// (MySQL: TRUNCATE and counters are DDL, which commits by itself). Returns what was different.
  /// Throws conflict inside a transaction; unavailable where an open transaction holds rows, for
  /// seconds; constraint_violation and so on where a table cannot be emptied.
  [[nodiscard]] virtual Changes bring_back(Connection& connection, EmptyBy how) const = 0;
};

}  // namespace seedbed
