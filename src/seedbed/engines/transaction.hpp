#pragma once

#include <span>
#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"

namespace seedbed {

/// A transaction, or inside one a savepoint; nests to any depth, innermost ended first. Issued as
/// SQL, since the drivers' own nested transactions are broken. Rolls back on destruction unless
/// committed; a rollback that fails there is swallowed, since the connection is then lost and the
/// engine rolls back.
///
/// SQLite begins IMMEDIATE, so that a writer waits at the start instead of failing in the middle.
/// MySQL's DDL commits implicitly: `commit()` of a savepoint that is gone throws conflict.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();
  void rollback();
  /// Lets go of a transaction that somebody else has ended; sends nothing.
  void abandon() noexcept { end(); }
  /// Whether this one is a savepoint inside another transaction (ours or the user's).
  [[nodiscard]] bool nested() const noexcept { return !savepoint_.empty(); }

 private:
  void end() noexcept;

  Connection& connection_;
  std::string savepoint_;  // empty: a real transaction
  bool open_ = true;
};

/// Runs statements as one: in a savepoint where a transaction is open, else in a transaction of
/// their own, which begins and ends in the same round trip where the engine has that
/// (`Connection::run_all`). When one fails, all are undone, a transaction around them stays usable,
/// and its error is thrown. `begin` is what begins a transaction of their own, when not as usual.
/// Returns the rows of each.
std::vector<std::vector<Row>> run_atomically(Connection& connection,
                                             std::span<const BoundStatement> statements,
                                             std::string begin = {});

}  // namespace seedbed
