#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

enum class CleanStrategy : unsigned char { truncate, delete_ };
/// "truncate" or "delete"; throws invalid_input naming both.
[[nodiscard]] CleanStrategy parse_clean_strategy(std::string_view name);

struct CleanOptions {
  CleanStrategy strategy = CleanStrategy::delete_;
  std::vector<std::string>
      keep{};  ///< tables left as they are; a kept child of a cleaned parent is refused
};

/// What `clean` will run, and what it will empty.
struct CleanPlan {
  std::vector<std::string> statements{};
  std::vector<TableName> tables{};  ///< in the order they are emptied
};

struct CleanedTable {
  TableName table{};
  std::uint64_t rows = 0;  ///< rows removed; 0 where the strategy cannot count (TRUNCATE)
};

/// Pure: children before parents, keys of cycles set to NULL first, identities reset at the end.
/// Throws not_found (a kept table that does not exist), conflict (a kept table refers to a cleaned
/// one), unsupported (a cycle of NOT NULL keys that cannot wait, under `delete`).
[[nodiscard]] CleanPlan plan_clean(const Engine& engine, const Schema& schema,
                                   const CleanOptions& options, const Capabilities& capabilities);

/// Empties the tables, Seedbed's row numbers too, in one transaction where the engine allows. The
/// caller has checked the mark.
std::vector<CleanedTable> clean(Connection& connection, const Schema& schema,
                                const CleanOptions& options, Progress& progress);

}  // namespace seedbed
