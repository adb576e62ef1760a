#pragma once

#include <optional>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed {

/// The scope of one test under the `rollback` strategy: everything done through `connection()`
/// inside the scope is undone at its end, also what the test committed through Seedbed's own
/// `Transaction`s. On the user's own connection (`engines/adopt`) it is a savepoint in the user's
/// transaction, or a transaction begun and rolled back by the sandbox; on one that `savepoints`
/// wrapped, what the user's code begins, commits and rolls back there are savepoints. Sandboxes
/// nest.
///
/// Statements outside of the code's own transactions are as with autocommit: one that fails leaves
/// nothing of itself, and all before and behind it is kept. PostgreSQL needs a savepoint for each,
/// in the same round trip. Inside Seedbed's `Transaction`s they fail from there to its rollback, as
/// PostgreSQL has it. (On an adopted `pqxx::transaction_base` all is as libpqxx has it.)
///
/// Code that ends the transaction behind our back (a raw COMMIT or ROLLBACK; on MySQL also DDL and
/// a second START TRANSACTION) is found: `close()` throws conflict, and the destructor writes the
/// same to standard error. A COMMIT of a transaction that the sandbox began fails at once on SQLite
/// and PostgreSQL, and nothing is kept. That takes SQLite's commit hook, in place of the user's,
/// and on PostgreSQL a temporary table, made with the session's first sandbox; without the right to
/// make one the COMMIT is found only.
class Sandbox {
 public:
  /// The connection outlives the sandbox. Transactions begun inside end before it does.
  explicit Sandbox(Connection& connection);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  [[nodiscard]] Connection& connection() noexcept { return connection_; }
  /// Throws constraint_violation when a constraint that waits for the commit does not hold, which a
  /// rollback alone would not show. Everything stays as it is.
  void check_constraints() { connection_.check_constraints(); }
  /// Rolls back now; throws conflict when the transaction was ended by the code under test, with
  /// the statement that did in its details, where that is known. Later calls, and the destructor
  /// after it, do nothing.
  void close();

 private:
  void roll_back();

  Connection& connection_;
  std::optional<Transaction> savepoint_;  // inside another transaction
  bool open_ = true;
};

}  // namespace seedbed
