#include "seedbed/factories/expression/operation.hpp"

#include <string>

namespace seedbed::detail {

namespace {

class Constant : public Operation {
 public:
  explicit Constant(Scalar value) : Operation{type_of(value)}, value_{std::move(value)} {}
  [[nodiscard]] Operand evaluate(const Batch& /*batch*/) const override {
    return Operand::constant(value_);
  }
  [[nodiscard]] const Scalar* constant() const noexcept override { return &value_; }

 private:
  Scalar value_;
};

Operand selected(const ScalarColumn& column, const Batch& batch) {
  if (batch.whole()) return Operand::borrowed(column);
  ScalarColumn values;
  values.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) values.push_back(column[batch.row(i)]);
  return Operand{std::move(values)};
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
    if (fact_ == RowFact::now) return Operand::shared(frame.now());
    ScalarColumn values;
    values.reserve(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      values.emplace_back(fact_ == RowFact::number ? batch.row_number(i)
                                                   : frame.index(batch.row(i)));
    }
    return Operand{std::move(values)};
  }
  [[nodiscard]] std::optional<RowNumberForm> row_number_form() const override {
    return fact_ == RowFact::number ? std::optional{RowNumberForm{}} : std::nullopt;
  }

 private:
  RowFact fact_;
};

}  // namespace

Operand Operand::shared(Scalar value) {
  Operand operand{ScalarColumn{std::move(value)}};
  operand.stride_ = 0;
  return operand;
}

ScalarColumn Operand::take(std::size_t size) && {
  if (data_ == nullptr && !is_shared()) return std::move(own_);
  ScalarColumn values;
  values.reserve(size);
  for (std::size_t i = 0; i < size; ++i) values.push_back((*this)[i]);
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

OperationPointer make_constant(Scalar value) {
  return std::make_shared<Constant>(std::move(value));
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
