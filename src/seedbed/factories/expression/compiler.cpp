#include "seedbed/factories/expression/compiler.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

// The frame of constants: one row, and nothing to ask for.
class EmptyFrame : public Frame {
 public:
  [[nodiscard]] std::size_t rows() const override { return 1; }
  [[nodiscard]] std::int64_t row_number(std::size_t /*row*/) const override { return 1; }
  [[nodiscard]] std::int64_t index(std::size_t /*row*/) const override { return 0; }
  [[nodiscard]] Instant now() const override { return {}; }
  [[nodiscard]] std::uint64_t cell_key() const override { return 0; }
  [[nodiscard]] Arena& arena() override { return arena_; }
  [[nodiscard]] ScalarColumn name(std::string_view /*name*/) override { return {&nothing_, 1}; }
  [[nodiscard]] ScalarColumn relation(std::string_view /*relation*/,
                                      std::string_view /*column*/) override {
    return {&nothing_, 1};
  }
  [[nodiscard]] ChildRows children(std::string_view /*relation*/) override { return {}; }

 private:
  Arena arena_;
  ScalarView nothing_{};
};

bool is_moment_or_duration(ExpressionType type) {
  return is_moment(type) || type == ExpressionType::duration;
}

}  // namespace

void Compiler::report(std::size_t at, std::string message) const {
  source_->report(at, std::move(message));
}

OperationPointer Compiler::refuse(std::size_t at, std::string message) const {
  report(at, std::move(message));
  return nullptr;
}

OperationPointer Compiler::checked(const Syntax& syntax,
                                   const std::function<OperationPointer()>& make) const {
  try {
    return make();
  } catch (const Error& error) {
    std::string message = error.what();
    // The place is the finding's own; the error repeats it in front.
    if (const auto place = error.details().where.to_string(); message.starts_with(place + ": ")) {
      message.erase(0, place.size() + 2);
    }
    return refuse(syntax.at, std::move(message));
  }
}

OperationPointer Compiler::folded(const Syntax& syntax, OperationPointer operation,
                                  const Operations& operands) const {
  const bool constant = std::all_of(operands.begin(), operands.end(), [](const auto& operand) {
    return operand->constant() != nullptr;
  });
  if (!constant) return operation;
  return checked(syntax, [&] {
    EmptyFrame frame;
    return make_constant(operation->evaluate(Batch{frame})[0]);
  });
}

OperationPointer Compiler::compile(const ExpressionSource& source) {
  const auto syntax = parse_expression(source);
  if (!syntax) return nullptr;
  source_ = &source;
  auto result = build(*syntax);
  source_ = nullptr;
  return result;
}

Expression Compiler::finish(OperationPointer root) const {
  Expression expression;
  auto dependencies = std::make_shared<Dependencies>();
  dependencies->names.assign(names_.begin(), names_.end());
  dependencies->relations.assign(relations_.begin(), relations_.end());
  dependencies->children.assign(child_columns_.begin(), child_columns_.end());
  expression.type_ = root->type();
  expression.root_ = std::move(root);
  expression.dependencies_ = std::move(dependencies);
  expression.draws_ = streams_ + presences_ > 0;
  expression.uses_row_number_ = uses_row_number_ || expression.draws_;
  return expression;
}

Expression Compiler::constant(const ScalarView& value) {
  Expression expression;
  expression.root_ = make_constant(value);
  expression.type_ = expression.root_->type();
  expression.dependencies_ = std::make_shared<Dependencies>();
  return expression;
}

OperationPointer Compiler::build(const Syntax& syntax) {
  switch (syntax.kind) {
    case SyntaxKind::literal: return make_constant(syntax.value);
    case SyntaxKind::name: return build_name(syntax);
    case SyntaxKind::member: return build_member(syntax);
    case SyntaxKind::call: return build_call(syntax);
    case SyntaxKind::unary: return build_unary(syntax);
    case SyntaxKind::binary: return build_binary(syntax);
  }
  return nullptr;
}

OperationPointer Compiler::build_name(const Syntax& syntax) {
  const auto& name = syntax.text;
  if (!syntax.quoted && (name == "n" || name == "index" || name == "now")) {
    uses_row_number_ = uses_row_number_ || name == "n";
    return make_row_fact(name == "n"       ? RowFact::number
                         : name == "index" ? RowFact::index
                                           : RowFact::now);
  }
  const auto type = scope_->name(name);
  if (!type) return report_unknown_name(syntax);
  if (children_.empty()) {
    names_.insert(name);
  } else {
    child_columns_.emplace(children_, name);
  }
  return make_name(name, *type);
}

