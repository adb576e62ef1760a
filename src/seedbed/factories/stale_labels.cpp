#include "seedbed/factories/stale_labels.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/relations.hpp"

namespace seedbed::detail {

namespace {

constexpr std::uint64_t kMostValues = 1000;

/// The values that an expression is known to take; empty when they are not known.
ScalarColumn values_of(const Expression& expression) {
  if (const auto* literal = expression.literal_value()) return {*literal};
  ScalarColumn values;
  const auto domain = expression.domain();
  if (domain == nullptr || domain->size() > kMostValues) return values;
  for (std::uint64_t index = 0; index < domain->size(); ++index)
    values.push_back(domain->at(index));
  return values;
}

}  // namespace

void find_stale_labels(const Recipe& recipe, Diagnostics& findings) {
  for (const auto& cell : recipe.cells) {
    if (cell.column == nullptr || cell.column->type.type_class == TypeClass::set) continue;
    const auto labels = labels_of(recipe.table(), *cell.column);
    if (labels.empty()) continue;
    for (const auto& candidate : cell.candidates) {
      for (const auto& value : values_of(candidate.value)) {
        const auto text = to_text(value);
        if (is_null(value) || std::find(labels.begin(), labels.end(), text) != labels.end())
          continue;
        findings.push_back(
            {ErrorCode::invalid_input,
             fmt::format("factory '{}': column '{}' takes {}, not '{}'{}", recipe.model->name,
                         cell.name, join(labels, ", "), text, did_you_mean(text, labels)),
             candidate.where});
      }
    }
  }
}

}  // namespace seedbed::detail
