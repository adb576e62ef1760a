#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/value.hpp"
#include "seedbed/engines/bulk_load.hpp"

namespace seedbed {

class Engine;

namespace detail {
class SavepointStack;
}

/// The rows of one statement, as a stream. Holds the connection busy until it is read to its end or
/// destroyed; only then may the connection be used again.
class RowStream {
 public:
  RowStream() = default;
  virtual ~RowStream() = default;
  RowStream(const RowStream&) = delete;
  RowStream& operator=(const RowStream&) = delete;

  /// The columns' names, in order; known from the start, also when there are no rows.
  [[nodiscard]] virtual const std::vector<std::string>& columns() const = 0;
  /// Clears `batch` and fills it with up to `kBatchRows` rows; false when there are no more.
  [[nodiscard]] virtual bool next(ColumnBatch& batch) = 0;
};

/// A statement with its arguments.
struct BoundStatement {
  std::string sql{};
  std::vector<Value> arguments{};
};

/// Statements without rows or arguments that go before and behind others; empty: none.
struct Brackets {
  std::string_view begin{};
  std::string_view end{};
};

/// One session with a database: Seedbed's own, or one adopted from the user (`engines/adopt`). One
/// thread at a time, `cancel()` apart. An own connection rolls back and closes when destroyed; an
/// adopted one leaves the user's as it is.
///
/// Statements use the engine's own placeholders (`Engine::placeholder`): `$1` on PostgreSQL, `?` on
/// SQLite and MySQL. Cells arrive without loss: integers as integer (unsigned ones beyond int64 as
/// text), floats as real, bytes as bytes, PostgreSQL's booleans as boolean, and everything else
/// (decimals, dates, times, UUIDs, JSON, BIT as zeros and ones) as the engine's text under a fixed
/// session: UTC, ISO dates, ISO 8601 intervals. SQLite gives each cell the kind it is stored as.
///
/// All members throw Error: constraint_violation (with SQLSTATE), invalid_input (bad SQL),
/// unavailable (connection lost, cancelled, lock timeout), unsupported, and so on; `details()` has
/// engine, SQLSTATE and statement.
class Connection {
 public:
  Connection() = default;
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] virtual const Engine& engine() const noexcept = 0;
  /// The connected database's name (SQLite: the file's path, or ":memory:").
  [[nodiscard]] virtual std::string database_name() = 0;

  /// Runs one statement; returns the number of rows it changed (0 for DDL). Rows it returns are
  /// dropped.
  virtual std::uint64_t execute(std::string_view sql, std::span<const Value> arguments = {}) = 0;
  /// Runs any number of statements without arguments, as the engine's own client would (a migration
  /// file). Every statement runs, and the error of any of them is thrown.
  virtual void execute_script(std::string_view sql) = 0;
  /// Runs one statement and streams its rows.
  [[nodiscard]] virtual std::unique_ptr<RowStream> stream(
      std::string_view sql, std::span<const Value> arguments = {}) = 0;
  /// Runs statements one after the other, without waiting for the one before where the engine can
  /// (PostgreSQL: all in one round trip), and keeps them prepared for the next time. The first that
  /// fails ends it: its error is thrown and the ones behind it do not run; outside a transaction it
  /// is open whether those before it stay. `brackets` go around them; without statements nothing
  /// runs. Returns the rows of each.
  virtual std::vector<std::vector<Row>> run_all(std::span<const BoundStatement> statements,
                                                const Brackets& brackets = {});
  /// Whether the error comes from a statement that `run_all` kept prepared and that something has
  /// made useless since, such as a column's new type; it is dropped, so running it again may
  /// succeed.
  [[nodiscard]] virtual bool dropped_stale_statements(const Error& /*error*/) { return false; }
  /// Appends rows the fastest way the engine has, in the current transaction, or atomically in one
  /// of its own. Returns the number of rows written. Rows that the engine would silently change (a
  /// text cut, a number clamped) are errors.
  virtual std::uint64_t bulk_load(const BulkTarget& target, const BatchSource& next) = 0;

  [[nodiscard]] virtual bool in_transaction() = 0;
  /// Interrupts the statement that another thread runs on this connection; harmless when none runs.
  virtual void cancel() noexcept = 0;
  /// Whether this is the user's own connection, whose session settings are not ours to change.
  [[nodiscard]] virtual bool adopted() const noexcept { return false; }

  /// Begins the transaction of a `Sandbox` (cleanup/sandbox.hpp), outside of any other. On SQLite
  /// and PostgreSQL a COMMIT of it fails from then on, with nothing kept.
  virtual void begin_sandbox();
  /// Rolls it back. Throws when something else has ended it; no transaction is open afterwards.
  void end_sandbox();
  /// The statement that ended it before `end_sandbox`; empty where that is not known.
  [[nodiscard]] const std::string& sandbox_ended_by() const noexcept { return ended_by_; }
  /// What turns transactions of the code under test on this connection into savepoints
  /// (`savepoints` in engines/adopt); nullptr: nothing.
  [[nodiscard]] virtual detail::SavepointStack* savepoints() noexcept { return nullptr; }
  /// Throws constraint_violation when a constraint that waits for the commit does not hold now;
  /// everything stays as it is. MySQL has none that wait.
  virtual void check_constraints() {}
  /// A `Sandbox` has begun, or is about to end. Inside one, statements outside of `Transaction`s
  /// are as with autocommit: one that fails leaves nothing, and what comes before and behind it is
  /// not touched. Adopted connections on PostgreSQL are as their driver is.
  void enter_sandbox() { autocommit_depths_.push_back(transaction_depth_); }
  void leave_sandbox() noexcept { autocommit_depths_.pop_back(); }

  /// All rows of one statement, in memory.
  [[nodiscard]] RowSet query(std::string_view sql, std::span<const Value> arguments = {});
  /// The single cell of a statement that gives one row of one column; throws internal otherwise.
  [[nodiscard]] Value query_value(std::string_view sql, std::span<const Value> arguments = {});

 protected:
  /// Called by `end_sandbox`; throws when the savepoint of `begin_sandbox` is gone.
  virtual void roll_back_sandbox();
  /// Called by a `begin_sandbox` that does not call this one.
  void watch_sandbox();
  /// Whether a sandbox's transaction is to be watched, which nothing has ended yet.
  [[nodiscard]] bool watching() const noexcept { return sandboxed_ && ended_by_.empty(); }
  void set_ended_by(std::string_view statement) { ended_by_ = statement; }
  /// Whether a sandbox is open, and inside it no `Transaction`.
  [[nodiscard]] bool seems_autocommit() const noexcept {
    return !autocommit_depths_.empty() && autocommit_depths_.back() == transaction_depth_;
  }
  /// The code under test has begun a transaction by itself.
  void end_seeming_autocommit() noexcept { autocommit_depths_.back() = kNever; }

 private:
  friend class Transaction;
  void leave_no_transaction_open() noexcept;

  static constexpr unsigned kNever = ~0U;

  unsigned transaction_depth_ = 0;             // of our Transaction objects
  std::vector<unsigned> autocommit_depths_{};  // of each sandbox, the innermost last
  bool sandboxed_ = false;
  std::string ended_by_;
};

}  // namespace seedbed
