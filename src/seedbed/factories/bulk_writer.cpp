#include "seedbed/factories/bulk_writer.hpp"

#include <algorithm>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/factories/fitting.hpp"
#include "seedbed/factories/hook_runner.hpp"

namespace seedbed::detail {

namespace {

// Rows that are generated, and held, together.
constexpr std::uint64_t kRowsAtOnce = 4 * kBatchRows;

std::uint64_t roots_at_once(const PlannedEntry& entry) {
  std::uint64_t rows = 0;
  for (const auto* block : entry.blocks) rows += block->count;
  const auto per_root = rows / std::max<std::uint64_t>(entry.root().count, 1) + 1;
  return std::max<std::uint64_t>(kRowsAtOnce / per_root, 1);
}

std::vector<std::string> names_of(const Table& table, const std::vector<std::size_t>& columns) {
  std::vector<std::string> names;
  for (const auto column : columns) names.push_back(table.columns[column].name);
  return names;
}

std::vector<const Block*> constant(const std::vector<Block*>& blocks) {
  return {blocks.begin(), blocks.end()};
}

}  // namespace

void BulkWriter::write(const PlannedEntry& entry) {
  const auto groups = group_blocks(entry.blocks);
  const auto blocks = constant(entry.blocks);
  const auto step = roots_at_once(entry);
  Generation generation;
  generation.now_micros = now_micros_;
  ProgressUpdate update{"load", entry.root().recipe->table().name.to_string(), 0,
                        entry.root().count, 0};
  HookRunner hooks{connection_, HookRunner::Use::load};
  const bool hooked = hooks.has_work(groups);
  for (std::uint64_t first = 0; first < entry.root().count; first += step) {
    progress_.check();
    const auto last = std::min(entry.root().count, first + step);
    begin_batch(generation, blocks, first, last);
    for (const auto& group : groups) write_group(generation, group);
    if (hooked) hooks.run(groups, blocks, generation, make_graph(generation, blocks, {}));
    update.rows = last;
    progress_.report(update);
  }
}

void BulkWriter::write_group(Generation& generation, const WriteGroup& group) {
  const bool rows = std::any_of(group.blocks.begin(), group.blocks.end(), [&](const Block* block) {
    return generation.frame(*block).rows() > 0;
  });
  if (!rows) return;
  auto columns = group.columns;
  if (group.counted) columns.push_back(*group.counted);
  const BulkTarget target{*group.table, names_of(*group.table, columns)};
  std::size_t next = 0;
  connection_.bulk_load(target, [&](ColumnBatch& batch) {
    while (next < group.blocks.size()) {
      auto& frame = generation.frame(*group.blocks[next++]);
      if (frame.rows() == 0) continue;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto& column = group.table->columns[columns[i]];
        for (const auto& value : frame.column(columns[i])) {
          append_cell(batch.column(i), value, column, buffer_);
        }
      }
      return true;
    }
    return false;
  });
}

Record BulkWriter::first_record(const PlannedEntry& entry) const {
  Generation generation;
  generation.now_micros = now_micros_;
  begin_batch(generation, constant(entry.blocks), 0, 1);
  return {make_graph(generation, constant(entry.blocks), {}), 0};
}

}  // namespace seedbed::detail
