#pragma once

#include <filesystem>
#include <memory>

#include "seedbed/core/file_lock.hpp"
#include "seedbed/core/process.hpp"
#include "seedbed/core/progress.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed {

/// A database server of one's own, started from the programs that are installed: in a temporary
/// directory, on a free port of the loopback interface, with a random password, without durability.
/// Root starts it as the user `nobody`. It ends with this process, killed too; the directory of a
/// killed one is removed by the next.
class PrivateServer {
 public:
  /// nullptr where the engine needs no server. Throws unavailable: the programs are not installed,
  /// or the server does not start (with the end of its log).
  [[nodiscard]] static std::unique_ptr<PrivateServer> start(const Engine& engine,
                                                            Progress& progress);
  ~PrivateServer();
  PrivateServer(const PrivateServer&) = delete;
  PrivateServer& operator=(const PrivateServer&) = delete;

  /// Of the maintenance database.
  [[nodiscard]] const DatabaseUrl& url() const noexcept { return recipe_.url; }

 private:
  PrivateServer(const Engine& engine, Progress& progress);
  void make_directory();
  void write(const std::vector<RecipeFile>& files) const;
  void prepare();
  bool serve();
  [[nodiscard]] ProcessOptions options_for(const std::vector<std::string>& command) const;
  [[noreturn]] void throw_with_log(const std::string& what) const;

  const Engine& engine_;
  Progress& progress_;
  std::filesystem::path record_;  // names the directory, before it is there
  FileLock lock_;                 // of the record
  std::filesystem::path directory_;
  std::optional<ProcessUser> user_;
  ServerRecipe recipe_;
  std::unique_ptr<Process> process_;
};

/// Removes what servers of killed processes left.
void reap_private_servers();

}  // namespace seedbed
