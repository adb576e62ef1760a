#pragma once

#include <span>
#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/sqlite/sqlite_undo_sql.hpp"

namespace seedbed::detail {

/// The tables of the file whose rows are to be noted, as they are now: those of Seedbed that are
/// listed, and the user's. They are numbered by name, so that the same schema gives the same
/// numbers. Throws unsupported for tables whose changes no trigger sees.
[[nodiscard]] std::vector<NotedTable> read_noted_tables(Connection& connection,
                                                        std::span<const std::string> own_tables);
/// One of them, without its number.
[[nodiscard]] NotedTable read_noted_table(Connection& connection, const std::string& name,
                                          bool without_rowid);

}  // namespace seedbed::detail
