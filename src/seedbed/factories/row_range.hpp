#pragma once

#include <cstdint>
#include <string_view>

namespace seedbed {

/// Row numbers from `first` to `last`, both included.
struct RowRange {
  std::uint64_t first = 1;
  std::uint64_t last = 1;
  friend bool operator==(const RowRange&, const RowRange&) = default;
};

/// "17" or "17..20"; throws invalid_input for anything else, for 0, and for a range that begins
/// after its end.
[[nodiscard]] RowRange parse_row_range(std::string_view text);

/// One of `count` parts of equal size; `number` counts from 1.
struct Shard {
  std::uint64_t number = 1;
  std::uint64_t count = 1;
  friend bool operator==(const Shard&, const Shard&) = default;
};

/// "2/8"; throws invalid_input for anything else, and for a number that is 0 or above the count.
[[nodiscard]] Shard parse_shard(std::string_view text);

}  // namespace seedbed
