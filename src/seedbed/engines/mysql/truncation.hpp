#pragma once

#include <span>
#include <string>
#include <vector>

#include "seedbed/schema/schema.hpp"

namespace seedbed::mysql {

/// TRUNCATE of each table. The server refuses it for a table that a foreign key of another table
/// refers to, unless checks are off. MariaDB switches them off for the one statement (SET
/// STATEMENT, in a comment that only MariaDB reads), so nothing is left behind when one fails.
/// MySQL has no such thing: there the session's setting is changed around them, and a caller that
/// stops in the middle runs the last statement of the list to put it back.
[[nodiscard]] std::vector<std::string> truncate_statements(const Schema& schema,
                                                           std::span<const TableName> tables);

}  // namespace seedbed::mysql
