#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/recipes/recipe_builder.hpp"

namespace seedbed::detail {

namespace {

using Cells = std::vector<const CellPlan*>;

void add_cells_read(Cells& read, const Expression& expression, const std::vector<CellPlan>& cells) {
  for (const auto& name : expression.dependencies().names) {
    const auto found = std::find_if(cells.begin(), cells.end(),
                                    [&](const auto& other) { return other.name == name; });
    if (found != cells.end()) read.push_back(&*found);
  }
}

/// The cells of the row that the cell's expressions name.
Cells cells_read_by(const CellPlan& cell, const std::vector<CellPlan>& cells) {
  Cells read;
  for (const auto& candidate : cell.candidates) {
    add_cells_read(read, candidate.value, cells);
    if (candidate.condition) add_cells_read(read, *candidate.condition, cells);
  }
  return read;
}

}  // namespace

// Columns of one row that need each other. Circles through other rows are found when the rows are
// made.
void RecipeBuilder::check_circles() {
  std::map<std::string, int, std::less<>> state;
  std::vector<std::string> path;
  const std::function<void(const CellPlan&)> visit = [&](const CellPlan& cell) {
    if (state[cell.name] == 2) return;
    path.push_back(cell.name);
    if (state[cell.name] == 1) {
      const auto start = std::find(path.begin(), path.end(), cell.name);
      const std::vector<std::string> circle{start, path.end()};
      report(ErrorCode::invalid_input, cell.candidates.front().where,
             fmt::format("columns depend on each other: {}", join(circle, " -> ")));
      path.pop_back();
      return;
    }
    state[cell.name] = 1;
    for (const auto* next : cells_read_by(cell, recipe_.cells)) visit(*next);
    state[cell.name] = 2;
    path.pop_back();
  };
  for (const auto& cell : recipe_.cells) visit(cell);
}

}  // namespace seedbed::detail
