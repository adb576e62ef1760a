#include "seedbed/engines/savepoint_stack.hpp"

#include "seedbed/engines/sandbox_transaction.hpp"

namespace seedbed::detail {

void SavepointStack::enter() {
  const bool chained = chains();
  sandboxes_.push_back({.depth = depth_});
  if (chained) begin_savepoint();
}

void SavepointStack::leave() noexcept {
  depth_ = sandboxes_.back().depth;
  sandboxes_.pop_back();
}

void SavepointStack::begin_savepoint() {
  ++depth_;
  try {
    run("SAVEPOINT " + name());
  } catch (...) {
    --depth_;
    throw;
  }
}

bool SavepointStack::release_savepoint() {
  if (!any_open()) return false;
  run("RELEASE SAVEPOINT " + name());
  --depth_;
  return true;
}

bool SavepointStack::undo_savepoint() {
  if (!any_open()) return false;
  run("ROLLBACK TO SAVEPOINT " + name());
  return release_savepoint();
}

// One for each sandbox, since the name finds the innermost.
std::string SavepointStack::guard() const {
  return "SAVEPOINT seedbed_statement_" + std::to_string(sandboxes_.size());
}

bool SavepointStack::guard_statement(std::string_view sql) {
  if (!inside() || any_open()) return false;
  Level& level = sandboxes_.back();
  const StatementRole role = role_of(sql);
  level.by_text |= role != StatementRole::plain && role != StatementRole::copy;
  if (level.by_text) return false;
  try {
    run(level.guarded ? "RELEASE " + guard() + "; " + guard() : guard());
    level.guarded = true;
  } catch (const std::exception&) {
    level.by_text = true;  // the transaction was ended; the sandbox will tell
  }
  return level.guarded && !level.by_text;
}

void SavepointStack::undo_statement() noexcept {
  try {
    run("ROLLBACK TO " + guard());
  } catch (const std::exception&) {
    sandboxes_.back().by_text = true;  // the connection is lost
  }
}

}  // namespace seedbed::detail
