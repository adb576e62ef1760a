#pragma once

#include <memory>
#include <string>
#include <vector>

#include "seedbed/cleanup/ready_databases.hpp"
#include "seedbed/workspace/private_server.hpp"

namespace seedbed {

/// Which databases a program is to find.
struct RunRequest {
  std::string database{};  ///< name or URL of one on the server to use; empty: "default"
  /// Of a server that is started for the run when `database` is empty; else of `database`.
  std::string engine{};
  std::string scenario{};  ///< fills them; at most one of these three
  std::string snapshot{};
  bool only_migrated = false;  ///< else the project's baseline fills them
  unsigned workers = 1;
  bool keep = false;
};

/// What a run would do.
struct RunPlan {
  std::string server{};       ///< the redacted URL; "private postgres server"; "files in /tmp/..."
  std::string filled_from{};  ///< "scenario 'small'"; empty: nothing
  std::string template_name{};  ///< empty on a private server, which has none yet
  bool template_ready = false;
};

/// Databases for one run of a program, removed with it.
class TestRun {
 public:
  TestRun(std::unique_ptr<PrivateServer> server, std::unique_ptr<ReadyDatabases> databases)
      : server_{std::move(server)}, databases_{std::move(databases)} {}

  [[nodiscard]] const std::vector<DatabaseUrl>& databases() const noexcept {
    return databases_->urls();
  }
  [[nodiscard]] const Template& source() const noexcept { return databases_->source(); }
  [[nodiscard]] bool on_private_server() const noexcept { return server_ != nullptr; }
  /// They stay for a look, until the next run on the same server drops them.
  void leave() noexcept { databases_->leave(); }
  /// Removes them now, unless they are kept; throws when one cannot be removed.
  void finish() { databases_->drop(); }

 private:
  std::unique_ptr<PrivateServer> server_;
  std::unique_ptr<ReadyDatabases> databases_;
};

}  // namespace seedbed
