#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/expression/compiler.hpp"
#include "seedbed/factories/providers/regex.hpp"

namespace seedbed::detail {

namespace {

std::vector<std::string> function_names() {
  std::vector<std::string> names;
  for (const auto& function : function_table()) names.push_back(function.name);
  return names;
}

std::string article(std::string_view type) {
  if (type == "any") return "a value";
  return fmt::format("{} {}", type.find_first_of("aei") == 0 ? "an" : "a", type);
}

// Weights as integers of one scale; nullopt when one is negative, none is positive or they are too
// large.
std::optional<std::vector<std::uint64_t>> whole_weights(ScalarColumn weights) {
  int scale = 0;
  for (const auto& weight : weights) {
    if (const auto* decimal = std::get_if<Decimal>(&weight))
      scale = std::max(scale, decimal->scale);
  }
  std::vector<std::uint64_t> result;
  std::uint64_t sum = 0;
  for (const auto& weight : weights) {
    const auto decimal = to_decimal(weight, scale);
    if (!decimal || decimal->coefficient < 0) return std::nullopt;
    result.push_back(static_cast<std::uint64_t>(decimal->coefficient));
    sum += result.back();
    if (sum > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return std::nullopt;
    }
  }
  if (sum == 0) return std::nullopt;
  return result;
}

}  // namespace

OperationPointer Compiler::build_call(const Syntax& syntax) {
  const Function* function = find_function(syntax.text, syntax.version);
  if (function == nullptr && find_function(syntax.text, 0) != nullptr) {
    return refuse(syntax.at,
                  fmt::format("'{0}' has no version {1}; the newest is {0}@{2}", syntax.text,
                              syntax.version, find_function(syntax.text, 0)->row->version));
  }
  if (function == nullptr) {
    return refuse(syntax.at, fmt::format("unknown function '{}'{}", syntax.text,
                                         did_you_mean(syntax.text, function_names())));
  }
  if (!children_.empty() && function->row->effect == Effect::draws) {
    return refuse(syntax.at, "the value of a roll-up cannot draw");
  }
  return function->row->form == FunctionForm::plain ? build_plain(*function, syntax)
                                                    : build_form(*function, syntax);
}

bool Compiler::place_argument(const Function& function, const Syntax& argument,
                              std::vector<const Syntax*>& slots) const {
  const auto& parameters = function.parameters;
  const auto usage = [&] { return fmt::format("; it is {}", function.row->signature); };
  if (!argument.label) {
    const bool repeats = !parameters.empty() && parameters.back().repeats;
    if (slots.size() >= parameters.size() && !repeats) {
      report(argument.at, fmt::format("too many arguments for '{}'{}", function.name, usage()));
      return false;
    }
    slots.push_back(&argument);
    return true;
  }
  const auto label = to_text(*argument.label);
  const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& parameter) {
    return parameter.name == label && !parameter.repeats;
  });
  if (found == parameters.end()) {
    std::vector<std::string> names;
    names.reserve(parameters.size());
    for (const auto& parameter : parameters) names.push_back(parameter.name);
    report(argument.label_at, fmt::format("'{}' has no argument '{}'{}{}", function.name, label,
                                          did_you_mean(label, names), usage()));
    return false;
  }
  const auto slot = static_cast<std::size_t>(found - parameters.begin());
  if (slots.size() <= slot) slots.resize(slot + 1, nullptr);
  if (slots[slot] != nullptr) {
    report(argument.label_at, fmt::format("argument '{}' is given twice", label));
    return false;
  }
  slots[slot] = &argument;
  return true;
}

bool Compiler::check_argument(const Function& function, const Parameter& parameter,
                              const Syntax& syntax, const Operation& value) const {
  const auto type = value.type();
  const TypeSet always = type_bit(ExpressionType::any) | type_bit(ExpressionType::null_);
  if (((parameter.types | always) & type_bit(type)) != 0) {
    const auto wrong =
        value.constant() != nullptr ? wrong_choice(parameter, *value.constant()) : std::nullopt;
    if (wrong) report(syntax.at, fmt::format("{}: {}", function.name, *wrong));
    return !wrong;
  }
  report(syntax.at, fmt::format("'{}' of '{}' is {}, not {}", parameter.name, function.name,
                                article(parameter.type_name), article(to_string(type))));
  return false;
}

