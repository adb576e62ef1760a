#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/digest.hpp"
#include "seedbed/schema/schema.hpp"
#include "seedbed/snapshots/manifest.hpp"

namespace seedbed::detail {

/// A blob of concatenated zstd frames.
struct PackRef {
  Digest digest{};
  std::uint64_t size = 0;
  friend bool operator==(const PackRef&, const PackRef&) = default;
};

/// Some whole rows of one table: one zstd frame inside a pack.
struct Chunk {
  std::size_t pack = 0;      ///< index into the table's packs
  std::uint64_t offset = 0;  ///< of the frame in the pack
  std::uint64_t stored = 0;  ///< bytes of the frame
  std::uint64_t raw = 0;     ///< bytes of canonical text
  std::uint64_t rows = 0;
  Digest digest{};  ///< of the canonical text
};

struct DataColumn {
  std::string name{};
  TypeClass type_class = TypeClass::other;
  bool mixed = false;  ///< cells carry their kind, see schema/mixed_cell.hpp
};

/// The rows of one table and where they are.
struct TableData {
  TableName name{};
  std::vector<DataColumn> columns{};
  std::vector<std::string> order{};  ///< columns that rows are sorted by
  std::uint64_t rows = 0;
  std::uint64_t raw_bytes = 0;
  Digest state{};
  Digest logical_state{};
  std::vector<PackRef> packs{};
  std::vector<Chunk> chunks{};
};

struct StoredColumn {
  std::string name{};
  std::string type{};
  bool nullable = true;
};

/// As much of a table's schema as explains why a database does not fit.
struct StoredTable {
  TableName name{};
  Digest fingerprint{};
  std::vector<StoredColumn> columns{};
  std::vector<std::string> primary_key{};
};

struct StoredCounter {
  TableName name{};
  std::int64_t next = 1;
};

struct RowNumber {
  std::string table{};
  std::int64_t next = 1;
};

/// Where a record of the factory files is: its row's key, as the factories wrote it.
struct RecordPlace {
  std::string name{};
  std::string table{};
  std::string key{};
  std::int64_t row = 0;
};

/// The config blob: everything about a snapshot but its rows.
struct SnapshotConfig {
  std::string engine{};
  std::string engine_version{};
  std::string captured_at{};
  Digest digest{};
  Digest logical_digest{};
  Digest schema_fingerprint{};
  std::vector<StoredTable> tables{};
  std::vector<StoredCounter> sequences{};
  std::vector<TableData> data{};
  std::vector<RowNumber> row_numbers{};
  std::vector<RecordPlace> records{};
  std::map<std::string, std::string> labels{};
};

/// Canonical JSON: sorted keys, no blanks.
[[nodiscard]] std::string write_config(const SnapshotConfig& config);
/// Throws corrupt when it is no config, unsupported when its format is newer.
[[nodiscard]] SnapshotConfig parse_config(std::string_view text);

/// The first line of a table's state: its columns, so that renaming one changes the state.
[[nodiscard]] std::string state_header(const TableData& table);

/// What the digests identify: tables, rows, counters and schema; not when, where or how it was
/// stored.
[[nodiscard]] Digest state_digest(const SnapshotConfig& config);
/// The same over engine-neutral rows, names in lower case, without counters and opaque columns.
[[nodiscard]] Digest logical_digest(const SnapshotConfig& config);

[[nodiscard]] SnapshotSummary summary_of(const SnapshotConfig& config);

}  // namespace seedbed::detail
