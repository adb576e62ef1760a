#pragma once

#include <string>
#include <string_view>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/value.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// The canonical text of cells, equal on every engine: what snapshots store and digests hash.
/// One row is one line: cells separated by TAB, ended by LF; NULL is `\N`; only `\\`, `\t`, `\n`
/// and
/// `\r` are escaped. The table of types is in `snapshots/README.md`.

inline constexpr std::string_view kNullCell = "\\N";

/// Appends the canonical, escaped text of cell `row` of `cells`, a column of type `type`.
/// Throws invalid_input when the cell cannot be of that type (a NUL in text, "abc" in an integer).
void append_cell(std::string& line, const BatchColumn& cells, std::size_t row,
                 const ColumnType& type);

/// The same without escapes, for one value; NULL is refused.
[[nodiscard]] std::string canonical_text(const Value& value, const ColumnType& type);

/// Reads one escaped cell back into `cells`: integers, booleans, reals and bytes as such,
/// everything else as text, so that `append_cell` gives the same text again. Throws corrupt.
void read_cell(std::string_view escaped, const ColumnType& type, BatchColumn& cells);

/// Appends the engine-neutral form of a canonical, escaped cell: zeros after a decimal's last digit
/// cut, JSON with sorted keys, instants without their zone (which is UTC). Returns false when the
/// type has no neutral form (`other`); nothing is appended.
[[nodiscard]] bool append_logical_cell(std::string& line, std::string_view escaped,
                                       const ColumnType& type);

/// Appends `text` with `\\`, `\t`, `\n` and `\r` escaped, and back. Unescaping throws corrupt on
/// any other escape, on a raw TAB, LF or CR, and on a lone backslash.
void append_escaped(std::string& line, std::string_view text);
[[nodiscard]] std::string unescaped(std::string_view cell);

/// JSON with keys sorted by code point (of equal keys the last one stays), no blanks, the shortest
/// escapes, and numbers spelled as they were. Throws invalid_input when `json` is not JSON or nests
/// deeper than 512 levels.
[[nodiscard]] std::string canonical_json(std::string_view json);

}  // namespace seedbed
