#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace seedbed {

/// Which lexical rules a script follows.
enum class SqlDialect : unsigned char { sqlite, postgres, mysql };

/// One statement of a script.
struct SqlStatement {
  std::string text{};    ///< without the delimiter and surrounding blanks
  std::size_t line = 1;  ///< where it starts in the script, from 1
};

/// The dialect that scripts for an engine ("sqlite", "postgres", "mysql") are written in.
[[nodiscard]] SqlDialect dialect_of(std::string_view engine);

/// Splits a script at its delimiters in time linear in its length, minding quotes, comments (nested
/// ones on PostgreSQL), dollar quotes, bodies of triggers and routines (SQLite's CREATE TRIGGER,
/// PostgreSQL's BEGIN ATOMIC, MySQL's compound statements) and DELIMITER lines (MySQL). Pieces with
/// nothing but blanks and comments are left out; the last piece needs no delimiter. `file` names
/// the script in errors.
///
/// Throws invalid_input, with the line, for an unclosed quote, comment or body, a DELIMITER line
/// without a delimiter, and what only psql can send: COPY ... FROM stdin with its data, and
/// backslash commands.
[[nodiscard]] std::vector<SqlStatement> split_statements(
    std::string_view script, SqlDialect dialect, const std::filesystem::path& file = "script");

}  // namespace seedbed
