#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "seedbed/factories/load.hpp"
#include "seedbed/factories/plan/plan.hpp"
#include "seedbed/factories/recipes/recipe.hpp"
#include "seedbed/factories/rows/write_group.hpp"

namespace seedbed::detail {

/// The blocks of one entry, its root first. Several entries stand for one line of a scenario where
/// each block of parents gets children of its own.
struct PlannedEntry {
  std::vector<Block*> blocks{};
  std::vector<WriteGroup> groups{};  ///< of the blocks, parents before children
  std::string record{};              ///< the record that the only root row is

  [[nodiscard]] const Block& root() const noexcept { return *blocks.front(); }
  /// The first root row, as it is planned.
  [[nodiscard]] Record first_record(std::int64_t now_micros) const;
};

struct LoadPlan {
  std::vector<std::unique_ptr<Block>> blocks{};
  std::vector<PlannedEntry> entries{};
};

/// Whether a record's row is there already, and is not to be made.
using RecordTest = std::function<bool(const RecordDefinition& record)>;

/// Plans a load: all of it before the first row is written.
class LoadPlanner {
 public:
  /// Throws not_found for an unknown scenario. `library` outlives the planner.
  LoadPlanner(const FactoryLibrary& library, const LoadRequest& request);

  /// Throws not_found for an unknown factory, invalid_input for what cannot be planned. Without
  /// `find_record` in the context, rows may refer to records of earlier lines only.
  [[nodiscard]] LoadPlan plan(PlanContext context, const RecordTest& is_there);
  /// Of the lines that say how many rows they make, the one with the most; empty: none.
  [[nodiscard]] LoadEntry largest_line() const;

 private:
  struct Line {
    ScenarioEntry entry{};
    CallArguments arguments{};
  };

  /// Shares the blocks out among the entries.
  void add_entries(LoadPlan& plan) const;
  void add(const Line& line, Planner& planner, const RecordTest& is_there);
  void add_line(const Line& line, Planner& planner);
  void add_per(const Line& line, Planner& planner);
  [[nodiscard]] std::vector<ChildStarts> per_starts(const ScenarioEntry& entry,
                                                    const Planner& planner, const Pool& owners);
  void add_record(const RecordDefinition& record, Planner& planner);
  [[nodiscard]] Record planned_record(const std::string& name, const Planner& planner) const;
  [[nodiscard]] std::string link_of(const ScenarioEntry& entry);

  const FactoryLibrary& library_;
  std::vector<Line> lines_;
  RecipeBook* book_ = nullptr;  // while planning
  RecordFinder find_record_;
  std::int64_t now_micros_ = 0;
  std::vector<std::pair<std::size_t, std::string>> starts_;  // first block and record of each entry
};

}  // namespace seedbed::detail
