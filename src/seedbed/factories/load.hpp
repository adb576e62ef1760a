#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/call.hpp"
#include "seedbed/factories/certificate.hpp"
#include "seedbed/factories/library.hpp"
#include "seedbed/factories/row_range.hpp"
#include "seedbed/factories/session.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// Rows of one factory to load.
struct LoadEntry {
  std::string factory{};
  std::uint64_t count = 0;
  CallArguments arguments{};
};

/// Which rows of a data set to make. Without a database in common, parts made anywhere together are
/// the whole: rows and keys of a part are counted from `base` + 1 in every table, whatever a
/// database holds.
struct LoadPart {
  /// Of each line whose rows hang on no others: from its row `first` to its row `last`. Rows that
  /// are made for them, above and below, come with them.
  std::optional<RowRange> rows{};
  std::optional<Shard> shard{};       ///< the same, of equal size
  std::vector<std::string> tables{};  ///< rows of these only; empty: of all
  std::optional<std::uint64_t> base{};

  /// Nothing is asked for: a database's next rows, and keys after those it holds.
  [[nodiscard]] bool is_whole() const noexcept;
};

/// What becomes of foreign keys and indexes of tables that hold no rows while a load fills them.
enum class ConstraintMode : unsigned char {
  keep,   ///< each row pays for them
  defer,  ///< they are built at the end, at once; see `Engine::defer_constraints`
};

/// Either a scenario of the library, or entries.
struct LoadRequest {
  std::string scenario{};
  std::vector<LoadEntry> entries{};
  LoadPart part{};
  bool certify = false;  ///< adds up the rows as they are made
  ConstraintMode constraints = ConstraintMode::keep;
};

/// The rows that a load wrote, or would write, to one table.
struct LoadedTable {
  TableName table{};
  std::uint64_t rows = 0;
  std::uint64_t first_row = 0;  ///< row numbers, both included; consecutive
  std::uint64_t last_row = 0;
  std::optional<TableCertificate> certificate{};
  friend bool operator==(const LoadedTable&, const LoadedTable&) = default;
};

/// What a load would write to one table. Bytes are about what they will be, judged by some rows
/// from all over the table.
struct TablePreview {
  LoadedTable rows{};
  std::uint64_t bytes = 0;        ///< of the rows where they are stored
  std::uint64_t index_bytes = 0;  ///< of indexes that keys need; in files 0
};

/// Where rows go on a file system that is at hand.
struct DiskRoom {
  std::filesystem::path place{};  ///< a database's file, or a directory
  std::uint64_t free = 0;         ///< bytes that rows may take there
};

/// What a load would do.
struct LoadPreview {
  std::vector<TablePreview> tables{};  ///< in the order they are written
  std::string method{};                ///< `Capabilities::load_method`, or the format of files
  /// That write them, hooks', and those that put constraints off; for files none.
  std::vector<PlannedStatement> statements{};
  std::uint64_t memory = 0;        ///< about what the load takes, however many rows there are
  std::optional<DiskRoom> room{};  ///< nullopt for a server, or a database in memory

  /// Of all tables, with their indexes.
  [[nodiscard]] std::uint64_t bytes() const noexcept;
};

/// Throws unavailable when the rows take more than the room there is, with both numbers.
void require_room(const LoadPreview& preview);

/// One `FACTORY=N` of the command line; N takes the suffixes k and M. Throws invalid_input.
[[nodiscard]] LoadEntry parse_load_entry(std::string_view text);

/// Loads in bulk, in one transaction, to which several sessions may belong (`LoadStreams`): an
/// error or an interrupt leaves rows as they were. Columns that the database has a default for are
/// left to it unless the factory states them. Keys are explicit, and sequences are moved past them.
/// Tables in the order they are written, parents first. Throws as FactorySession does; not_found
/// for an unknown scenario; conflict when a part meets rows that are there; as `require_room`
/// before the first row.
std::vector<LoadedTable> load(const FactoryTarget& target, const LoadRequest& request,
                              Progress& progress);

/// What `load` would write, and whether there is room for it is the caller's to ask; reads row
/// numbers and keys, makes some rows of each line, and writes nothing.
[[nodiscard]] LoadPreview plan_load(const FactoryTarget& target, const LoadRequest& request);

/// What these tables were certified to hold.
[[nodiscard]] Certificate certificate_of(std::span<const LoadedTable> tables);

}  // namespace seedbed
