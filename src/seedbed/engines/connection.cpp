#include "seedbed/engines/connection.hpp"

#include "seedbed/core/error.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/sandbox_transaction.hpp"

namespace seedbed {

RowSet Connection::query(std::string_view sql, std::span<const Value> arguments) {
  const auto rows = stream(sql, arguments);
  RowSet result;
  result.columns = rows->columns();
  ColumnBatch batch;
  while (rows->next(batch)) {
    for (std::size_t i = 0; i < batch.row_count(); ++i) result.rows.push_back(batch.row(i));
  }
  return result;
}

std::vector<std::vector<Row>> Connection::run_all(std::span<const BoundStatement> statements,
                                                  const Brackets& brackets) {
  std::vector<std::vector<Row>> results;
  if (statements.empty()) return results;
  if (!brackets.begin.empty()) execute(brackets.begin);
  results.reserve(statements.size());
  for (const auto& statement : statements) {
    results.push_back(query(statement.sql, statement.arguments).rows);
  }
  if (!brackets.end.empty()) execute(brackets.end);
  return results;
}

void Connection::begin_sandbox() {
  execute(engine().begin_sql());
  execute(detail::kSandboxSavepoint);
  watch_sandbox();
}

void Connection::watch_sandbox() {
  ended_by_.clear();
  sandboxed_ = true;
}

void Connection::end_sandbox() {
  sandboxed_ = false;
  try {
    roll_back_sandbox();
  } catch (const Error&) {
    leave_no_transaction_open();
    throw;
  }
}

// What the code under test has begun after it ended ours.
void Connection::leave_no_transaction_open() noexcept {
  try {
    if (in_transaction()) execute("ROLLBACK");
  } catch (const Error&) {
    return;  // the connection is lost, and its transaction with it
  }
}

void Connection::roll_back_sandbox() {
  execute(detail::kUndoSandboxSavepoint);
  execute("ROLLBACK");
}

Value Connection::query_value(std::string_view sql, std::span<const Value> arguments) {
  const RowSet result = query(sql, arguments);
  if (result.rows.size() != 1 || result.rows.front().size() != 1) {
    throw Error{ErrorCode::internal,
                "a statement that must give one value gave none or several",
                {.statement = std::string{sql}}};
  }
  return result.rows.front().front();
}

}  // namespace seedbed
