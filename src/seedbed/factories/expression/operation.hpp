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
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool whole() const noexcept { return whole_; }
  [[nodiscard]] std::size_t row(std::size_t i) const { return whole_ ? i : rows_[i]; }
  [[nodiscard]] std::int64_t row_number(std::size_t i) const { return frame_.row_number(row(i)); }

 private:
  Frame& frame_;
  std::span<const std::size_t> rows_{};
  std::size_t size_;
  bool whole_ = true;
};

/// The values of one operand for a batch: one value for all rows, a column of the frame, or its
/// own.
class Operand {
 public:
  explicit Operand(ScalarColumn column) : own_{std::move(column)} {}
  [[nodiscard]] static Operand constant(const Scalar& value) { return Operand{&value, 0}; }
  /// One value that all rows share.
  [[nodiscard]] static Operand shared(Scalar value);
  [[nodiscard]] static Operand borrowed(const ScalarColumn& column) {
    return Operand{column.data(), 1};
  }

  [[nodiscard]] const Scalar& operator[](std::size_t i) const {
    return data_ != nullptr ? data_[i * stride_] : own_[i * stride_];
  }
  /// Whether all rows share one value, so that what depends on nothing else is computed once.
  [[nodiscard]] bool is_shared() const noexcept { return stride_ == 0; }
  /// The first `size` values as a column.
  [[nodiscard]] ScalarColumn take(std::size_t size) &&;

 private:
  Operand(const Scalar* data, std::size_t stride) : data_{data}, stride_{stride} {}

  ScalarColumn own_{};
  const Scalar* data_ = nullptr;
  std::size_t stride_ = 1;
};

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
  [[nodiscard]] virtual const Scalar* constant() const noexcept { return nullptr; }
  [[nodiscard]] virtual std::shared_ptr<const Domain> domain() const { return nullptr; }
  /// The number that no value is above, when constants say so.
  [[nodiscard]] virtual const Scalar* largest() const noexcept { return constant(); }
  [[nodiscard]] virtual std::optional<RowNumberForm> row_number_form() const { return {}; }

 private:
  ExpressionType type_;
};
using OperationPointer = std::shared_ptr<const Operation>;
using Operations = std::vector<OperationPointer>;

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

[[nodiscard]] OperationPointer make_constant(Scalar value);
enum class RowFact : std::uint8_t { number, index, now };
[[nodiscard]] OperationPointer make_row_fact(RowFact fact);
[[nodiscard]] OperationPointer make_name(std::string name, ExpressionType type);
[[nodiscard]] OperationPointer make_member(std::string relation, std::string column,
                                           ExpressionType type);

}  // namespace seedbed::detail
