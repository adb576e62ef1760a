#pragma once

#include <cstdint>
#include <functional>

#include "seedbed/factories/load.hpp"
#include "seedbed/factories/load/index_order.hpp"
#include "seedbed/factories/load/load_plan.hpp"
#include "seedbed/factories/load/storage_rule.hpp"

namespace seedbed::detail {

/// What each of some rows takes where they go, on the average.
struct RowBytes {
  double row = 0;
  double indexes = 0;
};
using RowSizer = std::function<RowBytes(const SampledRows& sample)>;

/// A load to be judged before its first row.
struct JudgedLoad {
  const LoadPlan& plan;
  const LoadPart& part;
  std::int64_t now_micros = 0;
  OrderingKeys order = OrderingKeys::none;
  RowSizer sizer;
};

/// The tables, what they will take, judged by some rows of each block, and the memory that takes.
[[nodiscard]] LoadPreview estimate(const JudgedLoad& load);

/// Of fewer rows nobody needs to know beforehand whether there is room.
inline constexpr std::uint64_t kFewestJudgedRows = 10'000;
[[nodiscard]] bool is_worth_judging(const LoadPlan& plan, const LoadPart& part);

}  // namespace seedbed::detail
