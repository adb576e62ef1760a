#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace seedbed {

/// Which lexical rules a script follows.
enum class SqlDialect : unsigned char { sqlite, postgres, mysql };

/// One statement of a script.
struct SqlStatement {
  std::string text{};       ///< without the delimiter and surrounding blanks
  std::size_t line = 1;     ///< where it starts in the script, from 1
};

/// Splits a script at its delimiters, minding quotes, comments (nested ones on PostgreSQL), dollar quotes,
/// BEGIN ... END bodies of triggers and routines (SQLite, PostgreSQL's BEGIN ATOMIC), and DELIMITER lines
/// (MySQL). Pieces with nothing but blanks and comments are left out. Throws invalid_input, with the
/// line, for an unclosed quote or comment.
[[nodiscard]] std::vector<SqlStatement> split_statements(std::string_view script, SqlDialect dialect);

}  // namespace seedbed
