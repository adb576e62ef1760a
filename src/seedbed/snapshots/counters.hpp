#pragma once

#include <vector>

#include "seedbed/engines/engine.hpp"
#include "seedbed/schema/schema.hpp"
#include "seedbed/snapshots/config.hpp"

namespace seedbed::detail {

[[nodiscard]] std::vector<StoredCounter> read_sequences(Connection& connection,
                                                        const Schema& schema);
/// Throws corrupt for a sequence that the schema does not have.
void restore_sequences(Connection& connection, const Schema& schema,
                       const std::vector<StoredCounter>& sequences);

/// What Seedbed's own table of row numbers holds, sorted by table; empty where there is none.
[[nodiscard]] std::vector<RowNumber> read_row_numbers(Connection& connection);
/// Replaces them, so that a restored state counts on from where it was; does nothing where the
/// table is missing.
void restore_row_numbers(Connection& connection, const std::vector<RowNumber>& numbers);

/// The same for the table of named records, so that a name finds its row again.
[[nodiscard]] std::vector<RecordPlace> read_records(Connection& connection);
void restore_records(Connection& connection, const std::vector<RecordPlace>& records);

}  // namespace seedbed::detail
