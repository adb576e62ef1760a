#include "seedbed/snapshots/pack_writer.hpp"

#include <algorithm>
#include <utility>

#include "seedbed/snapshots/chunk_limits.hpp"

namespace seedbed::detail {

namespace {

constexpr std::size_t kPackGoal = 200;  // 256 layers pass every registry
constexpr std::uint64_t kLargeChunkBytes = kMaxChunkBytes / 2;
constexpr const char* kTableKey = "vnd.seedbed.table";

}  // namespace

PackWriter::PackWriter(SnapshotStore store, std::size_t tables)
    : store_{std::move(store)}, tables_per_pack_{tables / kPackGoal + 1} {}

void PackWriter::add(const Chunk& chunk, std::string frame) {
  Chunk placed = chunk;
  placed.stored = frame.size();
  placed.pack = packs_.size();
  if (chunk.raw < kLargeChunkBytes) {
    frames_.emplace_back(chunks_.size(), std::move(frame));
  } else {
    packs_.push_back({store_.put_blob(frame), frame.size()});
  }
  chunks_.push_back(placed);
}

void PackWriter::restart() noexcept {
  chunks_.clear();
  packs_.clear();
  frames_.clear();
}

void PackWriter::finish_table(TableData table) {
  for (const auto& [index, frame] : frames_) {
    chunks_[index].pack = packs_.size();
    chunks_[index].offset = open_pack_.size();
    open_pack_ += frame;
  }
  for (const auto& pack : packs_) add_layer(pack, table.name.to_string());
  if (!frames_.empty()) waiting_.push_back(tables_.size());
  table.packs = std::move(packs_);
  table.chunks = std::move(chunks_);
  tables_.push_back(std::move(table));
  restart();
  if (waiting_.size() >= tables_per_pack_ || open_pack_.size() > kLargeChunkBytes) close_pack();
}

std::vector<TableData> PackWriter::finish() {
  close_pack();
  return std::move(tables_);
}

// Equal rows of two tables are one blob.
void PackWriter::add_layer(const PackRef& pack, const std::string& table) {
  const auto found = std::find_if(layers_.begin(), layers_.end(),
                                  [&](const auto& layer) { return layer.digest == pack.digest; });
  if (found == layers_.end()) {
    layers_.push_back({std::string{kPackType}, pack.digest, pack.size, {{kTableKey, table}}});
  } else {
    found->annotations[kTableKey] += ", " + table;
  }
}

void PackWriter::close_pack() {
  if (waiting_.empty()) return;
  const PackRef pack{store_.put_blob(open_pack_), open_pack_.size()};
  for (const std::size_t index : waiting_) {
    tables_[index].packs.push_back(pack);
    add_layer(pack, tables_[index].name.to_string());
  }
  open_pack_.clear();
  waiting_.clear();
}

}  // namespace seedbed::detail
