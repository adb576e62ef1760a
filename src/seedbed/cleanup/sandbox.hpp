#pragma once

#include <optional>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed {

/// The scope of one test under the `rollback` strategy: everything done through `connection()`
/// inside the scope is undone at its end, also what the test committed through Seedbed's own
/// `Transaction`s. On the user's own connection (`engines/adopt`) it is a savepoint in the user's
/// transaction, or a transaction begun and rolled back by the sandbox. Sandboxes nest.
///
/// Code that ends the transaction behind our back (a raw COMMIT or ROLLBACK; on MySQL also DDL and
/// a second START TRANSACTION) is found: `close()` throws conflict, and the destructor writes the
/// same to standard error.
class Sandbox {
 public:
  /// The connection outlives the sandbox. Transactions begun inside end before it does.
  explicit Sandbox(Connection& connection);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  [[nodiscard]] Connection& connection() noexcept { return connection_; }
  /// Rolls back now; throws conflict when the transaction was ended by the code under test. Later
  /// calls, and the destructor after it, do nothing.
  void close();

 private:
  void roll_back();
  [[noreturn]] void throw_ended(const ErrorDetails& details);
  void leave_no_transaction_open() noexcept;

  Connection& connection_;
  Transaction transaction_;
  std::optional<Transaction>
      probe_;  // a savepoint, which is gone when a real transaction was ended
  bool open_ = true;
};

}  // namespace seedbed
