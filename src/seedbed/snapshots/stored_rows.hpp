#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/snapshots/config.hpp"
#include "seedbed/snapshots/row_lines.hpp"
#include "seedbed/snapshots/stored_snapshot.hpp"

namespace seedbed::detail {

/// The stored rows of one table, chunk by chunk, each verified: pack, frame, size, digest, rows.
/// All members throw corrupt.
class StoredRows {
 public:
  /// Both outlive this.
  StoredRows(const SnapshotStore& store, const TableData& table) : store_{store}, table_{table} {}

  /// Canonical text of the next chunk; nullopt after the last.
  [[nodiscard]] std::optional<std::string> next_chunk();

 private:
  [[nodiscard]] std::string_view frame_of(const Chunk& chunk);

  const SnapshotStore& store_;
  const TableData& table_;
  std::size_t next_ = 0;
  std::optional<std::size_t> loaded_;  // the pack in `pack_`
  std::string pack_;
};

/// Reads everything a restore would: packs, chunks, rows, and the digests over them. Throws
/// corrupt, naming the table.
void verify_rows(const SnapshotStore& store, const StoredSnapshot& snapshot);

/// The rows of one table as batches, for a bulk load.
class StoredBatches {
 public:
  /// All outlive this. `mixes_kinds` as the engine says.
  StoredBatches(const SnapshotStore& store, const TableData& table, const RowLayout& layout,
                bool mixes_kinds)
      : rows_{store, table}, layout_{layout}, mixes_kinds_{mixes_kinds} {}

  /// Appends the next rows to `batch`; false when there are no more.
  bool next(ColumnBatch& batch);

 private:
  void read_line(std::string_view line, ColumnBatch& batch) const;

  StoredRows rows_;
  const RowLayout& layout_;
  bool mixes_kinds_;
  std::string chunk_;
  std::size_t at_ = 0;
};

}  // namespace seedbed::detail
