#include "seedbed/cleanup/sandbox.hpp"

#include <iostream>

#include "seedbed/core/error.hpp"

namespace seedbed {

Sandbox::Sandbox(Connection& connection) : connection_{connection}, transaction_{connection} {
  if (!transaction_.nested()) probe_.emplace(connection);
}

Sandbox::~Sandbox() {
  try {
    close();
  } catch (const Error& error) {
    std::cerr << "seedbed: " << error.what() << '\n';
  }
}

void Sandbox::close() {
  if (!open_) return;
  open_ = false;
  roll_back();
}

void Sandbox::roll_back() {
  if (!connection_.in_transaction()) throw_ended({});
  try {
    if (probe_) probe_->rollback();
    transaction_.rollback();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unavailable) throw;
    leave_no_transaction_open();
    throw_ended(error.details());
  }
}

void Sandbox::throw_ended(const ErrorDetails& details) {
  if (probe_) probe_->abandon();
  transaction_.abandon();
  throw Error{
      ErrorCode::conflict,
      "the transaction of the sandbox was ended by the code under test (COMMIT, ROLLBACK, an error "
      "that ends it, or a statement that commits by itself), so its changes may have stayed: use "
      "Seedbed's Transaction in it, or another strategy",
      details};
}

// What the code under test has begun after it ended ours. Inside the user's transaction that is the
// user's.
void Sandbox::leave_no_transaction_open() noexcept {
  try {
    if (probe_ && connection_.in_transaction()) connection_.execute("ROLLBACK");
  } catch (const Error&) {
    return;  // the connection is lost, and its transaction with it
  }
}

}  // namespace seedbed
