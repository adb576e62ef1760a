#pragma once

#include <cstdint>
#include <optional>

namespace seedbed {

/// How rows that are made together hang together by a key of their table to itself.
enum class Shape : unsigned char {
  tree,    ///< every row has the same number of rows below it
  chain,   ///< every row refers to the one before
  random,  ///< every row refers to any of those before, all equally likely
};

/// Which rows of a shape have none above: so many first ones, or each with a probability, the first
/// one always.
struct ShapeRoots {
  std::uint64_t count = 1;
  std::optional<double> probability{};
};

struct SelfShape {
  Shape shape = Shape::tree;
  std::uint64_t fanout = 2;  ///< rows below each row of a tree
  ShapeRoots roots{};
};

namespace detail {

/// A row of those that are made together.
struct ShapedRow {
  std::uint64_t place = 0;   ///< among them, from 0
  std::uint64_t number = 0;  ///< its row number
  std::uint64_t key = 0;     ///< of the draws of its relation
};

/// The place of the row above, which is smaller than the row's own; nullopt for a root.
[[nodiscard]] std::optional<std::uint64_t> place_above(const SelfShape& shape,
                                                       const ShapedRow& row) noexcept;

}  // namespace detail

}  // namespace seedbed
