#include "seedbed/factories/expression/operators.hpp"

#include <utility>

#include <fmt/format.h>

#include "seedbed/factories/expression/json_text.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kMaximumTextBytes = 16U << 20U;

class Calculation : public Operation {
 public:
  Calculation(Operator op, OperationPointer left, OperationPointer right, SourceSpot where)
      : Operation{type_of_operation(op, left->type(), right->type()).value_or(ExpressionType::any)},
        op_{op},
        left_{std::move(left)},
        right_{std::move(right)},
        where_{std::move(where)} {}

  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const Operand left = left_->evaluate(batch);
    const Operand right = right_->evaluate(batch);
    return at_place(where_, [&] {
      if (left.is_shared() && right.is_shared() && batch.size() > 0) {
        return shared_in(batch.arena(), calculate(op_, left[0], right[0]));
      }
      const auto values = batch.values();
      for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = calculate(op_, left[i], right[i]);
      }
      return Operand{values};
    });
  }

  // n + 1000, 10 * n and the like; what could overflow is left alone.
  [[nodiscard]] std::optional<RowNumberForm> row_number_form() const override {
    const bool constant_left = left_->constant() != nullptr;
    const auto* constant = constant_left ? left_->constant() : right_->constant();
    const auto* number = constant != nullptr ? std::get_if<std::int64_t>(constant) : nullptr;
    const auto form = constant_left ? right_->row_number_form() : left_->row_number_form();
    if (!form || number == nullptr || type() != ExpressionType::integer) return {};
    if (!is_small(*number) || !is_small(form->factor) || !is_small(form->offset)) return {};
    if (op_ == Operator::add) return RowNumberForm{form->factor, form->offset + *number};
    if (op_ == Operator::multiply && *number != 0) {
      return RowNumberForm{form->factor * *number, form->offset * *number};
    }
    if (op_ != Operator::subtract || constant_left) return {};
    return RowNumberForm{form->factor, form->offset - *number};
  }

 private:
  static bool is_small(std::int64_t term) {
    return term >= -1'000'000'000 && term <= 1'000'000'000;
  }

  Operator op_;
  OperationPointer left_;
  OperationPointer right_;
  SourceSpot where_;
};

class Negation : public Operation {
 public:
  Negation(OperationPointer operand, SourceSpot where)
      : Operation{operand->type()}, operand_{std::move(operand)}, where_{std::move(where)} {}

  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const Operand operand = operand_->evaluate(batch);
    const auto values = batch.values();
    at_place(where_, [&] {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = negated(operand[i]);
    });
    return Operand{values};
  }

 private:
  OperationPointer operand_;
  SourceSpot where_;
};

ExpressionType type_of_range(ExpressionType first, ExpressionType last) {
  if (is_moment(first) && is_moment(last) && first != last) return ExpressionType::instant;
  return common_type(first, last).value_or(ExpressionType::any);
}

class RangeDraw : public Operation {
 public:
  RangeDraw(OperationPointer first, OperationPointer last, std::uint32_t stream, SourceSpot where)
      : Operation{type_of_range(first->type(), last->type())},
        first_{std::move(first)},
        last_{std::move(last)},
        where_{std::move(where)},
        stream_{stream} {
    if (first_->constant() == nullptr || last_->constant() == nullptr) return;
    if (is_null(*first_->constant()) || is_null(*last_->constant())) return;
    at_place(where_, [this] { fixed_.emplace(*first_->constant(), *last_->constant()); });
  }

  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const Operand first = first_->evaluate(batch);
    const Operand last = last_->evaluate(batch);
    const auto key = stream_key(batch.frame().cell_key(), StreamKind::value, stream_);
    auto* const observer = batch.frame().draw_observer();
    const RowDraws draws{batch, key};
    const auto draw = [&](std::size_t i) -> ScalarView {
      if (is_null(first[i]) || is_null(last[i])) return Null{};
      auto random = draws.of(i);
      auto value = Range{first[i], last[i]}.draw(random);
      if (observer != nullptr) observer->drew("..", where_, random, value);
      return value;
    };
    const bool shared = first.is_shared() && last.is_shared() && observer == nullptr;
    const auto values = batch.values();
    at_place(where_, [&] {
      if (shared && batch.size() > 0 && !is_null(first[0]) && !is_null(last[0])) {
        return Range{first[0], last[0]}.draw_all(draws, values);
      }
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = draw(i);
    });
    return Operand{values};
  }

  [[nodiscard]] std::shared_ptr<const Domain> domain() const override {
    return fixed_ ? fixed_->domain() : nullptr;
  }
  [[nodiscard]] const ScalarView* largest() const noexcept override { return last_->constant(); }

 private:
  OperationPointer first_;
  OperationPointer last_;
  SourceSpot where_;
  std::optional<Range> fixed_{};
  std::uint32_t stream_;
};

class Concatenation : public Operation {
 public:
  explicit Concatenation(Operations parts)
      : Operation{ExpressionType::text}, parts_{std::move(parts)} {}

  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const auto operands = operands_of(parts_, batch);
    const auto values = batch.values();
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
      text.clear();
      for (const auto& operand : operands) append(text, operand[i]);
      values[i] = TextView{batch.arena().copy(text)};
    }
    return Operand{values};
  }

  [[nodiscard]] std::optional<RowNumberForm> row_number_form() const override {
    for (const auto& part : parts_) {
      if (const auto form = part->row_number_form()) return form;
    }
    return std::nullopt;
  }

 private:
  static void append(std::string& text, const ScalarView& part) {
    append_text(text, part);
    if (text.size() > kMaximumTextBytes) {
      throw Error{ErrorCode::invalid_input,
                  fmt::format("a text of more than {} MiB", kMaximumTextBytes >> 20U)};
    }
  }

  Operations parts_;
};

