#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/factories/insight/insight.hpp"
#include "seedbed/factories/recipes/recipe.hpp"

namespace seedbed::detail {

/// Which statement of the library, or of the call, each value of a recipe comes from.
class CellOrigins {
 public:
  /// `factory` and `arguments` are those that the recipe was made for; both outlive it.
  CellOrigins(RecipeBook& book, const FactoryModel& model, const CallArguments& arguments);

  [[nodiscard]] CellOrigin of(const CellPlan& cell, const Candidate& candidate) const;
  /// Of a column of the table, whose value may be no cell; of a cell the first of its candidates.
  [[nodiscard]] CellOrigin of_column(const Recipe& recipe, std::size_t column) const;
  /// Everything that the library and the call state about a column or parameter, the weakest first.
  struct Statement {
    const Node* node = nullptr;
    CellOrigin origin{};
  };
  [[nodiscard]] std::vector<Statement> statements(std::string_view name) const;

 private:
  void add(const Layer& layer, CellRule rule, const std::string& name);

  const FactoryModel& model_;
  const CallArguments& arguments_;
  std::vector<std::pair<std::string, Statement>> statements_;  // by column, the weakest first
};

/// A node as it is written, on one line.
[[nodiscard]] std::string spelling(const Node& node);

}  // namespace seedbed::detail
