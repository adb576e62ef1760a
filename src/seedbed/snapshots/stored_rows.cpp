#include "seedbed/snapshots/stored_rows.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "seedbed/core/zstd_frame.hpp"
#include "seedbed/schema/cell_encoding.hpp"
#include "seedbed/schema/mixed_cell.hpp"
#include "seedbed/snapshots/chunk_limits.hpp"
#include "seedbed/snapshots/corrupt.hpp"

namespace seedbed::detail {

namespace {

std::uint64_t count_of(std::string_view text, char c) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), c));
}

void verify_text(std::string_view raw, const Chunk& chunk, std::size_t columns) {
  if (sha256(raw) != chunk.digest) throw_corrupt("a chunk of rows does not match its digest");
  if (!raw.ends_with('\n') || count_of(raw, '\n') != chunk.rows) {
    throw_corrupt(fmt::format("a chunk does not hold the {} rows it should", chunk.rows));
  }
  for (std::size_t at = 0; at < raw.size();) {
    const std::size_t end = raw.find('\n', at);
    if (count_of(raw.substr(at, end - at), '\t') + 1 != std::max<std::size_t>(columns, 1)) {
      throw_corrupt(fmt::format("a row does not have {} cells", columns));
    }
    at = end + 1;
  }
}

void verify_table(const SnapshotStore& store, const TableData& table) {
  StoredRows rows{store, table};
  Sha256 state;
  state.update(state_header(table));
  std::uint64_t raw = 0;
  std::uint64_t count = 0;
  for (const auto& chunk : table.chunks) {
    raw += chunk.raw;
    count += chunk.rows;
  }
  if (raw != table.raw_bytes || count != table.rows) {
    throw_corrupt("its chunks do not add up to its rows");
  }
  while (const auto chunk = rows.next_chunk()) state.update(*chunk);
  if (state.finish() != table.state) throw_corrupt("its rows do not match the digest of its state");
}

// A copy through a registry moves the manifest's layers; a pack that is none of them would be lost.
void verify_layers(const StoredSnapshot& snapshot, const TableData& table) {
  for (const auto& pack : table.packs) {
    const auto& layers = snapshot.manifest.layers;
    const bool found = std::any_of(layers.begin(), layers.end(), [&](const auto& layer) {
      return layer.digest == pack.digest && layer.size == pack.size;
    });
    if (!found)
      throw_corrupt(fmt::format("pack {} is no layer of the manifest", pack.digest.to_string()));
  }
}

}  // namespace

std::string_view StoredRows::frame_of(const Chunk& chunk) {
  if (chunk.pack >= table_.packs.size()) throw_corrupt("a chunk is in a pack that is not listed");
  if (loaded_ != chunk.pack) {
    const PackRef& pack = table_.packs[chunk.pack];
    pack_ = store_.get_blob(pack.digest, pack.size);
    loaded_ = chunk.pack;
  }
  if (chunk.offset > pack_.size() || chunk.stored > pack_.size() - chunk.offset) {
    throw_corrupt("a chunk lies outside its pack");
  }
  return std::string_view{pack_}.substr(chunk.offset, chunk.stored);
}

std::optional<std::string> StoredRows::next_chunk() {
  if (next_ == table_.chunks.size()) return std::nullopt;
  const Chunk& chunk = table_.chunks[next_++];
  if (chunk.raw > (chunk.rows == 1 ? kMaxRowBytes : kMaxChunkBytes)) {
    throw_corrupt(fmt::format("a chunk of {} bytes is larger than format 1 allows", chunk.raw));
  }
  std::string raw = decompress(frame_of(chunk), chunk.raw);
  verify_text(raw, chunk, table_.columns.size());
  return raw;
}

void verify_rows(const SnapshotStore& store, const StoredSnapshot& snapshot) {
  const SnapshotConfig& config = snapshot.config;
  if (state_digest(config) != config.digest || logical_digest(config) != config.logical_digest) {
    throw_corrupt("its digests do not match its tables");
  }
  for (const auto& table : config.data) {
    try {
      verify_layers(snapshot, table);
      verify_table(store, table);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::corrupt) throw;
      throw_corrupt(fmt::format("table '{}': {}", table.name.to_string(), error.what()));
    }
  }
}

bool StoredBatches::next(ColumnBatch& batch) {
  std::size_t rows = 0;
  while (rows < kBatchRows) {
    if (at_ == chunk_.size()) {
      auto chunk = rows_.next_chunk();
      if (!chunk) break;
      chunk_ = std::move(*chunk);
      at_ = 0;
    }
    const std::size_t end = chunk_.find('\n', at_);
    read_line(std::string_view{chunk_}.substr(at_, end - at_), batch);
    at_ = end + 1;
    ++rows;
  }
  return rows > 0;
}

void StoredBatches::read_line(std::string_view line, ColumnBatch& batch) const {
  for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
    const std::size_t tab = line.find('\t');
    const auto cell = line.substr(0, tab);
    line.remove_prefix(tab == std::string_view::npos ? line.size() : tab + 1);
    const ColumnType& type = layout_.columns[i]->type;
    if (layout_.mixed[i]) {
      read_mixed_cell(cell, batch.column(i));
    } else if (mixes_kinds_) {
      read_stored_cell(cell, type, batch.column(i));
    } else {
      read_cell(cell, type, batch.column(i));
    }
  }
}

}  // namespace seedbed::detail
