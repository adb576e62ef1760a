#include "seedbed/factories/load/load_plan.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/number_text.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/plan/totals.hpp"
#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/rows/hook_runner.hpp"
#include "seedbed/factories/rows/record_store.hpp"

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

[[noreturn]] void refuse_total(const ScenarioEntry& entry, std::uint64_t owners) {
  throw Error{ErrorCode::invalid_input,
              fmt::format("a total of {} rows of '{}' cannot be spread over {} rows of '{}' whose "
                          "counts are all 0",
                          grouped(*entry.per_total), entry.factory, grouped(owners), entry.per),
              {.where = entry.where}};
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

LoadPlanner::LoadPlanner(SessionState& state, const LoadRequest& request) : state_{state} {
  if (!request.scenario.empty()) {
    for (const auto& entry : scenario_of(state.library, request.scenario).entries) {
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

std::int64_t LoadPlanner::base_of(const Table& table, const Column& counted,
                                  std::uint64_t first_row, Use use) {
  const auto known = bases_.find(&table);
  if (known != bases_.end()) return known->second;
  const auto& engine = state_.connection.engine();
  const auto lock = engine.lock_table_sql(table.name);
  if (use == Use::write && !lock.empty()) state_.connection.execute(lock);
  const auto highest = state_.connection.query_value(
      fmt::format("SELECT MAX({}) FROM {}", engine.quote(counted.name), engine.quote(table.name)));
  const auto top = highest.is_null() ? std::int64_t{0} : highest.as<std::int64_t>();
  const auto base = std::max<std::int64_t>(0, top - static_cast<std::int64_t>(first_row - 1));
  return bases_[&table] = base;
}

LoadPlan LoadPlanner::plan(RowNumbers::Stretch& stretch, Use use) {
  const RecordFinder find = [this, use](const std::string& name) {
    return use == Use::write ? state_.record(name) : state_.look_at_record(name);
  };
  auto context = state_.plan_context(stretch, find, state_.rows_taken());
  context.key_base = [this, &stretch, use](const Table& table) -> std::optional<std::int64_t> {
    const auto* counted = counted_column(table);
    if (counted == nullptr) return std::nullopt;
    return base_of(table, *counted, stretch.next(table), use);
  };
  Planner planner{std::move(context)};
  for (const auto& line : lines_) {
    at_entry(line.entry.where, [&] {
      if (!line.entry.record.empty()) {
        add_record(line, planner, find);
      } else if (!line.entry.per.empty()) {
        add_per(line, planner, find);
      } else {
        add_line(line, planner, find);
      }
    });
  }
  LoadPlan plan;
  plan.blocks = std::move(planner.blocks());
  require_bulk_hooks(plan.blocks);
  add_entries(plan);
  return plan;
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

void LoadPlanner::add_line(const Line& line, Planner& planner, const RecordFinder& find_record) {
  auto recipe = state_.book.recipe({line.entry.factory, line.arguments, {}}, find_record);
  starts_.emplace_back(planner.blocks().size(), std::string{});
  planner.add_root(std::move(recipe), line.entry.count);
}

void LoadPlanner::add_record(const Line& line, Planner& planner, const RecordFinder& find_record) {
  const auto& record = state_.library.definitions().records.find(line.entry.record)->second;
  RecordStore store{state_.connection, state_.schema};
  if (store.find(record.name, record.factory)) return;
  auto recipe = state_.book.recipe({record.factory, record.arguments, {}}, find_record);
  starts_.emplace_back(planner.blocks().size(), record.name);
  planner.add_root(std::move(recipe), 1);
}

void LoadPlanner::add_per(const Line& line, Planner& planner, const RecordFinder& find_record) {
  planner.begin_entry();
  const auto owners = planner.pool_of(line.entry.per);
  if (owners.size() == 0) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("there are no rows of '{}' before the entry that makes '{}' for each",
                            line.entry.per, line.entry.factory),
                {.where = line.entry.where}};
  }
  const auto link = link_of(line.entry);
  auto counts = per_counts(line.entry, planner, owners);
  auto begin = counts.begin();
  for (const auto* owner : owners.blocks) {
    auto recipe = state_.book.recipe({line.entry.factory, line.arguments, link}, find_record);
    starts_.emplace_back(planner.blocks().size(), std::string{});
    const auto end = begin + static_cast<std::ptrdiff_t>(owner->count);
    planner.add_per(*owner, std::move(recipe), {begin, end});
    begin = end;
  }
}

/// How many rows each row of the owners gets, one owner after the other.
std::vector<std::uint64_t> LoadPlanner::per_counts(const ScenarioEntry& entry,
                                                   const Planner& planner, const Pool& owners) {
  std::vector<std::uint64_t> counts;
  std::optional<std::uint64_t> most = 0;
  for (const auto* owner : owners.blocks) {
    const auto& model = *owner->recipe->model;
    Diagnostics findings;
    const auto count = state_.book.compile_count(*entry.per_count, model, findings);
    throw_if_any(std::move(findings));
    const auto key = state_.book.key(model, entry.factory + "#count");
    const auto some =
        planner.counts_of(*owner, {*count, key, entry.factory, entry.per_count->where});
    counts.insert(counts.end(), some.begin(), some.end());
    const auto limit = most_of(*count);
    most = most && limit ? std::optional{std::max(*most, *limit)} : std::nullopt;
  }
  if (!entry.per_total) return counts;
  if (!can_scale(counts, *entry.per_total, most)) most.reset();
  if (!can_scale(counts, *entry.per_total, most)) refuse_total(entry, counts.size());
  scale_counts(counts, *entry.per_total, most);
  return counts;
}

/// The relation by which the rows hang on those they are made for.
std::string LoadPlanner::link_of(const ScenarioEntry& entry) {
  const auto& child = state_.book.models().at(entry.factory);
  const auto& parent = state_.book.models().at(entry.per);
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
