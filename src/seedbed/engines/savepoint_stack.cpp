#include "seedbed/engines/savepoint_stack.hpp"

namespace seedbed::detail {

void SavepointStack::enter() {
  const bool chained = chains();
  sandboxes_.push_back(depth_);
  if (chained) begin_savepoint();
}

void SavepointStack::leave() noexcept {
  depth_ = sandboxes_.back();
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

}  // namespace seedbed::detail