OperationPointer Compiler::report_unknown_name(const Syntax& syntax) {
  const auto& name = syntax.text;
  if (scope_->relation(name) != nullptr) {
    return refuse(syntax.at, fmt::format("'{0}' is a relation; name a column of it: {0}.id", name));
  }
  if (scope_->children(name) != nullptr) {
    return refuse(syntax.at,
                  fmt::format("'{0}' are the rows below; use count({0}) or sum({0}, ...)", name));
  }
  if (!syntax.quoted && find_function(name, 0) != nullptr) {
    return refuse(syntax.at, fmt::format("'{0}' is a function; call it: {0}(...)", name));
  }
  auto candidates = scope_->names();
  candidates.insert(candidates.end(), {"n", "now", "index"});
  // A short word that is not known is more often a text without quotes than a slip.
  const auto best = nearest(name, candidates);
  const bool likely = best && name.size() > 3 && best->size() > 3;
  return refuse(syntax.at,
                fmt::format("unknown name '{}'{} a text needs quotes: \"{}\"", name,
                            likely ? fmt::format("; did you mean '{}'?", *best) : ";", name));
}

OperationPointer Compiler::build_member(const Syntax& syntax) {
  if (!children_.empty()) {
    return refuse(syntax.at, "a roll-up reads columns of its rows only, not of what they refer to");
  }
  const NameScope* relation = scope_->relation(syntax.text);
  if (relation == nullptr) {
    if (scope_->children(syntax.text) != nullptr) {
      return refuse(syntax.at, fmt::format("'{0}' are several rows; use sum({0}, {1}), min or max",
                                           syntax.text, syntax.member));
    }
    return refuse(syntax.at, fmt::format("unknown relation '{}'{}", syntax.text,
                                         did_you_mean(syntax.text, scope_->relations())));
  }
  const auto type = relation->name(syntax.member);
  if (!type) {
    return refuse(syntax.at, fmt::format("'{}' has no column '{}'{}", syntax.text, syntax.member,
                                         did_you_mean(syntax.member, relation->names())));
  }
  relations_.emplace(syntax.text, syntax.member);
  return make_member(syntax.text, syntax.member, *type);
}

bool Compiler::is_condition(const Syntax& syntax, const Operation& value) const {
  const auto type = value.type();
  if (type == ExpressionType::boolean || type == ExpressionType::any ||
      type == ExpressionType::null_) {
    return true;
  }
  report(syntax.at, fmt::format("a condition is true or false, not {}", to_string(type)));
  return false;
}

OperationPointer Compiler::build_unary(const Syntax& syntax) {
  const Syntax& inner = syntax.arguments[0];
  auto operand = build(inner);
  if (!operand) return nullptr;
  if (syntax.text == "not") {
    if (!is_condition(inner, *operand)) return nullptr;
    return folded(syntax, make_not(operand), {operand});
  }
  const auto type = operand->type();
  const bool fits = is_number(type) || type == ExpressionType::duration ||
                    type == ExpressionType::any || type == ExpressionType::null_;
  if (!fits) return refuse(syntax.at, fmt::format("'-' does not fit {}", to_string(type)));
  return folded(syntax, make_negation(operand, spot(syntax)), {operand});
}

OperationPointer Compiler::build_binary(const Syntax& syntax) {
  auto left = build(syntax.arguments[0]);
  auto right = build(syntax.arguments[1]);
  if (!left || !right) return nullptr;
  if (syntax.text == "and" || syntax.text == "or") {
    return build_logic(syntax, left, right);
  }
  if (syntax.text == "..") return build_range(syntax, left, right);
  const auto op = operator_of(syntax.text).value_or(Operator::add);
  if (!type_of_operation(op, left->type(), right->type())) {
    const bool texts = syntax.text == "+" && (left->type() == ExpressionType::text ||
                                              right->type() == ExpressionType::text);
    return refuse(syntax.at, fmt::format("'{}' does not fit {} and {}{}", syntax.text,
                                         to_string(left->type()), to_string(right->type()),
                                         texts ? "; texts are joined by concat(a, b)" : ""));
  }
  return folded(syntax, make_calculation(op, left, right, spot(syntax)), {left, right});
}

OperationPointer Compiler::build_logic(const Syntax& syntax, const OperationPointer& left,
                                       const OperationPointer& right) {
  const bool left_fits = is_condition(syntax.arguments[0], *left);
  const bool right_fits = is_condition(syntax.arguments[1], *right);
  if (!left_fits || !right_fits) return nullptr;
  auto result = syntax.text == "and" ? make_and(left, right) : make_or(left, right);
  return folded(syntax, std::move(result), {left, right});
}

OperationPointer Compiler::build_range(const Syntax& syntax, const OperationPointer& first,
                                       const OperationPointer& last) {
  if (!children_.empty()) return refuse(syntax.at, "the value of a roll-up cannot draw");
  const auto fits = [](ExpressionType type) {
    return is_number(type) || is_moment_or_duration(type) || type == ExpressionType::any ||
           type == ExpressionType::null_;
  };
  const auto common = common_type(first->type(), last->type());
  if (!common || !fits(first->type()) || !fits(last->type())) {
    return refuse(syntax.at, fmt::format("'..' does not fit {} and {}", to_string(first->type()),
                                         to_string(last->type())));
  }
  const auto stream = next_stream();
  return checked(syntax, [&] { return make_range(first, last, stream, spot(syntax)); });
}

}  // namespace seedbed::detail
