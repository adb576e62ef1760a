#include "seedbed/factories/load/load_plan.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/number_text.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/plan/totals.hpp"
#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/rows/generator.hpp"
#include "seedbed/factories/rows/hook_runner.hpp"
#include "seedbed/factories/rows/writer.hpp"

namespace seedbed::detail {

namespace {

const ScenarioDefinition& scenario_of(const FactoryLibrary& library, const std::string& name) {
  const auto& scenarios = library.definitions().scenarios;
  const auto found = scenarios.find(name);
  if (found != scenarios.end()) return found->second;
  throw Error{ErrorCode::not_found, fmt::format("there is no scenario '{}'{}", name,
                                                did_you_mean(name, library.scenario_names()))};
}

/// The largest count that an expression allows, when it says so.
std::optional<std::uint64_t> most_of(const Expression& count) {
  const auto* largest = count.literal_value() == nullptr ? count.largest() : nullptr;
  const auto most = largest != nullptr ? to_decimal(*largest, 0) : std::nullopt;
  if (!most || most->coefficient < 0) return std::nullopt;
  return static_cast<std::uint64_t>(most->coefficient);
}

/// The same of several: nothing when one does not say so.
std::optional<std::uint64_t> most_of(const std::vector<Count>& counts) {
  std::uint64_t most = 0;
  for (const auto& count : counts) {
    const auto limit = most_of(*count.expression);
    if (!limit) return std::nullopt;
    most = std::max(most, *limit);
  }
  return most;
}

/// Calls `use` with the counts of the first `end` owners, until it returns false; so does this
/// then.
template <typename Use>
bool for_each_drawn(const CountDrawer& draw, std::uint64_t end, const Use& use) {
  for (std::uint64_t first = 0; first < end; first += kBatchRows) {
    const auto counts = draw(first, std::min<std::uint64_t>(end, first + kBatchRows));
    if (!std::ranges::all_of(counts, use)) return false;
  }
  return true;
}

/// The same with the counts of all owners in their order.
template <typename Use>
void for_each_count(const Pool& owners, const std::vector<CountDrawer>& drawers, const Use& use) {
  for (std::size_t i = 0; i < drawers.size(); ++i) {
    if (!for_each_drawn(drawers[i], owners.blocks[i]->count, use)) return;
  }
}

[[noreturn]] void refuse_total(const ScenarioEntry& entry, std::uint64_t owners) {
  throw Error{ErrorCode::invalid_input,
              fmt::format("a total of {} rows of '{}' cannot be spread over {} rows of '{}' whose "
                          "counts are all 0",
                          grouped(*entry.per_total), entry.factory, grouped(owners), entry.per),
              {.where = entry.where}};
}

/// `place` is that of the first owner among all.
CountDrawer scaled_by(std::shared_ptr<const CountScale> scale, CountDrawer draw,
                      std::uint64_t place) {
  return [scale = std::move(scale), draw = std::move(draw), place](std::uint64_t first,
                                                                   std::uint64_t last) {
    auto counts = draw(first, last);
    for (std::size_t k = 0; k < counts.size(); ++k) {
      counts[k] = scale->scaled(counts[k], place + first + k);
    }
    return counts;
  };
}

/// What the counts are when they are scaled to the total of the entry.
std::vector<CountDrawer> scaled_counts(const ScenarioEntry& entry, const Pool& owners,
                                       const std::vector<CountDrawer>& drawers,
                                       std::optional<std::uint64_t> most) {
  CountTally tally;
  for_each_count(owners, drawers, [&](std::uint64_t count) {
    tally.add(count);
    return true;
  });
  if (!can_scale(tally, *entry.per_total, most)) most.reset();
  if (!can_scale(tally, *entry.per_total, most)) refuse_total(entry, owners.size());
  CountScale noting{tally, *entry.per_total, most};
  for_each_count(owners, drawers, [&](std::uint64_t count) { return noting.note(count); });
  const auto scale = std::make_shared<const CountScale>(noting);
  std::vector<CountDrawer> scaled;
  scaled.reserve(drawers.size());
  for (std::size_t i = 0; i < drawers.size(); ++i) {
    scaled.push_back(scaled_by(scale, drawers[i], i == 0 ? 0 : owners.ends[i - 1]));
  }
  return scaled;
}

/// Whether the column is NULL in all rows of the group because nothing mentions it.
bool is_null_in(const WriteGroup& group, std::size_t column) {
  return std::all_of(group.blocks.begin(), group.blocks.end(), [&](const Block* block) {
    return block->recipe->columns[column].source == ColumnSource::null;
  });
}

void carry_too(WriteGroup& group, const std::set<std::size_t>& columns) {
  const std::set<std::size_t> own{group.columns.begin(), group.columns.end()};
  for (const auto column : columns) {
    if (!own.contains(column) && is_null_in(group, column)) group.columns.push_back(column);
  }
}

/// Groups the rows of each entry, and lets all rows of a table carry the same columns where the
/// rows that lack one have NULL there.
void group_rows(LoadPlan& plan) {
  std::map<const Table*, std::set<std::size_t>> carried;
  for (auto& entry : plan.entries) {
    entry.groups = group_blocks(entry.blocks);
    for (const auto& group : entry.groups) {
      carried[group.table].insert(group.columns.begin(), group.columns.end());
    }
  }
  for (auto& entry : plan.entries) {
    for (auto& group : entry.groups) carry_too(group, carried[group.table]);
  }
}

/// Runs `step`; what it finds wrong without saying where is at the scenario's entry.
template <typename Step>
void at_entry(const SourceSpot& where, Step&& step) {
  try {
    std::forward<Step>(step)();
  } catch (const Error& error) {
    const bool placed = error.details().where.known() || !error.findings().empty();
    if (placed || !where.known() || error.code() != ErrorCode::invalid_input) throw;
    throw Error{error.code(), error.what(), {.where = where}};
  }
}

}  // namespace

Record PlannedEntry::first_record(std::int64_t now_micros) const {
  Generation generation;
  generation.now_micros = now_micros;
  const std::vector<const Block*> all{blocks.begin(), blocks.end()};
  begin_batch(generation, all, 0, 1);
  return {make_graph(generation, all, {}), 0};
}

LoadPlanner::LoadPlanner(const FactoryLibrary& library, const LoadRequest& request)
    : library_{library} {
  if (!request.scenario.empty()) {
    for (const auto& entry : scenario_of(library, request.scenario).entries) {
      Line line{entry, {}};
      for (const auto& trait : entry.traits) line.arguments.traits.push_back(trait.name);
      lines_.push_back(std::move(line));
    }
  }
  for (const auto& wanted : request.entries) {
    Line line;
    line.entry.factory = wanted.factory;
    line.entry.count = wanted.count;
    line.arguments = wanted.arguments;
    lines_.push_back(std::move(line));
  }
}

LoadPlan LoadPlanner::plan(PlanContext context, const RecordTest& is_there) {
  book_ = &context.book;
  now_micros_ = context.now_micros;
  const Planner* planned = nullptr;
  if (!context.find_record) {
    context.find_record = [&](const std::string& name) { return planned_record(name, *planned); };
  }
  find_record_ = context.find_record;
  Planner planner{std::move(context)};
  planned = &planner;
  for (const auto& line : lines_) {
    at_entry(line.entry.where, [&] { add(line, planner, is_there); });
  }
  LoadPlan plan;
  plan.blocks = std::move(planner.blocks());
  require_bulk_hooks(plan.blocks);
  add_entries(plan);
  group_rows(plan);
  return plan;
}

LoadEntry LoadPlanner::largest_line() const {
  LoadEntry largest;
  for (const auto& [entry, arguments] : lines_) {
    const bool plain = entry.record.empty() && entry.per.empty();
    if (plain && entry.count > largest.count) largest = {entry.factory, entry.count, arguments};
  }
  return largest;
}

void LoadPlanner::add(const Line& line, Planner& planner, const RecordTest& is_there) {
  if (!line.entry.record.empty()) {
    const auto& record = library_.definitions().records.find(line.entry.record)->second;
    if (!is_there(record)) add_record(record, planner);
  } else if (!line.entry.per.empty()) {
    add_per(line, planner);
  } else {
    add_line(line, planner);
  }
}

void LoadPlanner::add_entries(LoadPlan& plan) const {
  for (std::size_t i = 0; i < starts_.size(); ++i) {
    const auto end = i + 1 < starts_.size() ? starts_[i + 1].first : plan.blocks.size();
    PlannedEntry entry;
    entry.record = starts_[i].second;
    for (auto block = starts_[i].first; block < end; ++block) {
      entry.blocks.push_back(plan.blocks[block].get());
    }
    if (!entry.blocks.empty()) plan.entries.push_back(std::move(entry));
  }
}

void LoadPlanner::add_line(const Line& line, Planner& planner) {
  auto recipe = book_->recipe({line.entry.factory, line.arguments, {}}, find_record_);
  starts_.emplace_back(planner.blocks().size(), std::string{});
  planner.add_root(std::move(recipe), line.entry.count);
}

void LoadPlanner::add_record(const RecordDefinition& record, Planner& planner) {
  auto recipe = book_->recipe({record.factory, record.arguments, {}}, find_record_);
  starts_.emplace_back(planner.blocks().size(), record.name);
  planner.add_root(std::move(recipe), 1);
}

Record LoadPlanner::planned_record(const std::string& name, const Planner& planner) const {
  const auto found = std::find_if(starts_.begin(), starts_.end(),
                                  [&](const auto& start) { return start.second == name; });
  if (found == starts_.end()) {
    throw Error{
        ErrorCode::invalid_input,
        fmt::format("record '{}' is used, and no line before makes it; a part of a data set "
                    "does not look for it in a database: add '- record: {}'",
                    name, name)};
  }
  const auto& blocks = planner.blocks();
  const auto end = found + 1 != starts_.end() ? (found + 1)->first : blocks.size();
  PlannedEntry entry;
  for (auto i = found->first; i < end; ++i) entry.blocks.push_back(blocks[i].get());
  return entry.first_record(now_micros_);
}

void LoadPlanner::add_per(const Line& line, Planner& planner) {
  planner.begin_entry();
  const auto owners = planner.pool_of(line.entry.per);
  if (owners.size() == 0) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("there are no rows of '{}' before the entry that makes '{}' for each",
                            line.entry.per, line.entry.factory),
                {.where = line.entry.where}};
  }
  const auto link = link_of(line.entry);
  const auto starts = per_starts(line.entry, planner, owners);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    auto recipe = book_->recipe({line.entry.factory, line.arguments, link}, find_record_);
    starts_.emplace_back(planner.blocks().size(), std::string{});
    planner.add_per(*owners.blocks[i], std::move(recipe), starts[i]);
  }
}

