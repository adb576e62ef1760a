#include "seedbed/core/arena.hpp"

namespace seedbed {

namespace {

constexpr std::size_t kFirstBlock = std::size_t{32} << 10U;
constexpr std::size_t kLargestBlock = std::size_t{1} << 20U;

}  // namespace

char* Arena::allocate_block(std::size_t bytes) {
  // A block that is too small is left out until the next reset.
  while (used_ < blocks_.size() && blocks_[used_].size < bytes) ++used_;
  if (used_ == blocks_.size()) {
    const auto doubled = blocks_.empty() ? kFirstBlock : blocks_.back().size * 2;
    const auto size = std::max(std::min(doubled, kLargestBlock), bytes);
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});  // NOLINT
  }
  auto& block = blocks_[used_++];
  next_ = block.bytes.get() + bytes;
  end_ = block.bytes.get() + block.size;
  return block.bytes.get();
}

void Arena::reset() noexcept {
#ifdef __SANITIZE_ADDRESS__
  blocks_.clear();  // so that a use after this is found
#endif
  used_ = 0;
  next_ = own_.data();
  end_ = own_.data() + own_.size();
}

}  // namespace seedbed