void append_json(std::string& out, const ScalarView& value) {
  switch (type_of(value)) {
    case ExpressionType::null_: out += "null"; return;
    case ExpressionType::boolean:
    case ExpressionType::integer:
    case ExpressionType::decimal:
    case ExpressionType::real:
    case ExpressionType::json: append_text(out, value); return;
    case ExpressionType::text: append_json_text(out, std::get<TextView>(value).text); return;
    case ExpressionType::bytes:
    case ExpressionType::date:
    case ExpressionType::instant:
    case ExpressionType::duration:
    case ExpressionType::any: break;
  }
  out += '"';
  append_text(out, value);
  out += '"';
}

class JsonObject : public Operation {
 public:
  JsonObject(const std::vector<std::string>& names, Operations values)
      : Operation{ExpressionType::json}, values_{std::move(values)} {
    for (const auto& name : names) {
      append_json_text(keys_.emplace_back(), name);
      keys_.back() += ':';
    }
  }

  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const auto operands = operands_of(values_, batch);
    const auto values = batch.values();
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
      text = "{";
      for (std::size_t part = 0; part < operands.size(); ++part) {
        if (part > 0) text += ',';
        text += keys_[part];
        append_json(text, operands[part][i]);
      }
      values[i] = JsonView{batch.arena().copy(text += '}')};
    }
    return Operand{values};
  }

 private:
  std::vector<std::string> keys_;
  Operations values_;
};

class AggregateOperation : public Operation {
 public:
  AggregateOperation(Aggregate aggregate, std::string relation, OperationPointer value,
                     SourceSpot where)
      : Operation{aggregate == Aggregate::count ? ExpressionType::integer : value->type()},
        aggregate_{aggregate},
        relation_{std::move(relation)},
        value_{std::move(value)},
        where_{std::move(where)} {}

  [[nodiscard]] Operand evaluate(const Batch& batch) const override {
    const ChildRows children = batch.frame().children(relation_);
    const auto count = [&](std::size_t i) {
      return children.offsets[batch.row(i) + 1] - children.offsets[batch.row(i)];
    };
    const auto values = batch.values();
    if (!value_) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<std::int64_t>(count(i));
      }
      return Operand{values};
    }
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      for (std::size_t child = 0; child < count(i); ++child) {
        rows.push_back(children.offsets[batch.row(i)] + child);
      }
    }
    const Operand operand = value_->evaluate(Batch{*children.frame, rows});
    at_place(where_, [&] {
      std::size_t next = 0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = folded(operand, next, next + count(i));
        next += count(i);
      }
    });
    return Operand{values};
  }

 private:
  [[nodiscard]] ScalarView folded(const Operand& operand, std::size_t begin,
                                  std::size_t end) const {
    ScalarView result = start();
    for (std::size_t i = begin; i < end; ++i) {
      const ScalarView& value = operand[i];
      if (is_null(value)) continue;
      if (aggregate_ == Aggregate::count) {
        const auto* flag = std::get_if<bool>(&value);
        std::get<std::int64_t>(result) += flag == nullptr || *flag ? 1 : 0;
      } else if (aggregate_ == Aggregate::sum) {
        result = calculate(Operator::add, result, value);
      } else if (is_null(result) || before(value, result)) {
        result = value;
      }
    }
    return result;
  }

  [[nodiscard]] ScalarView start() const {
    if (aggregate_ == Aggregate::count) return std::int64_t{0};
    if (aggregate_ != Aggregate::sum) return Null{};
    if (type() == ExpressionType::duration) return Duration{};
    if (type() == ExpressionType::real) return 0.0;
    if (type() == ExpressionType::decimal) return Decimal{};
    return std::int64_t{0};
  }

  [[nodiscard]] bool before(const ScalarView& left, const ScalarView& right) const {
    const auto op = aggregate_ == Aggregate::min ? Operator::less : Operator::greater;
    return std::get<bool>(calculate(op, left, right));
  }

  Aggregate aggregate_;
  std::string relation_;
  OperationPointer value_;
  SourceSpot where_;
};

}  // namespace

OperationPointer make_calculation(Operator op, OperationPointer left, OperationPointer right,
                                  const SourceSpot& where) {
  return std::make_shared<Calculation>(op, std::move(left), std::move(right), where);
}

OperationPointer make_negation(OperationPointer operand, const SourceSpot& where) {
  return std::make_shared<Negation>(std::move(operand), where);
}

OperationPointer make_range(OperationPointer first, OperationPointer last, std::uint32_t stream,
                            const SourceSpot& where) {
  return std::make_shared<RangeDraw>(std::move(first), std::move(last), stream, where);
}

OperationPointer make_concatenation(Operations parts) {
  return std::make_shared<Concatenation>(std::move(parts));
}

OperationPointer make_json_object(const std::vector<std::string>& names, Operations values) {
  return std::make_shared<JsonObject>(names, std::move(values));
}

OperationPointer make_aggregate(Aggregate aggregate, std::string relation, OperationPointer value,
                                const SourceSpot& where) {
  return std::make_shared<AggregateOperation>(aggregate, std::move(relation), std::move(value),
                                              where);
}

}  // namespace seedbed::detail
