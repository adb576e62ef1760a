#pragma once

#include <memory>
#include <utility>

#include "seedbed/engines/database_server.hpp"
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

  /// After the connection was ended from without; what the database had read is read again.
  void reconnect() {
    use(nullptr);
    database_->reconnect();
    use(&database_->connection());
  }

  Database* operator->() const noexcept { return database_.get(); }
  Database& operator*() const noexcept { return *database_; }

 private:
  void use(Connection* connection) {
    const std::lock_guard lock{workspace_.mutex_};
    workspace_.active_ = connection;
  }

  Workspace& workspace_;
  std::unique_ptr<Database> database_;
  Connection* outer_ = nullptr;
};

/// A server in use; while it lives, `Workspace::cancel` reaches it.
class Workspace::ServerScope {
 public:
  ServerScope(Workspace& workspace, std::shared_ptr<DatabaseServer> server)
      : workspace_{workspace}, server_{std::move(server)} {
    const std::lock_guard lock{workspace_.mutex_};
    workspace_.active_server_ = server_.get();
  }
  ~ServerScope() {
    const std::lock_guard lock{workspace_.mutex_};
    workspace_.active_server_ = nullptr;
  }
  ServerScope(const ServerScope&) = delete;
  ServerScope& operator=(const ServerScope&) = delete;

  DatabaseServer& operator*() const noexcept { return *server_; }

 private:
  Workspace& workspace_;
  std::shared_ptr<DatabaseServer> server_;
};

}  // namespace seedbed
