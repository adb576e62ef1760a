#include "seedbed/factories/plan/self_shape.hpp"

#include "seedbed/core/random.hpp"
#include "seedbed/factories/expression/operation.hpp"

namespace seedbed::detail {

namespace {

bool is_root(const ShapeRoots& roots, const ShapedRow& row) noexcept {
  if (row.place == 0) return true;
  if (!roots.probability) return row.place < roots.count;
  // A stream of its own, so that another probability moves no other row.
  CellRandom random{stream_key(row.key, StreamKind::presence, 0), row.number};
  return random.unit() < *roots.probability;
}

}  // namespace

std::optional<std::uint64_t> place_above(const SelfShape& shape, const ShapedRow& row) noexcept {
  if (is_root(shape.roots, row)) return std::nullopt;
  switch (shape.shape) {
    case Shape::tree: return (row.place - shape.roots.count) / shape.fanout;
    case Shape::chain: return row.place - 1;
    case Shape::random: break;
  }
  return CellRandom{row.key, row.number}.below(row.place);
}

}  // namespace seedbed::detail
