#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace seedbed {

/// Memory that is given back all at once, by `reset()`, which keeps it for the next use: work that
/// repeats does not allocate, nor does work that needs little, for which there is room in the arena
/// itself. Nothing in it is ever destroyed. For one thread at a time.
class Arena {
 public:
  Arena() noexcept { reset(); }  // NOLINT(*-member-init): its own bytes stay as they are
  ~Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// `count` values, each value-initialised.
  template <typename T>
  [[nodiscard]] std::span<T> array(std::size_t count) {
    const auto values = uninitialised<T>(count);
    std::uninitialized_value_construct(values.begin(), values.end());
    return values;
  }
  /// The same, where every value is written before it is read.
  template <typename T>
  [[nodiscard]] std::span<T> uninitialised(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlignment);
    return {reinterpret_cast<T*>(allocate(count * sizeof(T))), count};
  }
  /// A copy of the text.
  [[nodiscard]] std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* const kept = text.size() <= static_cast<std::size_t>(end_ - next_)
                           ? std::exchange(next_, next_ + text.size())
                           : allocate(text.size());
    std::copy(text.begin(), text.end(), kept);
    return {kept, text.size()};
  }
  /// Everything that was handed out is gone.
  void reset() noexcept;

 private:
  static constexpr std::size_t kAlignment = alignof(std::max_align_t);
  struct Block {
    std::unique_ptr<char[]> bytes;  // NOLINT(modernize-avoid-c-arrays): raw storage
    std::size_t size = 0;
  };

  [[nodiscard]] char* allocate(std::size_t bytes) {
    // Texts leave the next free byte anywhere.
    void* place = next_;
    auto space = static_cast<std::size_t>(end_ - next_);
    if (std::align(kAlignment, bytes, place, space) == nullptr) return allocate_block(bytes);
    next_ = static_cast<char*>(place) + bytes;
    return static_cast<char*>(place);
  }
  [[nodiscard]] char* allocate_block(std::size_t bytes);

  static constexpr std::size_t kOwnBytes = 4096;

  char* next_ = nullptr;
  char* end_ = nullptr;
  std::vector<Block> blocks_{};
  std::size_t used_ = 0;                                 // blocks
  alignas(kAlignment) std::array<char, kOwnBytes> own_;  // uninitialised
};

}  // namespace seedbed
