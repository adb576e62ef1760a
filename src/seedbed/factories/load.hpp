#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/call.hpp"
#include "seedbed/factories/library.hpp"
#include "seedbed/factories/session.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// Rows of one factory to load.
struct LoadEntry {
  std::string factory{};
  std::uint64_t count = 0;
  CallArguments arguments{};
};

/// Either a scenario of the library, or entries.
struct LoadRequest {
  std::string scenario{};
  std::vector<LoadEntry> entries{};
};

/// The rows that a load wrote, or would write, to one table.
struct LoadedTable {
  TableName table{};
  std::uint64_t rows = 0;
  std::uint64_t first_row = 0;  ///< row numbers, both included; consecutive
  std::uint64_t last_row = 0;
  friend bool operator==(const LoadedTable&, const LoadedTable&) = default;
};

/// One `FACTORY=N` of the command line; N takes the suffixes k and M. Throws invalid_input.
[[nodiscard]] LoadEntry parse_load_entry(std::string_view text);

/// Loads in bulk, in one transaction: an error or an interrupt leaves rows as they were. Columns
/// that the database has a default for are left to it unless the factory states them. Keys are
/// explicit, and sequences are moved past them. Tables in the order they are written, parents
/// first. Throws as FactorySession does; not_found for an unknown scenario.
std::vector<LoadedTable> load(const FactoryTarget& target, const LoadRequest& request,
                              Progress& progress);

/// What `load` would write; reads row numbers and keys, writes nothing.
[[nodiscard]] std::vector<LoadedTable> plan_load(const FactoryTarget& target,
                                                 const LoadRequest& request);

}  // namespace seedbed
