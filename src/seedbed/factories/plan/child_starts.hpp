#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace seedbed::detail {

/// How many rows there are below the owners [first, last), which are some thousand at most. The
/// same whenever it is asked, by any thread.
using CountDrawer =
    std::function<std::vector<std::uint64_t>(std::uint64_t first, std::uint64_t last)>;

class StartsCache;

/// Where the rows below each owner begin, if those of one owner come behind those of the one
/// before. Few owners: as numbers. Of many only every `spacing`-th is kept, and the counts between
/// are drawn again, so that memory does not grow with the rows. Cheap to copy.
class ChildStarts {
 public:
  /// One row below each owner.
  ChildStarts() = default;
  /// `each` rows below each. Throws invalid_input when those are too many.
  ChildStarts(std::uint64_t owners, std::uint64_t each);
  /// Throws invalid_input when the counts add up to too many.
  ChildStarts(std::uint64_t owners, CountDrawer draw);
  ChildStarts(std::uint64_t owners, CountDrawer draw, std::uint64_t spacing);

  /// Whether it is one each, whatever the owners.
  [[nodiscard]] bool empty() const noexcept { return kept_ == nullptr; }
  /// All of them.
  [[nodiscard]] std::uint64_t rows() const noexcept { return kept_->rows; }
  /// The largest count.
  [[nodiscard]] std::uint64_t most() const noexcept { return kept_->most; }
  /// Where the rows of an owner begin; of one behind the last: their end.
  [[nodiscard]] std::uint64_t begin_of(std::uint64_t owner, StartsCache& cache) const;
  [[nodiscard]] std::uint64_t owner_of(std::uint64_t row, StartsCache& cache) const;

 private:
  friend class StartsCache;
  struct Kept {
    std::uint64_t owners = 0;
    std::uint64_t rows = 0;
    std::uint64_t most = 0;
    std::uint64_t spacing = 0;            ///< 0: all owners have `most` rows
    std::vector<std::uint64_t> starts{};  ///< of every `spacing`-th owner, and the end
    CountDrawer draw{};
  };
  using Piece = std::vector<std::uint64_t>;

  static Piece draw_piece(const Kept& kept, std::uint64_t number);

  std::shared_ptr<const Kept> kept_{};
};

/// What was drawn last, for one thread.
class StartsCache {
 public:
  /// Where the rows begin of the owners between two that are kept, and behind them.
  [[nodiscard]] const std::vector<std::uint64_t>& piece(
      const std::shared_ptr<const ChildStarts::Kept>& kept, std::uint64_t number);

 private:
  static constexpr std::size_t kPieces = 8;
  struct Slot {
    std::uint64_t number = 0;
    ChildStarts::Piece piece{};
  };
  struct Slots {
    std::shared_ptr<const ChildStarts::Kept> of{};  // so that its place is not another's
    std::array<Slot, kPieces> slots{};
  };

  std::unordered_map<const void*, Slots> known_;
  Slots* last_ = nullptr;
};

}  // namespace seedbed::detail
