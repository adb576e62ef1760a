#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace seedbed {

/// How far long work has come. `total_rows` is 0 when it is not known.
struct ProgressUpdate {
  std::string phase{};  ///< "load", "save", "restore", "migrate"
  std::string table{};  ///< the table or file at hand
  std::uint64_t rows = 0;
  std::uint64_t total_rows = 0;
  std::uint64_t bytes = 0;
};

/// Handed down to long work: told how far it has come, and asked whether to go on. The base class
/// shows nothing. `interrupt()` may be called from a signal handler or another thread; all other
/// members belong to the thread that does the work.
class Progress {
 public:
  Progress() = default;
  virtual ~Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  virtual void report(const ProgressUpdate& /*update*/) {}
  void interrupt() noexcept { interrupted_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool interrupted() const noexcept {
    return interrupted_.load(std::memory_order_relaxed);
  }
  /// Throws unavailable ("interrupted") once `interrupt()` was called; long work calls it between
  /// batches of rows, so that its transaction is rolled back on the way up.
  void check() const;

 private:
  std::atomic<bool> interrupted_{false};
};

}  // namespace seedbed
