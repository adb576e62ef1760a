#pragma once

#include <memory>
#include <utility>

#include "seedbed/workspace/workspace.hpp"

namespace seedbed {

/// A database opened for one use case; while it lives, `Workspace::cancel` reaches its connection.
class Workspace::Scope {
 public:
  Scope(Workspace& workspace, std::string_view database)
      : Scope{workspace, workspace.open(database)} {}

  Scope(Workspace& workspace, std::unique_ptr<Database> database)
      : workspace_{workspace}, database_{std::move(database)} {
    const std::lock_guard lock{workspace_.mutex_};
    outer_ = std::exchange(workspace_.active_, &database_->connection());
  }
  ~Scope() {
    const std::lock_guard lock{workspace_.mutex_};
    workspace_.active_ = outer_;
  }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  Database* operator->() const noexcept { return database_.get(); }
  Database& operator*() const noexcept { return *database_; }

 private:
  Workspace& workspace_;
  std::unique_ptr<Database> database_;
  Connection* outer_ = nullptr;
};

}  // namespace seedbed
