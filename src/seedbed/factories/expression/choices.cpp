// Operations that evaluate some of their operands for some of the rows.
#include <algorithm>
#include <numeric>
#include <utility>

#include "seedbed/factories/expression/operators.hpp"

namespace seedbed::detail {

namespace {

bool is_true(const ScalarView& value) {
  const auto* flag = std::get_if<bool>(&value);
  if (flag == nullptr && !is_null(value)) {
    throw Error{ErrorCode::invalid_input, "a condition is true or false; this value is neither"};
  }
  return flag != nullptr && *flag;
}

Operand chosen_constants(const Operations& operands, std::span<const std::size_t> choice,
                         const Batch& batch) {
  const auto constants = batch.arena().array<ScalarView>(operands.size() + 1);  // null at the end
  std::transform(operands.begin(), operands.end(), constants.begin(),
                 [](const auto& operand) { return *operand->constant(); });
  const auto values = batch.values();
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = constants[std::min(choice[i], operands.size())];
  }
  return Operand{values};
}

// Evaluates for each row the operand that `choice` numbers; a number past the last is null.
Operand evaluate_chosen(const Operations& operands, std::span<const std::size_t> choice,
                        const Batch& batch) {
  const bool constants = std::all_of(operands.begin(), operands.end(), [](const auto& operand) {
    return operand->constant() != nullptr;
  });
  if (constants) return chosen_constants(operands, choice, batch);
  const auto values = batch.arena().array<ScalarView>(batch.size());
  const auto places = batch.arena().uninitialised<std::size_t>(batch.size());
  for (std::size_t which = 0; which < operands.size(); ++which) {
    const auto rows = batch.arena().uninitialised<std::size_t>(batch.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < choice.size(); ++i) {
      if (choice[i] != which) continue;
      places[count] = i;
      rows[count++] = batch.row(i);
    }
    if (count == 0) continue;
    const Operand operand = operands[which]->evaluate(Batch{batch.frame(), rows.first(count)});
    for (std::size_t i = 0; i < count; ++i) values[places[i]] = operand[i];
  }
  return Operand{values};
}

ExpressionType common_type_of(const Operations& operands) {
  ExpressionType type = ExpressionType::null_;
  for (const auto& operand : operands) {
    type = common_type(type, operand->type()).value_or(ExpressionType::any);
  }
  return type;
}

// Constants without repetition.
class ListDomain : public Domain {
 public:
  explicit ListDomain(std::vector<Scalar> values) : values_{std::move(values)} {}
  [[nodiscard]] std::uint64_t size() const noexcept override { return values_.size(); }
  [[nodiscard]] ScalarView at(std::uint64_t index, Arena& /*arena*/) const override {
    return values_[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] std::optional<std::uint64_t> index_of(const ScalarView& value) const override {
    const auto found = std::find_if(values_.begin(), values_.end(), [&](const Scalar& candidate) {
      return compare(candidate, value) == 0 || to_text(candidate) == to_text(value);
    });
    if (found == values_.end()) return std::nullopt;
    return static_cast<std::uint64_t>(found - values_.begin());
  }

 private:
  std::vector<Scalar> values_;
};

std::shared_ptr<const Domain> domain_of(const Operations& operands) {
  std::vector<Scalar> values;
  for (const auto& operand : operands) {
    if (operand->constant() == nullptr) return nullptr;
    auto value = to_scalar(*operand->constant());
    if (std::find(values.begin(), values.end(), value) == values.end()) {
      values.push_back(std::move(value));
    }
  }
  return std::make_shared<ListDomain>(std::move(values));
}

class Not : public Operation {
 public:
  explicit Not(OperationPointer operand)
      : Operation{ExpressionType::boolean}, operand_{std::move(operand)} {}
  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const Operand operand = operand_->evaluate(batch);
    const auto values = batch.values();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = !is_true(operand[i]);
    return Operand{values};
  }

 private:
  OperationPointer operand_;
};

class If : public Operation {
 public:
  If(OperationPointer condition, Operations branches)
      : Operation{common_type_of(branches)},
        condition_{std::move(condition)},
        branches_{std::move(branches)} {}
  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const Operand condition = condition_->evaluate(batch);
    const auto choice = batch.arena().uninitialised<std::size_t>(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) choice[i] = is_true(condition[i]) ? 0 : 1;
    return evaluate_chosen(branches_, choice, batch);
  }

 private:
  OperationPointer condition_;
  Operations branches_;
};

class Coalesce : public Operation {
 public:
  explicit Coalesce(Operations values)
      : Operation{common_type_of(values)}, values_{std::move(values)} {}
  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    auto& arena = batch.arena();
    const auto result = arena.array<ScalarView>(batch.size());
    auto places = arena.uninitialised<std::size_t>(batch.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    for (const auto& value : values_) {
      const auto rows = arena.uninitialised<std::size_t>(places.size());
      for (std::size_t i = 0; i < places.size(); ++i) rows[i] = batch.row(places[i]);
      const Operand operand = value->evaluate(Batch{batch.frame(), rows});
      std::size_t open = 0;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        result[places[i]] = operand[i];
        if (is_null(operand[i])) places[open++] = places[i];
      }
      places = places.first(open);
      if (places.empty()) break;
    }
    return Operand{result};
  }

 private:
  Operations values_;
};

