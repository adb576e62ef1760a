#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/factories/expression.hpp"

namespace seedbed::detail {

/// Rows of several frames as one frame, in a given order: children of one relation that differ in
/// their recipes.
class CompositeFrame final : public Frame {
 public:
  struct Place {
    std::size_t frame = 0;
    std::size_t row = 0;
  };
  /// The frames, which share the arena, outlive this one; with none there are no rows.
  CompositeFrame(Arena& arena, std::vector<Frame*> frames, std::vector<Place> places)
      : arena_{arena}, frames_{std::move(frames)}, places_{std::move(places)} {}

  [[nodiscard]] std::size_t rows() const override { return places_.size(); }
  [[nodiscard]] std::int64_t row_number(std::size_t row) const override;
  [[nodiscard]] std::int64_t index(std::size_t row) const override;
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] std::uint64_t cell_key() const override { return 0; }
  [[nodiscard]] Arena& arena() override { return arena_; }
  [[nodiscard]] ScalarColumn name(std::string_view name) override;
  [[nodiscard]] ScalarColumn relation(std::string_view relation, std::string_view column) override;
  /// Throws unsupported: a roll-up in a roll-up goes through a column.
  [[nodiscard]] ChildRows children(std::string_view relation) override;

 private:
  Arena& arena_;
  std::vector<Frame*> frames_;
  std::vector<Place> places_;
  std::map<std::string, ScalarColumn, std::less<>> columns_;
};

}  // namespace seedbed::detail
