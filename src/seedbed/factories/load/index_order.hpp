#pragma once

#include <cstddef>

#include "seedbed/engines/bulk_load.hpp"

namespace seedbed::detail {

/// The keys that rows may be ordered by. Where rows lie in the order of the primary key, every
/// other order costs more than it gains.
enum class OrderingKeys : unsigned char { none, primary, any };

/// The same rows, run by run in the order of that unique key whose values come in no order: random
/// places in a large index are what such rows cost most, and runs of some ten thousand rows visit
/// each page of it once. The primary key where it is such a key, else the widest.
///
/// As they come where no key is like that, for fewer than `kFewestOrderedRows`, and for rows that
/// depend on their order.
[[nodiscard]] BatchSource in_index_order(const BulkTarget& target, OrderingKeys keys,
                                         BatchSource rows);

/// Whether rows depend on those before them: they refer to others of the table, or the database
/// counts them as they come.
[[nodiscard]] bool depends_on_order(const BulkTarget& target);

/// How many of that many rows, of that many bytes each, are held for it at once; 0 where they stay
/// as they come.
[[nodiscard]] std::size_t rows_in_run(const BulkTarget& target, OrderingKeys keys, std::size_t rows,
                                      double row_bytes);
/// What a row takes that is held, besides itself.
inline constexpr std::size_t kBytesOfOrderedRow = 24;

/// The index of fewer is small, and people expect these in the order of their numbers.
inline constexpr std::size_t kFewestOrderedRows = 20'000;

}  // namespace seedbed::detail
