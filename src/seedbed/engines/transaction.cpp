#include "seedbed/engines/transaction.hpp"

#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/open_transaction.hpp"

namespace seedbed {

Transaction::Transaction(Connection& connection) : connection_{connection} {
  if (connection_.in_transaction()) {
    savepoint_ = fmt::format("seedbed_{}", connection_.transaction_depth_ + 1);
    connection_.execute("SAVEPOINT " + savepoint_);
  } else {
    connection_.execute(connection_.engine().begin_sql());
  }
  ++connection_.transaction_depth_;
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    rollback();
  } catch (const Error&) {
    // The connection is lost; the engine rolls back by itself.
    end();
  }
}

void Transaction::end() noexcept {
  if (open_) --connection_.transaction_depth_;
  open_ = false;
}

void Transaction::commit() {
  if (nested() && !connection_.in_transaction()) {
    throw Error{
        ErrorCode::conflict,
        "the transaction has ended inside this one: a statement committed it, as DDL does on "
        "MySQL, or an error rolled it back"};
  }
  connection_.execute(nested() ? "RELEASE SAVEPOINT " + savepoint_ : "COMMIT");
  end();
}

void Transaction::rollback() {
  // Some errors roll everything back at once (a deadlock, SQLite when it is interrupted).
  if (!connection_.in_transaction()) return end();
  if (nested()) {
    connection_.execute("ROLLBACK TO SAVEPOINT " + savepoint_);
    connection_.execute("RELEASE SAVEPOINT " + savepoint_);
  } else {
    connection_.execute("ROLLBACK");
  }
  end();
}

namespace {

constexpr Brackets kSavepoint{"SAVEPOINT seedbed_run", "RELEASE SAVEPOINT seedbed_run"};

// Tried again, since a cancel may meet the rollback instead of what it was meant for.
void undo(Connection& connection, bool nested) {
  for (bool again : {true, false}) {
    try {
      if (!connection.in_transaction()) return;
      connection.execute(nested ? "ROLLBACK TO SAVEPOINT seedbed_run" : "ROLLBACK");
      if (nested) connection.execute(kSavepoint.end);
      return;
    } catch (const Error& error) {
      // The connection is lost, or the transaction around had failed before.
      if (!again || error.code() != ErrorCode::unavailable) return;
    }
  }
}

}  // namespace

std::vector<std::vector<Row>> run_atomically(Connection& connection,
                                             std::span<const BoundStatement> statements,
                                             std::string begin) {
  const bool nested = connection.in_transaction();
  if (begin.empty() && !nested) begin = connection.engine().begin_sql();
  const auto brackets = nested ? kSavepoint : Brackets{begin, "COMMIT"};
  for (bool again = false;; again = true) {
    try {
      return connection.run_all(statements, brackets);
    } catch (const Error& error) {
      undo(connection, nested);
      if (again || !connection.dropped_stale_statements(error)) throw;
    }
  }
}

void detail::refuse_open_transaction(Connection& connection, std::string_view what) {
  if (!connection.in_transaction()) return;
  throw Error{
      ErrorCode::conflict,
      fmt::format("a transaction is open on this connection, in which {}: end it first", what),
      {.engine = std::string{connection.engine().name()}}};
}

}  // namespace seedbed
