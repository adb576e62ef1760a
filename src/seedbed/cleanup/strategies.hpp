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

enum class CleanStrategy : unsigned char {
  /// `truncate` where it can be undone and a table is large, or a cycle of keys cannot be deleted;
  /// else `delete`. PostgreSQL makes no index for a foreign key, without which each deleted row
  /// costs a look at every row that referred to any.
  automatic,
  truncate,
  delete_,  // NOLINT(readability-identifier-naming): a keyword
};
/// "auto", "truncate" or "delete"; throws invalid_input naming all.
[[nodiscard]] CleanStrategy parse_clean_strategy(std::string_view name);

struct CleanOptions {
  CleanStrategy strategy = CleanStrategy::automatic;
  std::vector<std::string>
      keep{};  ///< tables left as they are; a kept child of a cleaned parent is refused
};

/// What `clean` will run, and what it will empty.
struct CleanPlan {
  std::vector<std::string> statements{};
  std::vector<TableName> tables{};  ///< in the order they are emptied
  std::vector<Sequence>
      counters{};  ///< set back to their start afterwards, where no statement does it
};

struct CleanedTable {
  TableName table{};
  std::uint64_t rows = 0;  ///< rows removed
};

/// Pure: children before parents, keys of cycles set to NULL first, identities reset at the end.
/// `clean` runs the statements of tables that hold rows; `automatic` plans for small ones. Throws,
/// with every finding: not_found (a kept table that does not exist), conflict (a kept table refers
/// to a cleaned one), unsupported (under `delete`: a cycle of NOT NULL keys that are RESTRICT;
/// triggers where the engine cannot switch them off).
[[nodiscard]] CleanPlan plan_clean(const Engine& engine, const Schema& schema,
                                   const CleanOptions& options, const Capabilities& capabilities);
/// The same for the rows that the database holds now.
[[nodiscard]] CleanPlan plan_clean(Connection& connection, const Schema& schema,
                                   const CleanOptions& options);

/// Empties the tables and sets their counters back, in one transaction where the engine's DDL is
/// part of it; user triggers do not fire. Seedbed's row numbers and records of these tables go too.
/// Returns every table of the plan, in its order. Throws as `plan_clean`, and conflict inside a
/// transaction where cleaning would commit it (MySQL). The caller has checked the mark.
std::vector<CleanedTable> clean(Connection& connection, const Schema& schema,
                                const CleanOptions& options, Progress& progress);

}  // namespace seedbed