Compiler::Bound Compiler::bind(const Function& function, const Syntax& syntax) {
  Bound bound;
  std::vector<const Syntax*> slots;
  bool labelled = false;
  for (const auto& argument : syntax.arguments) {
    if (labelled && !argument.label) {
      report(argument.at, "an argument without a name stands after one with a name");
      bound.ok = false;
    }
    labelled = labelled || argument.label.has_value();
    bound.ok = place_argument(function, argument, slots) && bound.ok;
  }
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    const bool missing = i >= slots.size() || slots[i] == nullptr;
    if (!missing || function.parameters[i].optional || !bound.ok) continue;
    report(syntax.at, fmt::format("'{}' lacks its argument '{}'; it is {}", function.name,
                                  function.parameters[i].name, function.row->signature));
    bound.ok = false;
  }
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto& parameter = function.parameters[std::min(i, function.parameters.size() - 1)];
    auto value = slots[i] == nullptr ? make_constant(Null{}) : build(*slots[i]);
    const bool fits =
        value && (slots[i] == nullptr || check_argument(function, parameter, *slots[i], *value));
    bound.ok = bound.ok && fits;
    bound.values.push_back(std::move(value));
  }
  fill_in_locale(function, slots.size(), bound.values);
  return bound;
}

void Compiler::fill_in_locale(const Function& function, std::size_t given,
                              Operations& values) const {
  for (std::size_t i = given; i < function.parameters.size(); ++i) {
    if (function.parameters[i].type_name != "locale") continue;
    values.resize(i, make_constant(Null{}));
    values.push_back(make_constant(TextView{scope_->locale()}));
  }
}

OperationPointer Compiler::build_plain(const Function& function, const Syntax& syntax) {
  const bool draws = function.row->effect == Effect::draws;
  const auto stream = draws ? next_stream() : 0;
  auto bound = bind(function, syntax);
  if (!bound.ok) return nullptr;
  auto call = make_call(function, bound.values, stream, spot(syntax));
  auto value =
      folded(syntax, call, bound.values);  // a trial, when it draws: wrong arguments show now
  return draws && value ? call : value;
}

bool Compiler::have_common_type(const Syntax& syntax, const Operations& values) const {
  auto type = ExpressionType::null_;
  for (const auto& value : values) {
    const auto common = common_type(type, value->type());
    if (!common) {
      report(syntax.at, fmt::format("'{}' chooses between {} and {}, which have no common type",
                                    syntax.text, to_string(type), to_string(value->type())));
      return false;
    }
    type = *common;
  }
  return true;
}

OperationPointer Compiler::build_form(const Function& function, const Syntax& syntax) {
  const auto form = function.row->form;
  if (form == FunctionForm::weighted) return build_weighted(syntax);
  if (form == FunctionForm::json) return build_json(syntax);
  if (form == FunctionForm::maybe) return build_maybe(function, syntax);
  if (form == FunctionForm::regex) return build_regex(function, syntax);
  if (form >= FunctionForm::sum) return build_aggregate(function, syntax);
  const auto stream = form == FunctionForm::one_of ? next_stream() : 0;
  auto [values, ok] = bind(function, syntax);
  if (!ok) return nullptr;
  if (form == FunctionForm::concat) return folded(syntax, make_concatenation(values), values);
  const Operations branches{values.begin() + (form == FunctionForm::conditional ? 1 : 0),
                            values.end()};
  if (!have_common_type(syntax, branches)) return nullptr;
  if (form == FunctionForm::conditional) {
    auto otherwise = values.size() > 2 ? values[2] : make_constant(Null{});
    return folded(syntax, make_if(values[0], values[1], std::move(otherwise)), values);
  }
  if (form == FunctionForm::coalesce) return folded(syntax, make_coalesce(values), values);
  if (form == FunctionForm::one_of) return make_one_of(values, stream);
  uses_row_number_ = true;
  return make_cycle(std::move(values));
}

OperationPointer Compiler::build_maybe(const Function& function, const Syntax& syntax) {
  const auto stream = presences_++;
  const auto [values, ok] = bind(function, syntax);
  if (!ok) return nullptr;
  const auto& probability = values[0];
  const auto* constant = probability->constant();
  const auto check = [&probability, constant] {
    if (constant != nullptr) (void)probability_of(*constant);
    return probability;
  };
  if (checked(syntax, check) == nullptr) return nullptr;
  return make_maybe(probability, values[1], stream, spot(syntax));
}

