#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/error.hpp"

namespace seedbed::postgres {

/// Batches on their way from one thread to several; about `room` bytes of them wait at most. What
/// has been taken gives its memory to what comes.
class BatchQueue {
 public:
  explicit BatchQueue(std::size_t room) : room_{room} {}

  /// Waits for room; false when nobody takes any more. Gives back a batch whose cells are of no
  /// use.
  [[nodiscard]] bool put(ColumnBatch& batch) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return failure_ || bytes_ < room_; });
    if (failure_) return false;
    bytes_ += batch.bytes();
    waiting_.push_back(std::move(batch));
    batch = ColumnBatch{};
    if (!spare_.empty()) {
      batch = std::move(spare_.back());
      spare_.pop_back();
    }
    changed_.notify_all();
    return true;
  }

  /// Waits for the next one; false behind the last. Throws unavailable after a failure.
  [[nodiscard]] bool take(ColumnBatch& batch) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return failure_ || ended_ || !waiting_.empty(); });
    if (failure_) throw Error{ErrorCode::unavailable, "another session of the load has failed"};
    if (waiting_.empty()) return false;
    spare_.push_back(std::move(batch));
    batch = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= batch.bytes();
    changed_.notify_all();
    return true;
  }

  /// No more will be put.
  void end() {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    changed_.notify_all();
  }

  /// Ends it for all; the first failure is kept.
  void fail(std::exception_ptr failure) {
    const std::lock_guard lock{mutex_};
    if (!failure_) failure_ = std::move(failure);
    changed_.notify_all();
  }

  void rethrow_failure() {
    const std::lock_guard lock{mutex_};
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  const std::size_t room_;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::deque<ColumnBatch> waiting_{};
  std::vector<ColumnBatch> spare_{};
  std::size_t bytes_ = 0;  // of those that wait
  bool ended_ = false;
  std::exception_ptr failure_{};
};

}  // namespace seedbed::postgres
