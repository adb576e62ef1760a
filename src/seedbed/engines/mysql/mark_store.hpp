#pragma once

#include <optional>
#include <string>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed::mysql {

/// The mark has two halves: `seedbed_mark` in the database, which a dump carries along, and a row
/// under the schema's name in `seedbed_server`.`seedbed_marks`, which it does not. Only both
/// together count.

/// Nullopt unless both halves exist; when they disagree, a record whose binding matches no
/// database.
[[nodiscard]] std::optional<MarkRecord> load_mark(Connection& connection);

/// Commits the current transaction, since it may create tables. Throws invalid_input, with the
/// GRANT to ask for, when the user may not write to `seedbed_server`.
void save_mark(Connection& connection, const MarkRecord& mark);

/// Forgets the server's half of a database that was dropped; does nothing when there is none, or
/// the user may not see it.
void forget_mark(Connection& connection, const std::string& database);

[[nodiscard]] bool table_exists(Connection& connection, const std::string& schema,
                                const std::string& table);

/// Makes `seedbed_server`.`name` with these columns when it is missing. Throws invalid_input, with
/// the GRANT to ask for, when the user may not.
void create_server_table(Connection& connection, const std::string& name,
                         const std::string& columns);

}  // namespace seedbed::mysql
