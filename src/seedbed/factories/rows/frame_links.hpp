#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "seedbed/factories/rows/composite_frame.hpp"
#include "seedbed/factories/rows/generator.hpp"

namespace seedbed::detail {

/// The rows that the rows of a frame lead to by one relation, in frames by block.
struct BlockFrame::Reach {
  struct Place {
    std::size_t frame = 0;
    std::size_t row = 0;
  };
  std::vector<BlockFrame*> frames;
  std::vector<std::unique_ptr<BlockFrame>> owned;
  std::vector<std::optional<Place>> places;  // by row
};

/// The rows below the rows of a frame by one relation.
struct BlockFrame::Below {
  std::vector<std::unique_ptr<BlockFrame>> owned;
  std::unique_ptr<CompositeFrame> composite;
  ChildRows rows;
};

}  // namespace seedbed::detail
