#include "seedbed/factories/insight/cell_watch.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "seedbed/core/random.hpp"

namespace seedbed::detail {

namespace {

/// Passes everything on to a frame, and notes what was asked.
class WatchedFrame final : public Frame, private DrawObserver {
 public:
  WatchedFrame(Frame& inner, CellWatch::Step& step, std::string prefix = {})
      : inner_{inner}, step_{step}, prefix_{std::move(prefix)} {}

  [[nodiscard]] std::size_t rows() const override { return inner_.rows(); }
  [[nodiscard]] std::int64_t row_number(std::size_t row) const override {
    ++row_numbers_;
    return inner_.row_number(row);
  }
  [[nodiscard]] std::int64_t index(std::size_t row) const override {
    note("index", {Value{inner_.index(row)}});
    return inner_.index(row);
  }
  [[nodiscard]] Instant now() const override {
    note("now", {to_value(inner_.now())});
    return inner_.now();
  }
  [[nodiscard]] Arena& arena() override { return inner_.arena(); }
  [[nodiscard]] std::uint64_t cell_key() const override { return inner_.cell_key(); }
  [[nodiscard]] ScalarColumn name(std::string_view name) override {
    const auto column = inner_.name(name);
    note(std::string{name}, values_of(column));
    return column;
  }
  [[nodiscard]] ScalarColumn relation(std::string_view relation, std::string_view column) override {
    const auto values = inner_.relation(relation, column);
    note(std::string{relation} + "." + std::string{column}, values_of(values));
    return values;
  }
  [[nodiscard]] ChildRows children(std::string_view relation) override {
    auto below = inner_.children(relation);
    std::vector<Value> rows;
    for (std::size_t row = 0; row < below.frame->rows(); ++row) {
      rows.emplace_back(below.frame->row_number(row));
    }
    const auto name = std::string{relation};
    note(name + "." + "n", std::move(rows));
    below_.push_back(std::make_unique<WatchedFrame>(*below.frame, step_, name + "."));
    below.frame = below_.back().get();
    return below;
  }
  [[nodiscard]] DrawObserver* draw_observer() noexcept override { return this; }

  /// `n` was read when row numbers were asked for more often than there were draws.
  void note_row_number() const {
    if (row_numbers_ > draws_) note("n", {Value{inner_.row_number(0)}});
  }

 private:
  void drew(std::string_view what, const SourceSpot& where, const CellRandom& random,
            const ScalarView& value) override {
    ++draws_;
    CellDraw draw{std::string{what}, where, random.key(), random.row(), {}, to_value(value)};
    CellRandom again{random.key(), random.row()};
    while (again.draws() < random.draws()) draw.numbers.push_back(again.next());
    if (!draw.numbers.empty()) step_.draws.push_back(std::move(draw));
  }

  void note(const std::string& name, std::vector<Value> values) const {
    auto full = prefix_ + name;
    const bool known = std::any_of(step_.reads.begin(), step_.reads.end(),
                                   [&](const CellRead& read) { return read.name == full; });
    if (!known) step_.reads.push_back({std::move(full), std::move(values), {}});
  }

  static std::vector<Value> values_of(ScalarColumn column) {
    std::vector<Value> values;
    for (const auto& value : column) values.push_back(to_value(value));
    return values;
  }

  Frame& inner_;
  CellWatch::Step& step_;
  std::string prefix_;
  std::vector<std::unique_ptr<WatchedFrame>> below_;
  mutable std::size_t row_numbers_ = 0;
  std::size_t draws_ = 0;
};

}  // namespace

bool CellWatch::is_watched(const Expression& expression, const BlockFrame& frame) const {
  if (&frame != frame_) return false;
  return std::any_of(cell_->candidates.begin(), cell_->candidates.end(),
                     [&](const Candidate& candidate) {
                       return &candidate.value == &expression ||
                              (candidate.condition && &*candidate.condition == &expression);
                     });
}

ScalarColumn CellWatch::evaluate(const Expression& expression, BlockFrame& frame) {
  if (!is_watched(expression, frame)) return expression.evaluate(frame);
  Step step;
  step.expression = &expression;
  WatchedFrame watched{frame, step};
  auto values = expression.evaluate(watched);
  watched.note_row_number();
  step.result = values.front();
  steps_.push_back(std::move(step));
  return values;
}

void CellWatch::permuted(const CellPlan& plan, const Permutation& permutation, std::uint64_t row,
                         std::uint64_t index) {
  const bool watched = &plan == cell_ && static_cast<std::int64_t>(row) == frame_->row_number(0);
  if (watched) permuted_ = {plan.key, permutation.size(), index};
}

const CellWatch::Step* CellWatch::find(const Expression& expression) const noexcept {
  const auto found = std::find_if(steps_.begin(), steps_.end(),
                                  [&](const Step& step) { return step.expression == &expression; });
  return found == steps_.end() ? nullptr : &*found;
}

}  // namespace seedbed::detail
