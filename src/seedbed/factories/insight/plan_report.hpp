#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/factories/load.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// How rows come into a graph.
enum class PlannedUse : unsigned char {
  asked,     ///< the call asks for them
  above,     ///< made because a row below refers to them
  below,     ///< made by `has`
  shared,    ///< rows that the graph has already
  picked,    ///< drawn from rows that a scenario counts
  existing,  ///< rows that were there
};
[[nodiscard]] std::string_view to_string(PlannedUse use) noexcept;

/// Rows of one factory that a call would make or use, and what hangs on them.
struct PlannedRows {
  PlannedUse use = PlannedUse::asked;
  std::string relation{};  ///< by which they hang on the rows above in this tree
  std::string factory{};
  TableName table{};
  std::uint64_t rows = 0;       ///< that are made: 0 for those shared, picked or existing
  std::uint64_t first_row = 0;  ///< row numbers, both included
  std::uint64_t last_row = 0;
  std::string reason{};
  SourceSpot where{};  ///< of the statement that asks for them
  std::vector<PlannedRows> nodes{};
};

/// What a `create` would write, and why.
struct CreatePlan {
  PlannedRows root{};
  std::vector<LoadedTable> tables{};  ///< in the order they are written
};

}  // namespace seedbed
