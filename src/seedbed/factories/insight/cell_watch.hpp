#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/factories/insight/insight.hpp"
#include "seedbed/factories/rows/generator.hpp"

namespace seedbed::detail {

/// Notes how one cell of a frame with one row is evaluated, by the one evaluator there is.
class CellWatch final : public CellObserver {
 public:
  /// One expression of the cell: a value, or the condition of a `when`.
  struct Step {
    const Expression* expression = nullptr;
    std::vector<CellRead> reads{};
    std::vector<CellDraw> draws{};
    ScalarView result{};  ///< in the arena of the frame
  };

  /// From here on the evaluations of `cell` in `frame` are noted; both outlive the watch.
  void watch(const BlockFrame& frame, const CellPlan& cell) {
    frame_ = &frame;
    cell_ = &cell;
  }

  ScalarColumn evaluate(const Expression& expression, BlockFrame& frame) override;
  void permuted(const CellPlan& plan, const Permutation& permutation, std::uint64_t row,
                std::uint64_t index) override;

  [[nodiscard]] const Step* find(const Expression& expression) const noexcept;
  [[nodiscard]] const std::optional<CellExplanation::Permuted>& permuted() const noexcept {
    return permuted_;
  }

 private:
  [[nodiscard]] bool is_watched(const Expression& expression, const BlockFrame& frame) const;

  const BlockFrame* frame_ = nullptr;
  const CellPlan* cell_ = nullptr;
  std::vector<Step> steps_;
  std::optional<CellExplanation::Permuted> permuted_;
};

}  // namespace seedbed::detail