OperationPointer Compiler::build_weighted(const Syntax& syntax) {
  Operations values;
  std::vector<ScalarView> weights;
  const auto stream = next_stream();
  for (const auto& argument : syntax.arguments) {
    if (!argument.label) {
      return refuse(argument.at, "'weighted' takes label=weight, such as customer=95");
    }
    auto weight = build(argument);
    if (!weight) return nullptr;
    if (weight->constant() == nullptr || !is_number(weight->type()) ||
        weight->type() == ExpressionType::real) {
      return refuse(argument.at, "a weight is a number that stands there, such as 95 or 0.5");
    }
    values.push_back(make_constant(*argument.label));
    weights.push_back(*weight->constant());
  }
  auto whole = whole_weights(weights);
  if (!whole) {
    return refuse(syntax.at,
                  "weights are not negative, at least one is positive, and their sum is "
                  "below 9e18");
  }
  if (!have_common_type(syntax, values)) return nullptr;
  return make_weighted(std::move(values), std::move(*whole), stream);
}

OperationPointer Compiler::build_regex(const Function& function, const Syntax& syntax) {
  const auto stream = next_stream();
  const auto bound = bind(function, syntax);
  if (!bound.ok) return nullptr;
  const auto* pattern = bound.values[0]->constant();
  if (pattern == nullptr || is_null(*pattern)) {
    return refuse(syntax.at, "'regex' takes a text that stands there, such as '[A-Z]{2}'");
  }
  return checked(syntax, [&] { return make_regex(to_text(*pattern), stream, spot(syntax)); });
}

OperationPointer Compiler::build_json(const Syntax& syntax) {
  std::vector<std::string> names;
  Operations values;
  for (const auto& argument : syntax.arguments) {
    if (!argument.label) {
      return refuse(argument.at, "'json' takes name=value, such as json(color=color())");
    }
    names.push_back(to_text(*argument.label));
    values.push_back(build(argument));
    if (!values.back()) return nullptr;
  }
  return folded(syntax, make_json_object(names, values), values);
}

OperationPointer Compiler::build_aggregate(const Function& function, const Syntax& syntax) {
  const auto& arguments = syntax.arguments;
  const auto form = function.row->form;
  const bool counts = form == FunctionForm::count;
  const bool labelled = std::any_of(arguments.begin(), arguments.end(), [](const auto& argument) {
    return argument.label.has_value();
  });
  if (labelled || arguments.empty() || arguments.size() > 2 || (arguments.size() < 2 && !counts) ||
      arguments[0].kind != SyntaxKind::name) {
    return refuse(syntax.at, fmt::format("'{}' is {}, with children as a name", function.name,
                                         function.row->signature));
  }
  if (!children_.empty()) return refuse(syntax.at, "a roll-up cannot stand inside a roll-up");
  const auto& relation = arguments[0].text;
  const NameScope* children = scope_->children(relation);
  if (children == nullptr) {
    return refuse(arguments[0].at, fmt::format("there are no rows '{}' below this one{}", relation,
                                               did_you_mean(relation, scope_->children_names())));
  }
  OperationPointer value;
  child_columns_.emplace(relation, "");
  if (arguments.size() == 2) {
    const NameScope* outer = std::exchange(scope_, children);
    children_ = relation;
    value = build(arguments[1]);
    scope_ = outer;
    children_.clear();
    if (!value) return nullptr;
    if (counts && !is_condition(arguments[1], *value)) return nullptr;
  }
  const auto type = value ? value->type() : ExpressionType::any;
  if (form == FunctionForm::sum && !is_number(type) && type != ExpressionType::duration &&
      type != ExpressionType::any && type != ExpressionType::null_) {
    return refuse(arguments[1].at,
                  fmt::format("'sum' adds numbers or durations, not {}", to_string(type)));
  }
  const auto aggregate =
      static_cast<Aggregate>(static_cast<int>(form) - static_cast<int>(FunctionForm::sum));
  return make_aggregate(aggregate, relation, std::move(value), spot(syntax));
}

}  // namespace seedbed::detail
