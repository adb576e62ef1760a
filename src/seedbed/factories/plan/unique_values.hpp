#pragma once

#include <cstdint>
#include <set>

#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/recipes/recipe.hpp"

// Unique columns that walk through a permutation of their values by row number.
namespace seedbed::detail {

/// The value of such a cell in a row, which is at most the number of its values.
[[nodiscard]] ScalarView permuted_value(const CellPlan& cell, std::uint64_t row, Arena& arena);
/// Whether the recipe has such a column.
[[nodiscard]] bool permutes(const Recipe& recipe) noexcept;

/// Throws invalid_input when a unique column has fewer values than rows up to `last`.
void require_unique_values(const Recipe& recipe, std::uint64_t first, std::uint64_t last);
/// The same for one of its cells.
void require_unique_values(const Recipe& recipe, const CellPlan& cell, std::uint64_t first,
                           std::uint64_t last);

/// Row numbers of [first, last] in which `recipe` would repeat a value that `other`, of the same
/// table, states as a literal.
[[nodiscard]] std::set<std::uint64_t> rows_stated_by(const Recipe& other, const Recipe& recipe,
                                                     std::uint64_t first, std::uint64_t last);
/// Row numbers of [first, last] in which `recipe` would repeat a value that the table holds.
[[nodiscard]] std::set<std::uint64_t> rows_in_database(Connection& connection, const Recipe& recipe,
                                                       std::uint64_t first, std::uint64_t last);

}  // namespace seedbed::detail
