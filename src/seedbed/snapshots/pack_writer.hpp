#pragma once

#include <string>
#include <utility>
#include <vector>

#include "seedbed/snapshots/config.hpp"
#include "seedbed/snapshots/oci.hpp"
#include "seedbed/snapshots/store.hpp"

namespace seedbed::detail {

/// Puts the chunks of tables into packs: one pack for each table, or for several in a schema of
/// very many, since registries limit the number of layers; and one for each large chunk.
class PackWriter {
 public:
  PackWriter(SnapshotStore store, std::size_t tables);

  /// The next chunk of the table at hand.
  void add(const Chunk& chunk, std::string frame);
  /// Forgets the chunks of the table at hand.
  void restart() noexcept;
  /// Ends the table at hand.
  void finish_table(TableData table);
  /// Ends all; gives the tables, in order, with their chunks and packs.
  [[nodiscard]] std::vector<TableData> finish();
  /// The packs, each once, annotated with the names of its tables.
  [[nodiscard]] const std::vector<Descriptor>& layers() const noexcept { return layers_; }

 private:
  void add_layer(const PackRef& pack, const std::string& table);
  void close_pack();

  SnapshotStore store_;
  std::size_t tables_per_pack_;
  std::vector<TableData> tables_;
  std::vector<Descriptor> layers_;

  // Of the table at hand: its chunks, the packs of the large ones, the frames of the others by
  // chunk.
  std::vector<Chunk> chunks_;
  std::vector<PackRef> packs_;
  std::vector<std::pair<std::size_t, std::string>> frames_;

  // The pack that small chunks go to, and the tables that have some in it.
  std::string open_pack_;
  std::vector<std::size_t> waiting_;
};

}  // namespace seedbed::detail
