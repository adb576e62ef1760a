#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "seedbed/core/random.hpp"
#include "seedbed/factories/expression.hpp"

namespace seedbed::detail {

/// The rows of a frame that are wanted: all of them, or some in ascending order. Branches that were
/// not taken are not evaluated, so `if(b == 0, 0, a / b)` is safe.
class Batch {
 public:
  explicit Batch(Frame& frame) : frame_{frame}, size_{frame.rows()} {}
  /// `rows` must outlive the batch.
  Batch(Frame& frame, std::span<const std::size_t> rows)
      : frame_{frame}, rows_{rows}, size_{rows.size()}, whole_{false} {}

  [[nodiscard]] Frame& frame() const noexcept { return frame_; }
  [[nodiscard]] Arena& arena() const { return frame_.arena(); }
  /// Room for one value per row, each to be written.
  [[nodiscard]] std::span<ScalarView> values() const {
    return arena().uninitialised<ScalarView>(size_);
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool whole() const noexcept { return whole_; }
  [[nodiscard]] std::size_t row(std::size_t i) const { return whole_ ? i : rows_[i]; }
  [[nodiscard]] std::span<const std::uint64_t> row_numbers() const;

 private:
  Frame& frame_;
  std::span<const std::size_t> rows_{};
  std::size_t size_;
  bool whole_ = true;
};

/// The draws of a batch's rows under one key. Its memory is the batch's.
class RowDraws {
 public:
  RowDraws(const Batch& batch, std::uint64_t key);

  [[nodiscard]] CellRandom of(std::size_t i) const { return {key_, rows_[i], first_[i]}; }
  /// As `of(i).below(bound)`: what needs no more than one number per row.
  [[nodiscard]] std::uint64_t below(std::size_t i, std::uint64_t bound) const {
    const auto product = WideNumber{first_[i].front()} * bound;
    const bool even = static_cast<std::uint64_t>(product) >= bound;  // nearly always
    return even ? static_cast<std::uint64_t>(product >> 64U) : of(i).below(bound);
  }

 private:
  std::uint64_t key_;
  std::span<const std::uint64_t> rows_;
  std::span<DrawPair> first_;
};

/// The values of one operand for a batch, which stand in its arena, in a column of the frame, or in
/// the expression: one for all rows, or one each.
class Operand {
 public:
  explicit Operand(ScalarColumn column) : data_{column.data()}, stride_{1} {}
  /// One value that all rows share, and which outlives the operand.
  [[nodiscard]] static Operand shared(const ScalarView& value) { return Operand{&value}; }

  [[nodiscard]] const ScalarView& operator[](std::size_t i) const { return data_[i * stride_]; }
  /// Whether all rows share one value, so that what depends on nothing else is computed once.
  [[nodiscard]] bool is_shared() const noexcept { return stride_ == 0; }
  /// The first `size` values as a column.
  [[nodiscard]] ScalarColumn column(std::size_t size, Arena& arena) const;

 private:
  explicit Operand(const ScalarView* value) : data_{value}, stride_{0} {}

  const ScalarView* data_;
  std::size_t stride_;
};

/// A copy of the value in the arena, shared by all rows.
[[nodiscard]] Operand shared_in(Arena& arena, const ScalarView& value);

/// A checked node of an expression: a function from the rows of a batch to their values. Immutable.
class Operation {
 public:
  explicit Operation(ExpressionType type) : type_{type} {}
  virtual ~Operation() = default;
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  [[nodiscard]] ExpressionType type() const noexcept { return type_; }
  [[nodiscard]] virtual Operand evaluate(const Batch& batch) const = 0;
  /// The value when it is a constant.
  [[nodiscard]] virtual const ScalarView* constant() const noexcept { return nullptr; }
  [[nodiscard]] virtual std::shared_ptr<const Domain> domain() const { return nullptr; }
  /// The number that no value is above, when constants say so.
  [[nodiscard]] virtual const ScalarView* largest() const noexcept { return constant(); }
  [[nodiscard]] virtual std::optional<RowNumberForm> row_number_form() const { return {}; }

 private:
  ExpressionType type_;
};
using OperationPointer = std::shared_ptr<const Operation>;
using Operations = std::vector<OperationPointer>;

/// What the operations evaluate to, in the batch's arena.
[[nodiscard]] std::span<const Operand> operands_of(const Operations& operations,
                                                   const Batch& batch);

/// Key of the draws of the `ordinal`-th drawing node of a column's expression: the column's own key
/// for the first. Nodes that decide whether a value is there at all count apart (`presence`), so
/// that they move no value.
enum class StreamKind : std::uint8_t { value, presence };
[[nodiscard]] std::uint64_t stream_key(std::uint64_t cell_key, StreamKind kind,
                                       std::uint32_t ordinal) noexcept;

/// Runs `step`, giving errors without a place `where`.
template <typename Step>
decltype(auto) at_place(const SourceSpot& where, Step&& step) {
  try {
    return std::forward<Step>(step)();
  } catch (const Error& error) {
    if (error.details().where.known()) throw;
    throw Error{error.code(), error.what(), {.where = where}};
  }
}

/// Its text is copied.
[[nodiscard]] OperationPointer make_constant(const ScalarView& value);
enum class RowFact : std::uint8_t { number, index, now };
[[nodiscard]] OperationPointer make_row_fact(RowFact fact);
[[nodiscard]] OperationPointer make_name(std::string name, ExpressionType type);
[[nodiscard]] OperationPointer make_member(std::string relation, std::string column,
                                           ExpressionType type);

}  // namespace seedbed::detail
