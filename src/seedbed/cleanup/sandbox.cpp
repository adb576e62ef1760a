#include "seedbed/cleanup/sandbox.hpp"

#include <iostream>
#include <utility>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/sandbox_transaction.hpp"
#include "seedbed/engines/savepoint_stack.hpp"

namespace seedbed {

Sandbox::Sandbox(Connection& connection) : connection_{connection} {
  if (connection_.in_transaction()) {
    savepoint_.emplace(connection_);
  } else {
    connection_.begin_sandbox();
  }
  connection_.enter_sandbox();
  if (auto* const users = connection_.savepoints()) users->enter();
}

Sandbox::~Sandbox() {
  try {
    close();
  } catch (const Error& error) {
    std::cerr << "seedbed: " << error.what() << '\n';
  }
}

void Sandbox::close() {
  if (!std::exchange(open_, false)) return;
  connection_.leave_sandbox();
  if (auto* const users = connection_.savepoints()) users->leave();
  try {
    roll_back();
  } catch (const Error& error) {
    if (savepoint_) savepoint_->abandon();
    if (error.code() == ErrorCode::unavailable) throw;
    ErrorDetails details = error.details();
    details.statement = savepoint_ ? std::string{} : connection_.sandbox_ended_by();
    throw detail::sandbox_ended(std::move(details));
  }
}

void Sandbox::roll_back() {
  if (!savepoint_) return connection_.end_sandbox();
  if (!connection_.in_transaction()) throw Error{ErrorCode::conflict, "no transaction is open"};
  savepoint_->rollback();
}

}  // namespace seedbed
