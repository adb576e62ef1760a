#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/schema/schema.hpp"
#include "seedbed/snapshots/store.hpp"

namespace seedbed {

/// Rows of one table that are not the same in two states. One that was changed counts twice.
struct DifferingRows {
  TableName table{};
  std::uint64_t missing = 0;
  std::uint64_t unexpected = 0;
  /// The first ones, by key, for people: "(7, paid, NULL)".
  std::vector<std::string> missing_rows{};
  std::vector<std::string> unexpected_rows{};
};

/// What the database has in other ways than the snapshot, of the tables of `schema`; those that are
/// equal are left out. Throws not_found, corrupt, as a restore does.
[[nodiscard]] std::vector<DifferingRows> find_differing_rows(const SnapshotStore& store,
                                                             std::string_view name,
                                                             Connection& found,
                                                             const Schema& schema);
/// The same against another database of that schema, a table of which is held in memory.
[[nodiscard]] std::vector<DifferingRows> find_differing_rows(Connection& wanted, Connection& found,
                                                             const Schema& schema);

/// "orders: missing (7, paid); unexpected (7, open), (8, open) and 3 more".
[[nodiscard]] std::string describe(const DifferingRows& rows);

}  // namespace seedbed