/// Where the rows of each of the owners begin.
std::vector<ChildStarts> LoadPlanner::per_starts(const ScenarioEntry& entry, const Planner& planner,
                                                 const Pool& owners) {
  std::vector<Count> counts;
  for (const auto* owner : owners.blocks) {
    const auto& model = *owner->recipe->model;
    Diagnostics findings;
    auto count = book_->compile_count(*entry.per_count, model, findings);
    throw_if_any(std::move(findings));
    const auto key = book_->key(model, entry.factory + "#count");
    counts.push_back({std::make_shared<const Expression>(std::move(*count)), key, entry.factory,
                      entry.per_count->where});
  }
  std::vector<CountDrawer> drawers;
  std::vector<ChildStarts> starts;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (entry.per_total) {
      drawers.push_back(planner.counts_of(*owners.blocks[i], counts[i]));
    } else {
      starts.push_back(planner.starts_of(*owners.blocks[i], counts[i]));
    }
  }
  if (!entry.per_total) return starts;
  const auto scaled = scaled_counts(entry, owners, drawers, most_of(counts));
  for (std::size_t i = 0; i < scaled.size(); ++i) {
    starts.emplace_back(owners.blocks[i]->count, scaled[i]);
  }
  return starts;
}

/// The relation by which the rows hang on those they are made for.
std::string LoadPlanner::link_of(const ScenarioEntry& entry) {
  const auto& child = book_->models().at(entry.factory);
  const auto& parent = book_->models().at(entry.per);
  std::vector<std::string> links;
  for (const auto& relation : child.relations) {
    if (relation.key->parent != parent.table->name) continue;
    if (entry.via.empty() || entry.via == relation.name || has_column(*relation.key, entry.via)) {
      links.push_back(relation.name);
    }
  }
  if (links.size() == 1) return links.front();
  if (std::find(links.begin(), links.end(), entry.per) != links.end()) return entry.per;
  throw Error{ErrorCode::invalid_input,
              links.empty() ? fmt::format("'{}' has no relation to '{}'", entry.factory, entry.per)
                            : fmt::format("'{}' has several relations to '{}': {}; say which by "
                                          "'via'",
                                          entry.factory, entry.per, join(links, ", ")),
              {.where = entry.where}};
}

}  // namespace seedbed::detail
