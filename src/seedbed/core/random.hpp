#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace seedbed {

/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a
/// bijection of the counter under the key, ten rounds. Known-answer vectors of Random123 are in the
/// tests.
[[nodiscard]] std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                                         std::array<std::uint32_t, 2> key) noexcept;

/// Identifies a column's stream of cells: the first 8 bytes, little endian, of
/// SHA-256(seed as 8 bytes little endian, then `name`). `name` is "table.column@version", lower
/// case, with the schema in front only when it is not the default one. The stored contract of all
/// data sets: never change it.
[[nodiscard]] std::uint64_t cell_key(std::uint64_t seed, std::string_view name);

__extension__ using WideNumber = unsigned __int128;

/// Two draws that follow each other, made at once.
using DrawPair = std::array<std::uint64_t, 2>;

/// The first two draws of a column's cells in `rows`, which has the size of `pairs`: several rows
/// at once, which is faster than one by one.
void first_draws(std::uint64_t key, std::span<const std::uint64_t> rows,
                 std::span<DrawPair> pairs) noexcept;

/// The draws of one cell: a pure function of (key, row, number of the draw), without state shared
/// between cells. Copying it copies the position.
class CellRandom {
 public:
  CellRandom(std::uint64_t key, std::uint64_t row) noexcept : key_{key}, row_{row} {}
  /// With its `first_draws`.
  CellRandom(std::uint64_t key, std::uint64_t row, const DrawPair& first) noexcept
      : key_{key}, row_{row}, made_{2}, pair_{first} {}

  [[nodiscard]] std::uint64_t key() const noexcept { return key_; }
  [[nodiscard]] std::uint64_t row() const noexcept { return row_; }
  /// How many draws were taken so far.
  [[nodiscard]] std::uint64_t draws() const noexcept { return draw_; }

  /// 64 uniform bits. Draw d of a row is half of philox(counter = row, d / 2).
  [[nodiscard]] std::uint64_t next() noexcept {
    if (draw_ == made_) make_pair();
    return pair_[draw_++ % 2];
  }
  /// Uniform in [0, bound); `bound` 0 gives 0. Lemire's multiplication with rejection: exact.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) noexcept {
    if (bound == 0) return 0;
    const auto product = WideNumber{next()} * bound;
    const bool even = static_cast<std::uint64_t>(product) >= bound;  // nearly always
    return even ? static_cast<std::uint64_t>(product >> 64U) : evened(product, bound);
  }
  /// Uniform in [first, last], both included; any pair with first <= last.
  [[nodiscard]] std::int64_t between(std::int64_t first, std::int64_t last) noexcept;
  /// Uniform in [0, 1): 53 random bits times 2^-53.
  [[nodiscard]] double unit() noexcept;
  /// Standard normal, by the inverse of the distribution function (one draw). Bit-equal everywhere:
  /// only + - * / and sqrt, which IEEE 754 rounds exactly, and `portable_log`.
  [[nodiscard]] double normal() noexcept;
  /// Exponential with mean 1 (one draw).
  [[nodiscard]] double exponential() noexcept;

 private:
  void make_pair() noexcept;
  /// Draws again while `product` is one of those that would make some results likelier.
  [[nodiscard]] std::uint64_t evened(WideNumber product, std::uint64_t bound) noexcept;

  std::uint64_t key_;
  std::uint64_t row_;
  std::uint64_t draw_ = 0;
  std::uint64_t made_ = 0;  // draws up to this one, of which the last two are in `pair_`
  DrawPair pair_{};
};

/// Natural logarithm and exponential, bit-equal on every IEEE 754 platform (unlike libm's); error
/// below 4 units in the last place. `portable_log` of a value <= 0 is -infinity.
[[nodiscard]] double portable_log(double x) noexcept;
[[nodiscard]] double portable_exp(double x) noexcept;

/// A keyed bijection of [0, size) in constant memory: a balanced Feistel network of Philox rounds
/// over the next even power of two, with cycle walking.
class Permutation {
 public:
  /// `size` is 1 or more, at most 2^62.
  Permutation(std::uint64_t key, std::uint64_t size) noexcept;
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// Image of `index`, which is below size().
  [[nodiscard]] std::uint64_t at(std::uint64_t index) const noexcept;
  /// The index whose image is `value`, which is below size().
  [[nodiscard]] std::uint64_t index_of(std::uint64_t value) const noexcept;

 private:
  [[nodiscard]] std::uint64_t mix(std::uint64_t half, unsigned round) const noexcept;

  std::uint64_t key_;
  std::uint64_t size_;
  unsigned half_bits_;
};

}  // namespace seedbed
