#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "seedbed/factories/load.hpp"
#include "seedbed/factories/load/load_plan.hpp"
#include "seedbed/factories/plan/plan.hpp"
#include "seedbed/factories/session_state.hpp"

namespace seedbed::detail {

/// Numbers the rows of a data set whose parts are made in several places: alike in all of them,
/// from `base` + 1 in every table, whatever databases hold.
class PartNumbers {
 public:
  explicit PartNumbers(std::uint64_t base) : base_{base} {}

  /// To plan with; outlived by these numbers.
  [[nodiscard]] PlanContext context(RecipeBook& book, std::int64_t now_micros);
  /// The last number of each table in the whole data set.
  [[nodiscard]] const std::map<const Table*, std::uint64_t>& last() const noexcept { return last_; }

 private:
  std::uint64_t base_;
  std::map<const Table*, std::uint64_t> last_;
};

/// The offsets [first, second) of a block's rows that belong to the part.
[[nodiscard]] std::pair<std::uint64_t, std::uint64_t> rows_in_part(const Block& block,
                                                                   const LoadPart& part);
/// Whether it has any, of a table of the part.
[[nodiscard]] bool has_rows(const LoadPart& part, const Block& block);
/// Whether the part has rows of this table.
[[nodiscard]] bool has_table(const LoadPart& part, const Table& table);

/// Throws invalid_input for a part that contradicts itself, and for a table that the plan does not
/// write.
void require_part(const LoadPart& part, const LoadPlan& plan);

/// Throws conflict when the database holds rows that the part's row numbers or keys would meet,
/// other than those of other parts.
void require_free_numbers(Connection& connection, RowNumbers& rows, const PartNumbers& numbers,
                          const LoadPart& part);

}  // namespace seedbed::detail
