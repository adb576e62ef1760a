#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/load.hpp"

namespace seedbed {

enum class RowFormat : unsigned char {
  csv,    ///< a line of names; NULL is nothing, an empty text is "" (as PostgreSQL reads CSV)
  jsonl,  ///< an object a line, cells as `create --json` shows them
  sql,    ///< INSERT statements in the engine's dialect
  copy,   ///< the text format of PostgreSQL's COPY
};
/// Throws invalid_input for an unknown name.
[[nodiscard]] RowFormat parse_row_format(std::string_view name);

/// Where rows are written: files of a directory, one for each table, or one stream.
struct RowOutput {
  RowFormat format = RowFormat::csv;
  std::filesystem::path directory{};  ///< made when it is missing
  /// Takes the bytes instead of a directory; formats other than SQL have room for one table only.
  std::function<void(std::string_view bytes)> stream{};
  bool zstd = false;  ///< compresses files, whose names then end in ".zst"
};

/// A schema to write rows of, which no database needs to have.
struct FileTarget {
  const Engine& engine;
  const Schema& schema;
  const FactoryLibrary& library;
  SessionOptions options{};
};

/// What `write_rows` would write; the room is that of the directory.
[[nodiscard]] LoadPreview plan_rows(const FileTarget& target, const LoadRequest& request,
                                    const RowOutput& output);

/// Writes the rows that `load` would give an empty database. Tables in the order to load them,
/// parents first; rows of a table that carry other columns than its first ones go to "TABLE.2.csv"
/// and so on. An error or an interrupt leaves no files, and what a
/// killed run left goes when the next one begins: until all files are whole they are in a hidden
/// folder, ".seedbed-part-*". Throws as `load`; conflict for files that
/// exist; invalid_input for several tables in one stream; as `require_room` before the first row.
std::vector<LoadedTable> write_rows(const FileTarget& target, const LoadRequest& request,
                                    const RowOutput& output, Progress& progress);

}  // namespace seedbed
