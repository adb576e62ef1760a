#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace seedbed {

/// Makes items number 0 to count - 1 on threads of its own, a bounded number of them ahead of the
/// one thread that takes them, which gets them in order. Items are used again and again, so they
/// may keep their memory.
template <typename Item>
class OrderedPipeline {
 public:
  /// Fills the item that it is given, which may hold what an earlier one did.
  using Maker = std::function<void(std::uint64_t number, Item& item)>;

  /// One thread for each maker. `ahead`, at least 1, is how many items are held.
  OrderedPipeline(std::uint64_t count, std::vector<Maker> makers, std::size_t ahead)
      : count_{count}, slots_(ahead), makers_{std::move(makers)} {
    threads_.reserve(makers_.size());
    try {
      for (auto& maker : makers_) threads_.emplace_back([this, &maker] { work(maker); });
    } catch (...) {
      stop();
      throw;
    }
  }
  /// Waits for the items that are being made; no more are begun.
  ~OrderedPipeline() { stop(); }
  OrderedPipeline(const OrderedPipeline&) = delete;
  OrderedPipeline& operator=(const OrderedPipeline&) = delete;

  /// The next item, until the next call; nullptr after the last. Throws what its maker threw.
  [[nodiscard]] Item* next() {
    std::unique_lock lock{mutex_};
    if (holds_) {
      slots_[taken_ % slots_.size()].ready = false;
      ++taken_;
      holds_ = false;
      changed_.notify_all();
    }
    if (taken_ == count_) return nullptr;
    auto& slot = slots_[taken_ % slots_.size()];
    changed_.wait(lock, [&] { return slot.ready; });
    if (slot.error) std::rethrow_exception(slot.error);
    holds_ = true;
    return &slot.item;
  }

 private:
  struct Slot {
    Item item{};
    std::exception_ptr error{};
    bool ready = false;
  };

  void stop() {
    {
      const std::lock_guard lock{mutex_};
      stopped_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

  void work(const Maker& make) {
    std::unique_lock lock{mutex_};
    for (;;) {
      changed_.wait(lock, [&] { return stopped_ || begun_ < taken_ + slots_.size(); });
      if (stopped_ || begun_ == count_) return;
      const auto number = begun_++;
      auto& slot = slots_[number % slots_.size()];
      lock.unlock();
      try {
        make(number, slot.item);
      } catch (...) {
        slot.error = std::current_exception();
      }
      lock.lock();
      slot.ready = true;
      changed_.notify_all();
    }
  }

  const std::uint64_t count_;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::vector<Slot> slots_;
  std::vector<Maker> makers_;
  std::uint64_t begun_ = 0;
  std::uint64_t taken_ = 0;
  bool holds_ = false;
  bool stopped_ = false;
  std::vector<std::thread> threads_{};
};

}  // namespace seedbed
