#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "seedbed/factories/load.hpp"
#include "seedbed/factories/plan/plan.hpp"
#include "seedbed/factories/session_state.hpp"

namespace seedbed::detail {

/// The blocks of one entry, its root first. Several entries stand for one line of a scenario where
/// each block of parents gets children of its own.
struct PlannedEntry {
  std::vector<Block*> blocks{};
  std::string record{};  ///< the record that the only root row is

  [[nodiscard]] const Block& root() const noexcept { return *blocks.front(); }
};

struct LoadPlan {
  std::vector<std::unique_ptr<Block>> blocks{};
  std::vector<PlannedEntry> entries{};
};

/// Plans a load: all of it before the first row is written.
class LoadPlanner {
 public:
  enum class Use : unsigned char { write, look };

  /// Throws not_found for an unknown scenario or factory. `state` and `request` outlive the
  /// planner.
  LoadPlanner(SessionState& state, const LoadRequest& request);

  [[nodiscard]] LoadPlan plan(RowNumbers::Stretch& stretch, Use use);

 private:
  struct Line {
    ScenarioEntry entry{};
    CallArguments arguments{};
  };

  /// Shares the blocks out among the entries.
  void add_entries(LoadPlan& plan) const;
  void add_line(const Line& line, Planner& planner, const RecordFinder& find_record);
  void add_per(const Line& line, Planner& planner, const RecordFinder& find_record);
  [[nodiscard]] std::vector<std::uint64_t> per_counts(const ScenarioEntry& entry,
                                                      const Planner& planner, const Pool& owners);
  void add_record(const Line& line, Planner& planner, const RecordFinder& find_record);
  [[nodiscard]] std::string link_of(const ScenarioEntry& entry);
  [[nodiscard]] std::int64_t base_of(const Table& table, const Column& counted,
                                     std::uint64_t first_row, Use use);

  SessionState& state_;
  std::vector<Line> lines_;
  std::map<const Table*, std::int64_t> bases_;
  std::vector<std::pair<std::size_t, std::string>> starts_;  // first block and record of each entry
};

}  // namespace seedbed::detail
