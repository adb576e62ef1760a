#include "seedbed/factories/expression/operation.hpp"

#include <algorithm>
#include <string>

namespace seedbed::detail {

namespace {

class Constant : public Operation {
 public:
  explicit Constant(const ScalarView& value)
      : Operation{type_of(value)}, owned_{to_scalar(value)}, value_{owned_} {}
  [[nodiscard]] Operand evaluate(const Batch& /*batch*/) const override {
    return Operand::shared(value_);
  }
  [[nodiscard]] const ScalarView* constant() const noexcept override { return &value_; }

 private:
  Scalar owned_;
  ScalarView value_;
};

Operand selected(ScalarColumn column, const Batch& batch) {
  if (batch.whole()) return Operand{column};
  const auto values = batch.values();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = column[batch.row(i)];
  return Operand{values};
}

class Name : public Operation {
 public:
  Name(std::string name, ExpressionType type) : Operation{type}, name_{std::move(name)} {}
  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    return selected(batch.frame().name(name_), batch);
  }

 private:
  std::string name_;
};

class Member : public Operation {
 public:
  Member(std::string relation, std::string column, ExpressionType type)
      : Operation{type}, relation_{std::move(relation)}, column_{std::move(column)} {}
  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    return selected(batch.frame().relation(relation_, column_), batch);
  }

 private:
  std::string relation_;
  std::string column_;
};

class RowFactOperation : public Operation {
 public:
  explicit RowFactOperation(RowFact fact)
      : Operation{fact == RowFact::now ? ExpressionType::instant : ExpressionType::integer},
        fact_{fact} {}
  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const Frame& frame = batch.frame();
    if (fact_ == RowFact::now) return shared_in(batch.arena(), frame.now());
    const auto values = batch.values();
    if (fact_ == RowFact::number) {
      const auto numbers = batch.row_numbers();
      std::transform(numbers.begin(), numbers.end(), values.begin(),
                     [](std::uint64_t number) { return static_cast<std::int64_t>(number); });
    } else {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = frame.index(batch.row(i));
    }
    return Operand{values};
  }
  [[nodiscard]] std::optional<RowNumberForm> row_number_form() const override {
    return fact_ == RowFact::number ? std::optional{RowNumberForm{}} : std::nullopt;
  }

 private:
  RowFact fact_;
};

}  // namespace

std::span<const std::uint64_t> Batch::row_numbers() const {
  if (whole_) return frame_.row_numbers();
  const auto numbers = arena().uninitialised<std::uint64_t>(size_);
  for (std::size_t i = 0; i < size_; ++i) {
    numbers[i] = static_cast<std::uint64_t>(frame_.row_number(rows_[i]));
  }
  return numbers;
}

RowDraws::RowDraws(const Batch& batch, std::uint64_t key)
    : key_{key},
      rows_{batch.row_numbers()},
      first_{batch.arena().uninitialised<DrawPair>(batch.size())} {
  first_draws(key, rows_, first_);
}

std::span<const Operand> operands_of(const Operations& operations, const Batch& batch) {
  const auto operands = batch.arena().uninitialised<Operand>(operations.size());
  std::transform(operations.begin(), operations.end(), operands.begin(),
                 [&](const OperationPointer& operation) { return operation->evaluate(batch); });
  return operands;
}

Operand shared_in(Arena& arena, const ScalarView& value) {
  const auto kept = arena.uninitialised<ScalarView>(1);
  kept.front() = value;
  return Operand::shared(kept.front());
}

ScalarColumn Operand::column(std::size_t size, Arena& arena) const {
  if (!is_shared()) return {data_, size};
  const auto values = arena.uninitialised<ScalarView>(size);
  std::fill(values.begin(), values.end(), *data_);
  return values;
}

std::uint64_t stream_key(std::uint64_t cell_key, StreamKind kind, std::uint32_t ordinal) noexcept {
  if (kind == StreamKind::value && ordinal == 0) return cell_key;
  constexpr std::uint32_t kTag = 0x45585052U;  // "EXPR": apart from the counters of cells
  const auto words = philox4x32_10(
      {ordinal, static_cast<std::uint32_t>(kind), kTag, ~kTag},
      {static_cast<std::uint32_t>(cell_key), static_cast<std::uint32_t>(cell_key >> 32U)});
  return std::uint64_t{words[1]} << 32U | words[0];
}

OperationPointer make_constant(const ScalarView& value) {
  return std::make_shared<Constant>(value);
}

OperationPointer make_row_fact(RowFact fact) {
  return std::make_shared<RowFactOperation>(fact);
}

OperationPointer make_name(std::string name, ExpressionType type) {
  return std::make_shared<Name>(std::move(name), type);
}

OperationPointer make_member(std::string relation, std::string column, ExpressionType type) {
  return std::make_shared<Member>(std::move(relation), std::move(column), type);
}

}  // namespace seedbed::detail
