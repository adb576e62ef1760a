#include "seedbed/factories/load/load_estimate.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "seedbed/factories/load/data_part.hpp"
#include "seedbed/factories/load/load_steps.hpp"
#include "seedbed/factories/load/written_rows.hpp"
#include "seedbed/factories/rows/generator.hpp"

namespace seedbed::detail {

namespace {

constexpr std::uint64_t kSampledRows = 256;  // of a block
// Measured: vectors and texts that grow hold half as much again.
constexpr double kGrowth = 1.5;
constexpr double kBytesOfThread = 2e6;  // values of the rows at hand, as expressions see them

struct GroupEstimate {
  double rows = 0;
  RowBytes bytes{};      ///< of a row where it goes
  double in_memory = 0;  ///< of a row in a batch
};

/// As many of [first, last) as are looked at, equally far from each other.
std::vector<std::uint64_t> spread(std::uint64_t first, std::uint64_t last) {
  const auto rows = last - first;
  const auto sampled = std::min(rows, kSampledRows);
  std::vector<std::uint64_t> offsets;
  for (std::uint64_t i = 0; i < sampled; ++i) {
    offsets.push_back(first + rows / sampled * i + rows % sampled * i / sampled);
  }
  return offsets;
}

class Estimator {
 public:
  explicit Estimator(const JudgedLoad& load) : load_{load} {
    generation_.now_micros = load.now_micros;
  }

  void add(const PlannedEntry& entry) {
    const auto roots = rows_in_part(entry.root(), load_.part);
    auto groups = entry.groups;
    std::erase_if(groups, [&](const auto& group) { return !has_table(load_.part, *group.table); });
    if (groups.empty() || roots.first == roots.second) return;
    sample(entry);
    const LoadSteps steps{entry, groups, roots};
    const auto [first, last] = steps.roots(0);
    const auto share =
        static_cast<double>(last - first) / static_cast<double>(roots.second - roots.first);
    double step = 0;
    double run = 0;
    for (const auto& group : groups) {
      const auto found = judge(group);
      add(group, found);
      step += found.rows * share * found.in_memory;
      if (groups.size() == 1) run = run_bytes(group, found);
    }
    const auto threads = static_cast<double>(maker_threads(steps));
    // The pipeline's, and the one that is being sent.
    memory_ = std::max(memory_, (threads + 2) * step * kGrowth + run + threads * kBytesOfThread);
  }

  [[nodiscard]] LoadPreview preview() const {
    LoadPreview preview;
    for (const auto& table : written_tables(load_.plan, load_.part)) {
      const auto found = bytes_.find(table.table);
      const auto bytes = found != bytes_.end() ? found->second : RowBytes{};
      preview.tables.push_back({table, static_cast<std::uint64_t>(bytes.row),
                                static_cast<std::uint64_t>(bytes.indexes)});
    }
    preview.memory = static_cast<std::uint64_t>(memory_);
    return preview;
  }

 private:
  void sample(const PlannedEntry& entry) {
    generation_.batch.clear();
    generation_.arena.reset();
    offsets_.clear();
    for (const auto* block : entry.blocks) {
      const auto [first, last] = rows_in_part(*block, load_.part);
      const auto& offsets =
          offsets_.emplace_back(std::make_unique<std::vector<std::uint64_t>>(spread(first, last)));
      if (block->id >= generation_.batch.size()) generation_.batch.resize(block->id + 1);
      generation_.batch[block->id] = std::make_unique<BlockFrame>(generation_, *block, *offsets);
    }
  }

  [[nodiscard]] GroupEstimate judge(const WriteGroup& group) const {
    const auto columns = loaded_columns(group);
    ColumnBatch rows{columns.size()};
    append_rows(rows, generation_, group, columns);
    GroupEstimate found;
    for (const auto* block : group.blocks) {
      const auto [first, last] = rows_in_part(*block, load_.part);
      found.rows += static_cast<double>(last - first);
    }
    if (rows.row_count() == 0) return found;
    found.bytes = load_.sizer({*group.table, columns, rows});
    found.in_memory = static_cast<double>(rows.bytes()) / static_cast<double>(rows.row_count()) +
                      static_cast<double>(columns.size());
    return found;
  }

  void add(const WriteGroup& group, const GroupEstimate& found) {
    auto& bytes = bytes_[group.table->name];
    bytes.row += found.rows * found.bytes.row;
    bytes.indexes += found.rows * found.bytes.indexes;
  }

  [[nodiscard]] double run_bytes(const WriteGroup& group, const GroupEstimate& found) const {
    const auto rows = static_cast<std::size_t>(found.rows);
    const BulkTarget target{*group.table, loaded_names(group)};
    const auto held = rows_in_run(target, load_.order, rows, found.in_memory);
    return static_cast<double>(held) * (found.in_memory * kGrowth + kBytesOfOrderedRow);
  }

  const JudgedLoad& load_;
  Generation generation_;
  std::vector<std::unique_ptr<std::vector<std::uint64_t>>> offsets_;
  std::map<TableName, RowBytes> bytes_;
  double memory_ = 0;
};

}  // namespace

LoadPreview estimate(const JudgedLoad& load) {
  Estimator estimator{load};
  for (const auto& entry : load.plan.entries) estimator.add(entry);
  return estimator.preview();
}

bool is_worth_judging(const LoadPlan& plan, const LoadPart& part) {
  std::uint64_t rows = 0;
  for (const auto& table : written_tables(plan, part)) rows += table.rows;
  return rows >= kFewestJudgedRows;
}

}  // namespace seedbed::detail