class Cycle : public Operation {
 public:
  explicit Cycle(Operations values)
      : Operation{common_type_of(values)}, values_{std::move(values)} {}
  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const auto count = static_cast<std::int64_t>(values_.size());
    const auto numbers = batch.row_numbers();
    const auto choice = batch.arena().uninitialised<std::size_t>(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto number = static_cast<std::int64_t>(numbers[i]);
      choice[i] = static_cast<std::size_t>(((number - 1) % count + count) % count);
    }
    return evaluate_chosen(values_, choice, batch);
  }
  [[nodiscard]] std::shared_ptr<const Domain> domain() const override { return domain_of(values_); }

 private:
  Operations values_;
};

class Weighted : public Operation {
 public:
  Weighted(Operations values, std::vector<std::uint64_t> weights, std::uint32_t stream)
      : Operation{common_type_of(values)},
        values_{std::move(values)},
        bounds_(weights.size()),
        stream_{stream} {
    std::partial_sum(weights.begin(), weights.end(), bounds_.begin());
  }
  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const auto key = stream_key(batch.frame().cell_key(), StreamKind::value, stream_);
    auto* const observer = batch.frame().draw_observer();
    const RowDraws draws{batch, key};
    const auto choice = batch.arena().uninitialised<std::size_t>(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      choice[i] = chosen(draws.below(i, bounds_.back()));
      if (observer != nullptr) report(*observer, draws.of(i), choice[i]);
    }
    return evaluate_chosen(values_, choice, batch);
  }
  [[nodiscard]] std::shared_ptr<const Domain> domain() const override { return domain_of(values_); }

 private:
  /// Which value it is that `drawn` is below the bound of.
  [[nodiscard]] std::size_t chosen(std::uint64_t drawn) const {
    // Without a branch, which nobody could foresee.
    constexpr std::size_t kFew = 16;
    if (bounds_.size() <= kFew) {
      std::size_t passed = 0;
      for (const auto bound : bounds_) passed += drawn >= bound ? 1U : 0U;
      return passed;
    }
    return static_cast<std::size_t>(std::upper_bound(bounds_.begin(), bounds_.end(), drawn) -
                                    bounds_.begin());
  }

  void report(DrawObserver& observer, CellRandom random, std::size_t choice) const {
    static_cast<void>(random.below(bounds_.back()));
    const auto* constant = values_[choice]->constant();
    const ScalarView number = static_cast<std::int64_t>(choice);
    observer.drew("choice", {}, random, constant != nullptr ? *constant : number);
  }

  Operations values_;
  std::vector<std::uint64_t> bounds_;  // sums of the weights up to and with each value
  std::uint32_t stream_;
};

class Maybe : public Operation {
 public:
  Maybe(OperationPointer probability, OperationPointer value, std::uint32_t stream,
        SourceSpot where)
      : Operation{value->type()},
        probability_{std::move(probability)},
        value_{{std::move(value)}},
        where_{std::move(where)},
        stream_{stream} {}
  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const Operand probability = probability_->evaluate(batch);
    const auto key = stream_key(batch.frame().cell_key(), StreamKind::presence, stream_);
    auto* const observer = batch.frame().draw_observer();
    const RowDraws draws{batch, key};
    const auto choice = batch.arena().uninitialised<std::size_t>(batch.size());
    at_place(where_, [&] {
      for (std::size_t i = 0; i < batch.size(); ++i) {
        auto random = draws.of(i);
        choice[i] = random.unit() < probability_of(probability[i]) ? 0 : 1;
        if (observer != nullptr) observer->drew("maybe", where_, random, choice[i] == 0);
      }
    });
    return evaluate_chosen(value_, choice, batch);
  }

 private:
  OperationPointer probability_;
  Operations value_;
  SourceSpot where_;
  std::uint32_t stream_;
};

}  // namespace

double probability_of(const ScalarView& value) {
  const auto probability = to_real(value);
  if (!probability || !(*probability >= 0) || *probability > 1) {
    throw Error{ErrorCode::invalid_input, "a probability is between 0 and 1; write 70% or 0.7"};
  }
  return *probability;
}

OperationPointer make_not(OperationPointer operand) {
  return std::make_shared<Not>(std::move(operand));
}

// Both are an `if`, so that the right side is not evaluated where the left decides.
OperationPointer make_and(OperationPointer left, OperationPointer right) {
  return make_if(std::move(left), make_not(make_not(std::move(right))),
                 make_constant(ScalarView{false}));
}

OperationPointer make_or(OperationPointer left, OperationPointer right) {
  return make_if(std::move(left), make_constant(ScalarView{true}),
                 make_not(make_not(std::move(right))));
}

OperationPointer make_if(OperationPointer condition, OperationPointer then,
                         OperationPointer otherwise) {
  Operations branches{std::move(then), std::move(otherwise)};
  return std::make_shared<If>(std::move(condition), std::move(branches));
}

OperationPointer make_coalesce(Operations values) {
  return std::make_shared<Coalesce>(std::move(values));
}

OperationPointer make_cycle(Operations values) {
  return std::make_shared<Cycle>(std::move(values));
}

OperationPointer make_one_of(Operations values, std::uint32_t stream) {
  std::vector<std::uint64_t> weights(values.size(), 1);
  return make_weighted(std::move(values), std::move(weights), stream);
}

OperationPointer make_weighted(Operations values, std::vector<std::uint64_t> weights,
                               std::uint32_t stream) {
  return std::make_shared<Weighted>(std::move(values), std::move(weights), stream);
}

OperationPointer make_maybe(OperationPointer probability, OperationPointer value,
                            std::uint32_t stream, const SourceSpot& where) {
  return std::make_shared<Maybe>(std::move(probability), std::move(value), stream, where);
}

}  // namespace seedbed::detail
