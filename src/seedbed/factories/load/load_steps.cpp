#include "seedbed/factories/load/load_steps.hpp"

#include <algorithm>
#include <thread>

#include "seedbed/factories/rows/batch_cells.hpp"

namespace seedbed::detail {

namespace {

// Measured: what is at hand at once should fit a core's second cache.
constexpr std::uint64_t kRowsAtOnce = 512;
// Each table of a step is loaded by a statement of its own, unless there is only one.
constexpr std::uint64_t kRowsPerStep = kBatchRows;
constexpr std::uint64_t kRowsPerStepOfGraphs = 4 * kBatchRows;
/// A server takes rows in more slowly than this many threads make them.
constexpr unsigned kMostThreads = 4;

std::uint64_t roots_for(std::uint64_t rows, std::uint64_t rows_per_root) {
  return std::max<std::uint64_t>(rows / rows_per_root, 1);
}

}  // namespace

LoadSteps::LoadSteps(const PlannedEntry& entry, std::span<const WriteGroup> groups,
                     std::pair<std::uint64_t, std::uint64_t> roots)
    : groups_{groups},
      blocks_{entry.blocks.begin(), entry.blocks.end()},
      first_{roots.first},
      last_{roots.second} {
  std::uint64_t all = 0;
  for (const auto* block : blocks_) all += block->count;
  const auto rows = std::max<std::uint64_t>(entry.root().count, 1);
  const auto rows_per_root = all / rows + (blocks_.size() > 1 ? 1 : 0);
  roots_at_once_ = roots_for(kRowsAtOnce, std::max<std::uint64_t>(rows_per_root, 1));
  roots_per_step_ = roots_for(groups_.size() > 1 ? kRowsPerStepOfGraphs : kRowsPerStep,
                              std::max<std::uint64_t>(rows_per_root, 1));
}

std::uint64_t LoadSteps::count() const noexcept {
  return (last_ - first_ + roots_per_step_ - 1) / roots_per_step_;
}

std::pair<std::uint64_t, std::uint64_t> LoadSteps::roots(std::uint64_t step) const noexcept {
  const auto first = first_ + step * roots_per_step_;
  return {first, std::min(last_, first + roots_per_step_)};
}

std::uint64_t maker_threads(const LoadSteps& steps) noexcept {
  const auto cores = std::clamp(std::thread::hardware_concurrency(), 2U, kMostThreads + 1);
  return std::min<std::uint64_t>(cores - 1, steps.count());
}

StepMaker::StepMaker(const LoadSteps& steps, std::int64_t now_micros,
                     const CertifiedColumns* certified)
    : steps_{steps} {
  generation_.now_micros = now_micros;
  if (certified == nullptr) return;
  for (const auto& group : steps.groups()) {
    hashers_.emplace_back(*group.table, certified->at(group.table), loaded_names(group));
  }
}

void StepMaker::make(std::uint64_t step, LoadStep& result) {
  const auto groups = steps_.groups();
  const auto [first, last] = steps_.roots(step);
  result.last_root = last;
  result.batches.resize(groups.size());
  std::vector<std::vector<std::size_t>> columns;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    columns.push_back(loaded_columns(groups[i]));
    result.batches[i].reset(columns[i].size());
  }
  for (auto root = first; root < last; root += steps_.roots_at_once()) {
    begin_batch(generation_, steps_.blocks(), root, std::min(last, root + steps_.roots_at_once()));
    for (std::size_t i = 0; i < groups.size(); ++i) {
      append_rows(result.batches[i], generation_, groups[i], columns[i]);
    }
  }
  result.sums.assign(hashers_.size(), {});
  for (std::size_t i = 0; i < hashers_.size(); ++i) {
    hashers_[i].add(result.batches[i], result.sums[i]);
  }
}

void append_rows(ColumnBatch& batch, const Generation& generation, const WriteGroup& group,
                 std::span<const std::size_t> columns) {
  for (const auto* block : group.blocks) {
    auto& frame = generation.frame(*block);
    if (frame.rows() == 0) continue;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto& column = group.table->columns[columns[i]];
      append_cells(batch.column(i), frame.column(columns[i]), column);
    }
  }
}

std::vector<std::size_t> loaded_columns(const WriteGroup& group) {
  auto columns = group.columns;
  if (group.counted) columns.push_back(*group.counted);
  std::sort(columns.begin(), columns.end());
  return columns;
}

std::vector<std::string> loaded_names(const WriteGroup& group) {
  std::vector<std::string> names;
  for (const auto column : loaded_columns(group)) {
    names.push_back(group.table->columns[column].name);
  }
  return names;
}

}  // namespace seedbed::detail
