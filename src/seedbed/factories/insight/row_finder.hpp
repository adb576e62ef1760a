#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seedbed/factories/insight/insight.hpp"
#include "seedbed/factories/insight/lone_rows.hpp"

namespace seedbed::detail {

/// Throws not_found, with the nearest name, unless the factory has a column or parameter `name`.
void require_column(const FactoryModel& model, std::string_view name);

/// Looks for the rows of a factory whose column holds a value.
class RowFinder {
 public:
  /// Throws unsupported for a column whose values are not made from the row's number alone, and
  /// invalid_input for a value that cannot stand in it.
  RowFinder(Workshop& workshop, const InsightTarget& target, std::string_view column,
            std::string_view value);

  /// By the inverse of the column's expression. Throws unsupported where it has none.
  [[nodiscard]] std::vector<FoundRow> find();
  /// By making every row.
  [[nodiscard]] std::vector<FoundRow> scan(RowRange range, Progress& progress);

 private:
  [[nodiscard]] const CellPlan& find_cell(const Recipe& recipe) const;
  [[nodiscard]] std::vector<std::uint64_t> rows_with_digits(const RowNumberForm& form) const;
  void add_candidates(const CellPlan& cell, const Candidate& candidate,
                      std::vector<std::uint64_t>& rows) const;
  [[nodiscard]] bool holds(std::uint64_t row);
  [[nodiscard]] bool equal(const ScalarView& cell) const;
  [[noreturn]] void refuse(const std::string& reason, bool scan_helps) const;

  Workshop& workshop_;
  CallArguments arguments_;
  std::string factory_;
  std::string column_;
  std::string text_;
  Scalar value_;
  RecipePointer recipe_;
  const CellPlan* cell_ = nullptr;
};

}  // namespace seedbed::detail
