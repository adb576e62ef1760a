#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace seedbed {

/// Another user to run a program as.
struct ProcessUser {
  unsigned user = 0;
  unsigned group = 0;
};

struct ProcessOptions {
  std::vector<std::string> command{};  ///< the program, looked up as `find_program`, and arguments
  /// Added to this process's environment; nullopt takes a variable away.
  std::map<std::string, std::optional<std::string>> environment{};
  std::filesystem::path directory{};  ///< to work in; empty: this one's
  std::filesystem::path output{};     ///< file for both its outputs; empty: this one's
  std::optional<ProcessUser> user{};  ///< needs root
  bool own_session = false;           ///< keyboard signals do not reach it
  int death_signal = 15;              ///< sent to it when this process ends, killed too
};

/// A running program; killed when this is destroyed. None of its signals is blocked. Made by a
/// thread that lives as long as it: `death_signal` goes by threads.
class Process {
 public:
  /// Throws not_found (no such program), unavailable (it cannot be started).
  explicit Process(const ProcessOptions& options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Its exit status, or 128 and the number of the signal that ended it; nullopt while it runs.
  [[nodiscard]] std::optional<int> poll();
  int wait();
  /// Does nothing once it has ended. From any thread.
  void signal(int number) noexcept;

 private:
  int id_ = -1;
  int handle_ = -1;  // a signal through it never reaches another process
  std::optional<int> status_;
};

}  // namespace seedbed
