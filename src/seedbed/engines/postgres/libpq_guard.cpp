// A savepoint around each statement that seems to run with autocommit in a sandbox.
#include <string>

#include <libpq-fe.h>

#include "seedbed/engines/postgres/libpq_connection.hpp"
#include "seedbed/engines/sandbox_transaction.hpp"

namespace seedbed::postgres {

using detail::kReleaseStatement;
using detail::kStatementSavepoint;
using detail::StatementRole;

LibpqConnection::Guard LibpqConnection::guard_for(std::string_view sql) {
  if (!seems_autocommit() || PQtransactionStatus(handle_) != PQTRANS_INTRANS) return Guard::none;
  const StatementRole role = detail::role_of(sql);
  if (role == StatementRole::begin) end_seeming_autocommit();
  if (role == StatementRole::plain) return Guard::together;
  return role == StatementRole::copy ? Guard::apart : Guard::none;
}

void LibpqConnection::end_guard(Guard guard) noexcept {
  const auto run = [this](std::string_view sql) {
    const ResultPtr result{PQexec(handle_, sql.data())};
    return PQresultStatus(result.get()) == PGRES_COMMAND_OK;
  };
  const auto status = PQtransactionStatus(handle_);
  if (status == PQTRANS_INTRANS && guard == Guard::apart) run(kReleaseStatement);
  // Tried again, since a late cancel may meet the rollback instead of what it was meant for.
  if (status == PQTRANS_INERROR && !run(detail::kUndoStatement)) run(detail::kUndoStatement);
}

void LibpqConnection::Statement::send_in_pipeline(std::string_view sql) {
  const int sent =
      PQsendQueryParams(handle(), sql.data(), 0, nullptr, nullptr, nullptr, nullptr, 0);
  if (sent == 0) throw_failure(nullptr);
}

void LibpqConnection::Statement::begin_guard() {
  Guard guard = connection_.guard_for(sql_);
  if (guard == Guard::none) return;
  if (script_) guard = Guard::apart;
  if (guard == Guard::together) {
    in_pipeline_ = PQenterPipelineMode(handle()) != 0;
    if (!in_pipeline_) throw_failure(nullptr);
    send_in_pipeline(kStatementSavepoint);
  } else {
    const ResultPtr made{PQexec(handle(), kStatementSavepoint.data())};
    if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) throw_failure(made.get());
  }
  guard_ = guard;
}

// Reads the savepoint's result too, so that the next one is the statement's.
void LibpqConnection::Statement::send_release() {
  send_in_pipeline(kReleaseStatement);
  synced_ = PQpipelineSync(handle()) != 0;
  if (!synced_) throw_failure(nullptr);
  const ResultPtr made{PQgetResult(handle())};
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) throw_failure(made.get());
  const ResultPtr none{PQgetResult(handle())};
}

void LibpqConnection::Statement::read_release() {
  const ResultPtr released{PQgetResult(handle())};
  const bool done = PQresultStatus(released.get()) == PGRES_COMMAND_OK;
  leave_pipeline();
  if (!done) throw_failure(released.get());
}

void LibpqConnection::Statement::leave_pipeline() noexcept {
  in_pipeline_ = false;
  if (!synced_) synced_ = PQpipelineSync(handle()) != 0;
  bool ended = !synced_;
  while (!ended && PQstatus(handle()) == CONNECTION_OK) {
    const ResultPtr result{PQgetResult(handle())};
    ended = PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC;
  }
  PQexitPipelineMode(handle());
}

// Behind it the code under test has a transaction, as it thinks.
void LibpqConnection::Statement::look_for_begin(pg_result& result) {
  if (guard_ == Guard::none) return;
  const std::string_view tag = PQcmdStatus(&result);
  if (tag != "BEGIN" && tag != "START TRANSACTION") return;
  guard_ = Guard::none;
  connection_.end_seeming_autocommit();
}

}  // namespace seedbed::postgres
