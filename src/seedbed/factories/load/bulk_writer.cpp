#include "seedbed/factories/load/bulk_writer.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/ordered_pipeline.hpp"
#include "seedbed/factories/load/data_part.hpp"
#include "seedbed/factories/rows/hook_runner.hpp"

namespace seedbed::detail {

namespace {

BulkTarget target_of(const WriteGroup& group) {
  return {*group.table, loaded_names(group)};
}

OrderedPipeline<LoadStep> pipeline_of(const LoadSteps& steps, const BulkWork& work) {
  const auto threads = maker_threads(steps);
  std::vector<OrderedPipeline<LoadStep>::Maker> makers;
  for (std::uint64_t i = 0; i < threads; ++i) {
    makers.emplace_back(
        [maker = std::make_shared<StepMaker>(steps, work.now_micros, work.certified)](
            std::uint64_t step, LoadStep& result) { maker->make(step, result); });
  }
  return {steps.count(), std::move(makers), threads + 1};
}

/// Hooks see whole graphs, in a database.
void require_place(const HookPlan& hook, const BulkWork& work) {
  const auto* problem = work.hooks == nullptr ? "runs in a database, not for files"
                        : !work.part.tables.empty()
                            ? "needs the rows of all tables, without --tables"
                        : work.certified != nullptr ? "may change rows that are certified"
                                                    : nullptr;
  if (problem == nullptr) return;
  throw Error{ErrorCode::invalid_input,
              fmt::format("an 'after_create' {}; 'bulk: skip' leaves it out", problem),
              {.where = hook.definition->where}};
}

}  // namespace

void BulkWriter::require_hooks(const LoadPlan& plan) const {
  for (const auto& entry : plan.entries) {
    const auto* hook = HookRunner::find_work(entry.groups, HookRunner::Use::load);
    if (hook != nullptr) require_place(*hook, work_);
  }
}

void BulkWriter::write(const PlannedEntry& entry) {
  const auto roots = rows_in_part(entry.root(), work_.part);
  if (roots.first == roots.second) return;
  auto groups = entry.groups;
  const bool hooked = HookRunner::find_work(groups, HookRunner::Use::load) != nullptr;
  std::erase_if(groups, [&](const auto& group) { return !has_table(work_.part, *group.table); });
  if (groups.empty()) return;
  const LoadSteps steps{entry, groups, roots};
  first_root_ = roots.first;
  update_ = {"load", entry.root().recipe->table().name.to_string(), 0, roots.second - roots.first,
             0};
  if (hooked) {
    load_with_hooks(steps, groups);
  } else if (groups.size() == 1) {
    load_table(steps);
  } else {
    load_graphs(steps);
  }
}

void BulkWriter::load_graphs(const LoadSteps& steps) {
  auto pipeline = pipeline_of(steps, work_);
  while (auto* step = pipeline.next()) {
    progress_.check();
    add_sums(steps, *step);
    for (std::size_t i = 0; i < step->batches.size(); ++i) {
      load_batch(steps.groups()[i], step->batches[i]);
    }
    report(step->last_root);
  }
}

void BulkWriter::load_table(const LoadSteps& steps) {
  if (steps.groups().front().table == work_.streamed && load_by_streams(steps)) return;
  load_table(steps, work_.sink);
}

// All rows of one table by one statement. The rows of a step are sent when the next one is asked
// for.
void BulkWriter::load_table(const LoadSteps& steps, const RowSink& sink) {
  auto pipeline = pipeline_of(steps, work_);
  std::uint64_t sent = 0;
  const BatchSource rows = [&](ColumnBatch& batch) {
    progress_.check();
    if (sent > 0) report(sent);
    auto* step = pipeline.next();
    if (step == nullptr) return false;
    add_sums(steps, *step);
    update_.bytes += step->batches.front().bytes();
    std::swap(batch, step->batches.front());
    sent = step->last_root;
    return true;
  };
  const auto target = target_of(steps.groups().front());
  sink(target, in_index_order(target, work_.order, rows));
}

/// False when nothing was written: what is wrong with which row one session tells better.
bool BulkWriter::load_by_streams(const LoadSteps& steps) {
  const auto sums = sums_;
  const auto update = update_;
  try {
    load_table(steps, [this](const BulkTarget& target, const BatchSource& rows) {
      work_.streams->load(target, rows);
    });
    return true;
  } catch (const Error&) {
    progress_.check();
    sums_ = sums;
    update_ = update;
    return false;
  }
}

void BulkWriter::load_with_hooks(const LoadSteps& steps, const std::vector<WriteGroup>& groups) {
  Generation generation;
  generation.now_micros = work_.now_micros;
  HookRunner hooks{*work_.hooks, HookRunner::Use::load};
  for (std::uint64_t step = 0; step < steps.count(); ++step) {
    progress_.check();
    const auto [first, last] = steps.roots(step);
    begin_batch(generation, steps.blocks(), first, last);
    for (const auto& group : groups) {
      const auto columns = loaded_columns(group);
      ColumnBatch rows{columns.size()};
      append_rows(rows, generation, group, columns);
      load_batch(group, rows);
    }
    hooks.run(groups, steps.blocks(), generation, make_graph(generation, steps.blocks(), {}));
    report(last);
  }
}

void BulkWriter::load_batch(const WriteGroup& group, ColumnBatch& rows) {
  if (rows.row_count() == 0) return;
  update_.bytes += rows.bytes();
  bool taken = false;
  work_.sink(target_of(group), [&](ColumnBatch& batch) {
    if (std::exchange(taken, true)) return false;
    std::swap(batch, rows);
    return true;
  });
}

void BulkWriter::add_sums(const LoadSteps& steps, const LoadStep& step) {
  for (std::size_t i = 0; i < step.sums.size(); ++i) {
    sums_[steps.groups()[i].table].add(step.sums[i]);
  }
}

void BulkWriter::report(std::uint64_t roots) {
  update_.rows = roots - first_root_;
  progress_.report(update_);
}

}  // namespace seedbed::detail
