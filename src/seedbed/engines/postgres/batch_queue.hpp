#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/error.hpp"

namespace seedbed::postgres {

/// Batches on their way from one thread to several, a bounded number at a time. Batches are
/// swapped, so they keep their memory.
class BatchQueue {
 public:
  explicit BatchQueue(std::size_t room) : batches_(room) {}

  /// Waits for room; false when nobody takes any more.
  [[nodiscard]] bool put(ColumnBatch& batch) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return failure_ || waiting_ < batches_.size(); });
    if (failure_) return false;
    std::swap(batch, batches_[(first_ + waiting_) % batches_.size()]);
    ++waiting_;
    changed_.notify_all();
    return true;
  }

  /// Waits for the next one; false behind the last. Throws unavailable after a failure.
  [[nodiscard]] bool take(ColumnBatch& batch) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return failure_ || ended_ || waiting_ > 0; });
    if (failure_) throw Error{ErrorCode::unavailable, "another session of the load has failed"};
    if (waiting_ == 0) return false;
    std::swap(batch, batches_[first_]);
    first_ = (first_ + 1) % batches_.size();
    --waiting_;
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
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::vector<ColumnBatch> batches_;  // a ring
  std::size_t first_ = 0;
  std::size_t waiting_ = 0;
  bool ended_ = false;
  std::exception_ptr failure_{};
};

}  // namespace seedbed::postgres
