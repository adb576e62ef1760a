#include "seedbed/factories/insight/insight.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/insight/cell_origins.hpp"
#include "seedbed/factories/insight/cell_watch.hpp"
#include "seedbed/factories/insight/lone_rows.hpp"
#include "seedbed/factories/insight/row_finder.hpp"
#include "seedbed/factories/recipes/relation_notes.hpp"
#include "seedbed/factories/rows/fitting.hpp"

namespace seedbed {

namespace {

using detail::CellOrigins;
using detail::CellWatch;
using detail::LoneRows;

/// Remembers which conditions held in the rows of one frame.
class ConditionWatch final : public detail::CellObserver {
 public:
  void watch(const detail::BlockFrame& frame) { frame_ = &frame; }

  ScalarColumn evaluate(const Expression& expression, detail::BlockFrame& frame) override {
    const auto values = expression.evaluate(frame);
    if (&frame == frame_) results_.emplace(&expression, values);
    return values;
  }
  void permuted(const detail::CellPlan& /*plan*/, const Permutation& /*permutation*/,
                std::uint64_t /*row*/, std::uint64_t /*index*/) override {}

  /// The candidate that gave the cell its value: the last whose condition held.
  [[nodiscard]] const detail::Candidate& winner(const detail::CellPlan& cell,
                                                std::size_t row) const {
    const auto held = [&](const detail::Candidate& candidate) {
      if (!candidate.condition) return true;
      const auto result = results_.find(&*candidate.condition);
      const auto* flag =
          result != results_.end() ? std::get_if<bool>(&result->second[row]) : nullptr;
      return flag != nullptr && *flag;
    };
    return *std::find_if(cell.candidates.rbegin(), cell.candidates.rend(), held);
  }

 private:
  const detail::BlockFrame* frame_ = nullptr;
  std::map<const Expression*, ScalarColumn> results_;
};

/// Puts together what is known of one cell.
class Explainer {
 public:
  Explainer(detail::Workshop& workshop, const std::string& factory, const CallArguments& arguments,
            std::uint64_t row)
      : origins_{workshop.book, workshop.book.models().at(factory), arguments},
        rows_{workshop, factory, arguments, {row, row}, &watch_} {
    explanation_.factory = factory;
    explanation_.table = rows_.recipe().table().name;
    explanation_.row = row;
  }

  CellExplanation explain(std::string_view name) {
    const auto& recipe = rows_.recipe();
    explanation_.column = name;
    if (const auto param = recipe.param(name)) {
      explain_cell(recipe.cells[*param]);
      return std::move(explanation_);
    }
    const auto index = recipe.table().column_index(name);
    const auto& plan = recipe.columns[index];
    if (plan.source == detail::ColumnSource::cell) {
      explain_cell(recipe.cells[plan.index]);
      return std::move(explanation_);
    }
    explanation_.origin = origins_.of_column(recipe, index);
    if (plan.source == detail::ColumnSource::relation) {
      explanation_.relation =
          fmt::format("{}; {}", detail::reason_of(recipe, recipe.relations[plan.index]),
                      detail::target_of(rows_.root(), plan.index));
    }
    if (rows_.frame().knows(index)) {
      explanation_.value =
          detail::to_cell(rows_.frame().column(index).front(), recipe.table().columns[index]);
    }
    return std::move(explanation_);
  }

 private:
  void explain_cell(const detail::CellPlan& cell) {
    watch_.watch(rows_.frame(), cell);
    const auto value = rows_.frame().name(cell.name).front();
    explanation_.value =
        cell.column != nullptr ? detail::to_cell(value, *cell.column) : to_value(value);
    const auto& winner = cell.candidates[winner_of(cell)];
    explanation_.origin = origins_.of(cell, winner);
    explanation_.permuted = watch_.permuted();
    if (cell.column != nullptr) explanation_.type = cell.column->type.declared;
    if (const auto* step = watch_.find(winner.value)) {
      explanation_.drawn = to_value(step->result);
      explanation_.draws = step->draws;
      note_reads(*step);
    } else if (explanation_.permuted) {
      explanation_.drawn =
          to_value(cell.domain->at(explanation_.permuted->index, rows_.frame().arena()));
    }
    note_others(cell, winner);
  }

  /// The last candidate whose condition holds, as it was evaluated.
  std::size_t winner_of(const detail::CellPlan& cell) {
    std::size_t winner = 0;
    for (std::size_t i = 1; i < cell.candidates.size(); ++i) {
      const auto& condition = *cell.candidates[i].condition;
      if (const auto* step = watch_.find(condition)) note_reads(*step);
      if (holds(condition)) winner = i;
    }
    return winner;
  }

