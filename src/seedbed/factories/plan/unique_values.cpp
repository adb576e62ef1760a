#include "seedbed/factories/plan/unique_values.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/number_text.hpp"
#include "seedbed/core/random.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/rows/fitting.hpp"
#include "seedbed/factories/rows/generator.hpp"

namespace seedbed::detail {

namespace {

constexpr std::uint64_t kValuesAtOnce = 500;

/// What two values that a unique key may take for equal have in common.
std::string comparable(const ScalarView& value, const Column& column) {
  auto text = to_lower(to_text(value));
  if (column.type.fixed) text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

/// Looks for the values of some rows in one column of the table.
class ValueLookup {
 public:
  ValueLookup(Connection& connection, const Table& table, const CellPlan& cell)
      : connection_{connection}, table_{table}, cell_{cell} {}

  void find(std::uint64_t first, std::uint64_t last, std::set<std::uint64_t>& taken) const {
    const auto& engine = connection_.engine();
    std::multimap<std::string, std::uint64_t> rows;
    std::vector<Value> values;
    std::vector<std::string> marks;
    for (auto row = first; row <= last; ++row) {
      const auto value = fitted(row);
      if (!value) continue;
      rows.emplace(comparable(*value, *cell_.column), row);
      values.push_back(to_cell(*value, *cell_.column));
      marks.push_back(engine.placeholder(values.size()));
    }
    if (values.empty()) return;
    const auto found = connection_.query(
        fmt::format("SELECT {} FROM {} WHERE {} IN ({})", engine.read_expression(*cell_.column),
                    engine.quote(table_.name), engine.quote(cell_.name), join(marks, ", ")),
        values);
    for (const auto& held : found.rows) {
      const auto [begin, end] =
          rows.equal_range(comparable(scalar_of(held.front(), *cell_.column), *cell_.column));
      for (auto row = begin; row != end; ++row) taken.insert(row->second);
    }
  }

 private:
  // A value that does not fit is reported when its row is made.
  [[nodiscard]] std::optional<Scalar> fitted(std::uint64_t row) const {
    try {
      Arena arena;
      return fit(permuted_value(cell_, row, arena), *cell_.column);
    } catch (const Error&) {
      return std::nullopt;
    }
  }

  Connection& connection_;
  const Table& table_;
  const CellPlan& cell_;
};

bool has_rows(Connection& connection, const Table& table) {
  const auto sql = fmt::format("SELECT 1 FROM {} LIMIT 1", connection.engine().quote(table.name));
  return !connection.query(sql).rows.empty();
}

}  // namespace

ScalarView permuted_value(const CellPlan& cell, std::uint64_t row, Arena& arena) {
  return cell.domain->at(Permutation{cell.key, cell.domain->size()}.at(row - 1), arena);
}

bool permutes(const Recipe& recipe) noexcept {
  return std::any_of(recipe.cells.begin(), recipe.cells.end(),
                     [](const CellPlan& cell) { return cell.domain != nullptr; });
}

void require_unique_values(const Recipe& recipe, const CellPlan& cell, std::uint64_t first,
                           std::uint64_t last) {
  const auto available = cell.domain->size();
  if (last <= available) return;
  const auto rows = first == last
                        ? fmt::format("row {} needs", grouped(last))
                        : fmt::format("rows {} to {} need", grouped(first), grouped(last));
  throw Error{ErrorCode::invalid_input,
              fmt::format("factory '{}': column '{}' is unique and has {} values; {} {}",
                          recipe.model->name, cell.name, grouped(available), rows, grouped(last)),
              {.where = cell.candidates.front().where}};
}

void require_unique_values(const Recipe& recipe, std::uint64_t first, std::uint64_t last) {
  for (const auto& cell : recipe.cells) {
    if (cell.domain != nullptr) require_unique_values(recipe, cell, first, last);
  }
}

std::set<std::uint64_t> rows_stated_by(const Recipe& other, const Recipe& recipe,
                                       std::uint64_t first, std::uint64_t last) {
  std::set<std::uint64_t> rows;
  if (&other.table() != &recipe.table()) return rows;
  for (const auto& cell : recipe.cells) {
    if (cell.domain == nullptr) continue;
    const auto same =
        std::find_if(other.cells.begin(), other.cells.end(),
                     [&](const CellPlan& stated) { return stated.column == cell.column; });
    if (same == other.cells.end() || same->candidates.size() != 1) continue;
    const auto* literal = same->candidates.front().value.literal_value();
    const auto index = literal != nullptr ? cell.domain->index_of(*literal) : std::nullopt;
    if (!index) continue;
    const auto row = Permutation{cell.key, cell.domain->size()}.index_of(*index) + 1;
    if (row >= first && row <= last) rows.insert(row);
  }
  return rows;
}

std::set<std::uint64_t> rows_in_database(Connection& connection, const Recipe& recipe,
                                         std::uint64_t first, std::uint64_t last) {
  std::set<std::uint64_t> rows;
  if (!permutes(recipe) || !has_rows(connection, recipe.table())) return rows;
  for (const auto& cell : recipe.cells) {
    if (cell.domain == nullptr) continue;
    const ValueLookup lookup{connection, recipe.table(), cell};
    const auto end = std::min(last, cell.domain->size());
    for (auto row = first; row <= end; row += kValuesAtOnce) {
      lookup.find(row, std::min(end, row + kValuesAtOnce - 1), rows);
    }
  }
  return rows;
}

}  // namespace seedbed::detail
