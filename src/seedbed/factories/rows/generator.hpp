#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/random.hpp"
#include "seedbed/factories/expression.hpp"
#include "seedbed/factories/plan/plan.hpp"

namespace seedbed::detail {

class BlockFrame;

/// Evaluates the cells of frames where somebody wants to see how they come about (`explain`).
class CellObserver {
 public:
  CellObserver() = default;
  virtual ~CellObserver() = default;
  CellObserver(const CellObserver&) = delete;
  CellObserver& operator=(const CellObserver&) = delete;

  /// The values of `expression`, which is part of a cell's plan, for the rows of `frame`.
  virtual ScalarColumn evaluate(const Expression& expression, BlockFrame& frame) = 0;
  /// A unique column takes value number `index` of its domain in this row.
  virtual void permuted(const CellPlan& plan, const Permutation& permutation, std::uint64_t row,
                        std::uint64_t index) = 0;
};

/// What frames have in common.
struct Generation {
  Arena arena{};  ///< of all columns of all frames
  std::int64_t now_micros = 0;
  CellObserver* observer = nullptr;
  StartsCache starts{};  ///< of the blocks whose rows are looked at
  /// The frames of the batch that is being made, by the id of their block; rows beyond them are
  /// made again where they are needed.
  std::vector<std::unique_ptr<BlockFrame>> batch{};

  Generation();
  ~Generation();
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;
  /// nullptr for a block that is not in the batch.
  [[nodiscard]] BlockFrame* find(const Block& block) const noexcept;
  [[nodiscard]] BlockFrame& frame(const Block& block) const { return *find(block); }
};

/// Some rows of one block; columns are evaluated when first asked for, each once. The values are
/// pure functions of the row numbers, so it does not matter in which frame a row is looked at.
class BlockFrame final : public Frame {
 public:
  /// `offsets` rise, and outlive it. `origin` is the frame that these rows were reached from, or
  /// nullptr; it outlives this one.
  BlockFrame(Generation& generation, const Block& block, std::span<const std::uint64_t> offsets,
             BlockFrame* origin = nullptr);
  ~BlockFrame() override;
  BlockFrame(const BlockFrame&) = delete;
  BlockFrame& operator=(const BlockFrame&) = delete;

  [[nodiscard]] std::size_t rows() const override { return offsets_.size(); }
  [[nodiscard]] std::int64_t row_number(std::size_t row) const override;
  [[nodiscard]] std::span<const std::uint64_t> row_numbers() override;
  [[nodiscard]] std::int64_t index(std::size_t row) const override;
  [[nodiscard]] Instant now() const override { return {generation_.now_micros}; }
  [[nodiscard]] std::uint64_t cell_key() const override { return cell_key_; }
  [[nodiscard]] Arena& arena() override { return generation_.arena; }
  [[nodiscard]] ScalarColumn name(std::string_view name) override;
  [[nodiscard]] ScalarColumn relation(std::string_view relation, std::string_view column) override;
  [[nodiscard]] ChildRows children(std::string_view relation) override;

  [[nodiscard]] const Block& block() const noexcept { return block_; }
  [[nodiscard]] std::span<const std::uint64_t> offsets() const noexcept { return offsets_; }
  /// Values of a column of the table; `database` ones only when they are known keys.
  [[nodiscard]] ScalarColumn column(std::size_t index);
  /// Whether `column` can say them: not for what the database makes, nor for keys that are not
  /// known yet.
  [[nodiscard]] bool knows(std::size_t index) const;
  /// How many rows are wanted below each row. Throws invalid_input for what is no count.
  [[nodiscard]] std::vector<std::uint64_t> counts(const Count& count);
  /// Where one row's relation leads: a block and an offset in it, or no block.
  [[nodiscard]] std::pair<const Block*, std::uint64_t> target(std::size_t relation,
                                                              std::size_t row) const;
  /// The rows below the row at `offset` by a relation of the recipe: blocks, and offsets [first,
  /// second) in them.
  [[nodiscard]] std::vector<std::pair<const Block*, std::pair<std::uint64_t, std::uint64_t>>>
  ranges_below(std::size_t children, std::uint64_t offset) const;

 private:
  struct Reach;
  struct Below;

  /// A column while it is made, and once it is.
  struct Made {
    enum class State : unsigned char { unknown, open, known };
    ScalarColumn values{};
    State state = State::unknown;
  };

  [[nodiscard]] ScalarColumn cell(std::size_t index);
  [[nodiscard]] ScalarColumn make_cell(const CellPlan& plan);
  [[nodiscard]] ScalarColumn chosen(const CellPlan& plan, ScalarColumn base);
  [[nodiscard]] ScalarColumn permuted(const CellPlan& plan);
  [[nodiscard]] ScalarColumn evaluate(const Expression& expression, std::uint64_t key);
  [[nodiscard]] ScalarColumn key_member(const ColumnPlan& plan);
  [[nodiscard]] ScalarColumn database_keys(const Column& column);
  [[nodiscard]] ScalarColumn existing_column(const Record& record, std::string_view column);
  [[nodiscard]] ScalarColumn nulls() { return arena().array<ScalarView>(rows()); }
  /// The value with its text in the arena.
  [[nodiscard]] ScalarView kept(const ScalarView& value);
  [[nodiscard]] ScalarColumn reached_column(std::size_t relation, std::string_view column);
  [[nodiscard]] Reach& reach(std::size_t relation);
  [[nodiscard]] const Target& planned_target(std::size_t relation) const;
  void require_planned(std::optional<std::size_t> children) const;
  [[nodiscard]] std::uint64_t picked(std::size_t relation, std::uint64_t offset) const;
  [[nodiscard]] std::pair<const Block*, std::uint64_t> earlier_row(std::size_t relation,
                                                                   std::uint64_t offset) const;
  [[nodiscard]] BlockFrame* covering(const Block& block, std::span<const std::uint64_t> offsets);
  [[nodiscard]] bool covers(std::span<const std::uint64_t> offsets) const;
  [[nodiscard]] std::size_t position(std::uint64_t offset) const;
  Generation& generation_;
  const Block& block_;
  std::span<const std::uint64_t> offsets_;      // rising
  std::span<const std::uint64_t> row_numbers_;  // empty until they are asked for
  BlockFrame* origin_;
  int depth_ = 0;
  std::uint64_t cell_key_ = 0;
  std::span<Made> cells_;                        // as the recipe's cells
  std::span<Made> columns_;                      // as the table's, those that are no cells
  std::vector<std::unique_ptr<Reach>> reaches_;  // as the recipe's relations
  std::map<std::string, ScalarColumn, std::less<>> above_;
  std::map<std::string, std::unique_ptr<Below>, std::less<>> below_;
};

/// The scalar that a stored cell stands for.
[[nodiscard]] Scalar scalar_of(const Value& value, const Column& column);

/// Fills `generation.batch` with the frames of the rows in the graphs of the root's rows [first,
/// last), replacing what it held.
void begin_batch(Generation& generation, const std::vector<const Block*>& blocks,
                 std::uint64_t first, std::uint64_t last);

}  // namespace seedbed::detail