  void note_reads(const CellWatch::Step& step) {
    const auto& recipe = rows_.recipe();
    for (auto read : step.reads) {
      const bool known = std::any_of(explanation_.reads.begin(), explanation_.reads.end(),
                                     [&](const auto& other) { return other.name == read.name; });
      if (known) continue;
      const auto cell = std::find_if(recipe.cells.begin(), recipe.cells.end(),
                                     [&](const auto& other) { return other.name == read.name; });
      if (cell != recipe.cells.end()) {
        read.origin = origins_.of(*cell, cell->candidates.front());
      } else if (recipe.table().find_column(read.name) != nullptr) {
        read.origin = origins_.of_column(recipe, recipe.table().column_index(read.name));
      }
      explanation_.reads.push_back(std::move(read));
    }
  }

  void note_others(const detail::CellPlan& cell, const detail::Candidate& winner) {
    auto statements = origins_.statements(cell.name);
    std::reverse(statements.begin(), statements.end());
    for (const auto& statement : statements) {
      if (statement.node == winner.node) continue;
      const auto candidate =
          std::find_if(cell.candidates.begin(), cell.candidates.end(),
                       [&](const auto& other) { return other.node == statement.node; });
      const bool asked = candidate != cell.candidates.end() && candidate->condition;
      explanation_.others.push_back({statement.origin, asked && !holds(*candidate->condition)});
    }
  }

  [[nodiscard]] bool holds(const Expression& condition) const {
    const auto* step = watch_.find(condition);
    const auto* held = step != nullptr ? std::get_if<bool>(&step->result) : nullptr;
    return held != nullptr && *held;
  }

  CellWatch watch_;
  CellOrigins origins_;
  LoneRows rows_;
  CellExplanation explanation_;
};

}  // namespace

struct FactoryInsight::State {
  State(const Schema& schema, const FactoryLibrary& library, const SessionOptions& options)
      : workshop{library.definitions(), schema, options} {}

  detail::Workshop workshop;
};

FactoryInsight::FactoryInsight(const Schema& schema, const FactoryLibrary& library,
                               const SessionOptions& options)
    : state_{std::make_unique<State>(schema, library, options)} {}
FactoryInsight::~FactoryInsight() = default;

std::vector<InsightRow> FactoryInsight::rows(const InsightTarget& target, RowRange range) {
  if (range.last - range.first >= kMostInsightRows) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("at most {} rows are shown at once", kMostInsightRows)};
  }
  auto& workshop = state_->workshop;
  const auto factory = detail::factory_named(workshop, target.factory);
  ConditionWatch watch;
  LoneRows lone{workshop, factory, target.arguments, range, &watch};
  watch.watch(lone.frame());
  const CellOrigins origins{workshop.book, workshop.book.models().at(factory), target.arguments};
  const auto& recipe = lone.recipe();
  std::vector<std::string> dependent;
  for (const auto& cell : recipe.cells) {
    if (cell.column != nullptr && !detail::stands_alone(recipe, cell))
      dependent.push_back(cell.name);
  }
  std::vector<InsightRow> rows;
  for (auto& record : lone.records()) {
    InsightRow row{std::move(record), {}, dependent};
    for (std::size_t column = 0; column < recipe.columns.size(); ++column) {
      const auto& plan = recipe.columns[column];
      row.origins.emplace_back(recipe.table().columns[column].name,
                               plan.source == detail::ColumnSource::cell
                                   ? origins.of(recipe.cells[plan.index],
                                                watch.winner(recipe.cells[plan.index], rows.size()))
                                   : origins.of_column(recipe, column));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

CellExplanation FactoryInsight::explain(const InsightTarget& target, std::string_view column,
                                        std::uint64_t row) {
  auto& workshop = state_->workshop;
  const auto factory = detail::factory_named(workshop, target.factory);
  detail::require_column(workshop.book.models().at(factory), column);
  return Explainer{workshop, factory, target.arguments, row}.explain(column);
}

std::vector<FoundRow> FactoryInsight::find(const InsightTarget& target, std::string_view column,
                                           std::string_view value) {
  return detail::RowFinder{state_->workshop, target, column, value}.find();
}

std::vector<FoundRow> FactoryInsight::scan(const InsightTarget& target, std::string_view column,
                                           std::string_view value, RowRange range,
                                           Progress& progress) {
  return detail::RowFinder{state_->workshop, target, column, value}.scan(range, progress);
}

ColumnPath parse_column_path(std::string_view text) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) {
    throw Error{
        ErrorCode::invalid_input,
        fmt::format("'{}' names no column; write FACTORY.COLUMN, such as users.email", text)};
  }
  return {std::string{text.substr(0, dot)}, std::string{text.substr(dot + 1)}};
}

}  // namespace seedbed
