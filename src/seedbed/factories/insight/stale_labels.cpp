#include "seedbed/factories/insight/stale_labels.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/rows/fitting.hpp"

namespace seedbed::detail {

namespace {

constexpr std::uint64_t kMostValues = 1000;

/// The values that an expression is known to take; empty when they are not known.
std::vector<Scalar> values_of(const Expression& expression) {
  if (const auto* literal = expression.literal_value()) return {to_scalar(*literal)};
  const auto domain = expression.domain();
  if (domain == nullptr || domain->size() > kMostValues) return {};
  Arena arena;
  std::vector<Scalar> values;
  for (std::uint64_t index = 0; index < domain->size(); ++index) {
    values.push_back(to_scalar(domain->at(index, arena)));
  }
  return values;
}

/// The texts among the values of the expression that are none of the labels.
std::vector<std::string> strangers_to(const std::vector<std::string>& labels,
                                      const Expression& expression) {
  std::vector<std::string> strangers;
  for (const auto& value : values_of(expression)) {
    auto text = to_text(value);
    const bool known = std::find(labels.begin(), labels.end(), text) != labels.end();
    if (!known && !is_null(value)) strangers.push_back(std::move(text));
  }
  return strangers;
}

/// Whether no value of this type fits the column.
bool never_fits(ExpressionType type, const ColumnType& column) {
  using Type = ExpressionType;
  const bool number = type == Type::integer || type == Type::decimal || type == Type::real;
  const bool moment = type == Type::date || type == Type::instant;
  const bool other = type == Type::duration || type == Type::bytes || type == Type::json;
  switch (column.type_class) {
    case TypeClass::integer:
    case TypeClass::year: return moment || other || (type == Type::text && !column.is_unsigned);
    case TypeClass::decimal: return moment || other || type == Type::boolean;
    case TypeClass::real: return moment || other || type == Type::boolean || type == Type::text;
    case TypeClass::boolean:
      return moment || other || type == Type::text || type == Type::decimal || type == Type::real;
    case TypeClass::date:
    case TypeClass::timestamp:
    case TypeClass::timestamptz: return number || other || type == Type::boolean;
    case TypeClass::bytes: return number || moment || type == Type::boolean || type == Type::json;
    case TypeClass::text:
    case TypeClass::enumeration:
    case TypeClass::set:
    case TypeClass::time:
    case TypeClass::interval:
    case TypeClass::uuid:
    case TypeClass::array:
    case TypeClass::bit:
    case TypeClass::json:
    case TypeClass::other: break;
  }
  return false;
}

/// What is wrong with a value for the column; empty when it may fit.
std::string misfit(const Expression& value, const Column& column) {
  const auto* literal = value.literal_value();
  if (literal == nullptr) {
    if (!never_fits(value.type(), column.type)) return {};
    return fmt::format("{} does not fit {}", to_string(value.type()), column.type.declared);
  }
  if (is_null(*literal)) return {};
  try {
    static_cast<void>(fit(*literal, column));
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

void find_misfits(const Recipe& recipe, Diagnostics& findings) {
  for (const auto& cell : recipe.cells) {
    if (cell.column == nullptr) continue;
    for (const auto& candidate : cell.candidates) {
      const auto what = misfit(candidate.value, *cell.column);
      if (what.empty() || candidate.node == nullptr) continue;
      findings.push_back(
          {ErrorCode::invalid_input,
           fmt::format("factory '{}': column '{}': {}", recipe.model->name, cell.name, what),
           candidate.where});
    }
  }
}

void find_stale_labels(const Recipe& recipe, Diagnostics& findings) {
  for (const auto& cell : recipe.cells) {
    if (cell.column == nullptr || cell.column->type.type_class == TypeClass::set) continue;
    const auto labels = labels_of(recipe.table(), *cell.column);
    if (labels.empty()) continue;
    const auto report = [&](const Candidate& candidate, const std::string& text) {
      findings.push_back(
          {ErrorCode::invalid_input,
           fmt::format("factory '{}': column '{}' takes {}, not '{}'{}", recipe.model->name,
                       cell.name, join(labels, ", "), text, did_you_mean(text, labels)),
           candidate.where});
    };
    for (const auto& candidate : cell.candidates) {
      for (const auto& text : strangers_to(labels, candidate.value)) report(candidate, text);
    }
  }
}

}  // namespace seedbed::detail
