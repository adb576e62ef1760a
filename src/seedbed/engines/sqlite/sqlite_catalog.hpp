#pragma once

#include <vector>

#include "seedbed/engines/engine.hpp"

namespace seedbed::detail {

/// Reads the main database's tables into a Schema. Attached and temporary tables are not part of
/// it.
[[nodiscard]] Schema introspect_sqlite(Connection& connection);

/// The counters of the AUTOINCREMENT tables, in the schema's order.
[[nodiscard]] std::vector<SequenceState> sqlite_sequence_states(Connection& connection,
                                                                const Schema& schema);
void set_sqlite_sequence(Connection& connection, const SequenceState& state);

/// The next keys of the table's INTEGER PRIMARY KEY. With AUTOINCREMENT they are taken out of the
/// counter; without, they must be inserted before the next call. Throws internal outside a
/// transaction, where another connection could take the same ones.
[[nodiscard]] std::vector<std::int64_t> reserve_sqlite_keys(Connection& connection,
                                                            const Schema& schema,
                                                            const Table& table, std::size_t count);

}  // namespace seedbed::detail
