#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace seedbed::detail {

/// How many owners have each count.
class CountTally {
 public:
  void add(std::uint64_t count);
  /// Rising counts, and how many have each.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::uint64_t>> entries() const;

 private:
  std::vector<std::uint64_t> small_;  // by count
  std::map<std::uint64_t, std::uint64_t> large_;
};

/// Whether a `CountScale` can reach `total`: some count is above zero, and `most` for each of those
/// is enough.
[[nodiscard]] bool can_scale(const CountTally& counts, std::uint64_t total,
                             std::optional<std::uint64_t> most);

/// Scales counts so that they add up to `total` exactly: in proportion, none above `most`, what
/// rounding leaves going to the largest remainders, among equal ones to the first. Zeros stay zero.
/// `can_scale` must hold. Knows how often counts occur, not which of them comes where.
class CountScale {
 public:
  CountScale(const CountTally& counts, std::uint64_t total, std::optional<std::uint64_t> most);

  /// Of the counts in their order, all or until it is false: notes at which place the last of those
  /// equal remainders is that get one more. Whether there is something left to note.
  [[nodiscard]] bool note(std::uint64_t count);
  /// What the count at that place becomes.
  [[nodiscard]] std::uint64_t scaled(std::uint64_t count, std::uint64_t place) const;

 private:
  __extension__ using Wide = unsigned __int128;
  /// What is left to hand out, and the sum of the counts that share it.
  struct Rest {
    Wide total = 0;
    Wide sum = 0;
  };
  using Entries = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

  void fill_up(const Entries& counts, std::uint64_t most);
  void hand_out(const Entries& counts);
  [[nodiscard]] bool is_full(std::uint64_t count) const;

  Rest rest_;
  std::optional<std::uint64_t> most_;
  Rest full_;                    // counts whose part of this reaches `most_` get that
  std::uint64_t remainder_ = 0;  // those above get one more
  std::uint64_t ties_ = 0;       // so many of those with just this one do
  std::uint64_t noted_ = 0;      // places
  std::uint64_t ties_end_ = 0;   // behind the place of the last that does
};

}  // namespace seedbed::detail
