#include "seedbed/factories/load/bulk_writer.hpp"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "seedbed/core/ordered_pipeline.hpp"
#include "seedbed/factories/rows/hook_runner.hpp"

namespace seedbed::detail {

namespace {

/// A server takes rows in more slowly than this many threads make them.
constexpr unsigned kMostThreads = 4;

std::vector<std::string> names_of(const Table& table, const std::vector<std::size_t>& columns) {
  std::vector<std::string> names;
  for (const auto column : columns) names.push_back(table.columns[column].name);
  return names;
}

BulkTarget target_of(const WriteGroup& group) {
  return {*group.table, names_of(*group.table, loaded_columns(group))};
}

OrderedPipeline<LoadStep> pipeline_of(const LoadSteps& steps, std::int64_t now_micros) {
  const auto cores = std::clamp(std::thread::hardware_concurrency(), 2U, kMostThreads + 1);
  const auto threads = std::min<std::uint64_t>(cores - 1, steps.count());
  std::vector<OrderedPipeline<LoadStep>::Maker> makers;
  for (std::uint64_t i = 0; i < threads; ++i) {
    makers.emplace_back([maker = std::make_shared<StepMaker>(steps, now_micros)](
                            std::uint64_t step, LoadStep& result) { maker->make(step, result); });
  }
  return {steps.count(), std::move(makers), threads + 1};
}

}  // namespace

void BulkWriter::write(const PlannedEntry& entry) {
  const auto groups = group_blocks(entry.blocks);
  const LoadSteps steps{entry, groups};
  update_ = {"load", entry.root().recipe->table().name.to_string(), 0, entry.root().count, 0};
  if (HookRunner{connection_, HookRunner::Use::load}.has_work(groups)) {
    load_with_hooks(steps, groups);
  } else {
    load(steps);
  }
}

void BulkWriter::load(const LoadSteps& steps) {
  auto pipeline = pipeline_of(steps, now_micros_);
  if (steps.groups().size() != 1) {
    while (auto* step = pipeline.next()) {
      progress_.check();
      for (std::size_t i = 0; i < step->batches.size(); ++i) {
        load_batch(steps.groups()[i], step->batches[i]);
      }
      report(step->last_root);
    }
    return;
  }
  // All rows of one table by one statement. The rows of a step are sent when the next one is asked
  // for.
  std::uint64_t sent = 0;
  connection_.bulk_load(target_of(steps.groups().front()), [&](ColumnBatch& batch) {
    progress_.check();
    if (sent > 0) report(sent);
    auto* step = pipeline.next();
    if (step == nullptr) return false;
    std::swap(batch, step->batches.front());
    sent = step->last_root;
    return true;
  });
}

void BulkWriter::load_with_hooks(const LoadSteps& steps, const std::vector<WriteGroup>& groups) {
  Generation generation;
  generation.now_micros = now_micros_;
  HookRunner hooks{connection_, HookRunner::Use::load};
  std::string buffer;
  for (std::uint64_t step = 0; step < steps.count(); ++step) {
    progress_.check();
    const auto [first, last] = steps.roots(step);
    begin_batch(generation, steps.blocks(), first, last);
    for (const auto& group : groups) {
      const auto columns = loaded_columns(group);
      ColumnBatch rows{columns.size()};
      append_rows(rows, generation, group, columns, buffer);
      load_batch(group, rows);
    }
    hooks.run(groups, steps.blocks(), generation, make_graph(generation, steps.blocks(), {}));
    report(last);
  }
}

void BulkWriter::load_batch(const WriteGroup& group, ColumnBatch& rows) {
  if (rows.row_count() == 0) return;
  bool taken = false;
  connection_.bulk_load(target_of(group), [&](ColumnBatch& batch) {
    if (std::exchange(taken, true)) return false;
    std::swap(batch, rows);
    return true;
  });
}

void BulkWriter::report(std::uint64_t roots) {
  update_.rows = roots;
  progress_.report(update_);
}

Record BulkWriter::first_record(const PlannedEntry& entry) const {
  Generation generation;
  generation.now_micros = now_micros_;
  const std::vector<const Block*> blocks{entry.blocks.begin(), entry.blocks.end()};
  begin_batch(generation, blocks, 0, 1);
  return {make_graph(generation, blocks, {}), 0};
}

}  // namespace seedbed::detail
