#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "seedbed/core/column_batch.hpp"
#include "seedbed/factories/load/load_plan.hpp"
#include "seedbed/factories/load/row_hasher.hpp"
#include "seedbed/factories/rows/generator.hpp"
#include "seedbed/factories/rows/write_group.hpp"

namespace seedbed::detail {

/// Some root rows of an entry with their graphs, ready to be loaded.
struct LoadStep {
  std::uint64_t last_root = 0;         ///< offset behind the last root row
  std::vector<ColumnBatch> batches{};  ///< as the entry's groups
  std::vector<RowSum> sums{};          ///< of the batches, where rows are certified
};

/// The columns that rows of each table are certified by.
using CertifiedColumns = std::map<const Table*, std::vector<std::string>>;

/// An entry cut into steps, so that memory does not grow with the number of rows.
class LoadSteps {
 public:
  /// The root rows [first, second) of an entry; groups are some of those that `group_blocks` gives.
  /// Both outlive it.
  LoadSteps(const PlannedEntry& entry, std::span<const WriteGroup> groups,
            std::pair<std::uint64_t, std::uint64_t> roots);

  [[nodiscard]] std::uint64_t count() const noexcept;
  [[nodiscard]] std::span<const WriteGroup> groups() const noexcept { return groups_; }
  [[nodiscard]] const std::vector<const Block*>& blocks() const noexcept { return blocks_; }
  /// The root rows [first, second) of a step.
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> roots(std::uint64_t step) const noexcept;
  /// Root rows whose graphs are generated at once: few enough for a processor's cache.
  [[nodiscard]] std::uint64_t roots_at_once() const noexcept { return roots_at_once_; }

 private:
  std::span<const WriteGroup> groups_;
  std::vector<const Block*> blocks_;
  std::uint64_t first_ = 0;  // root rows [first, last)
  std::uint64_t last_ = 0;
  std::uint64_t roots_at_once_ = 1;
  std::uint64_t roots_per_step_ = 1;
};

/// How many threads make them.
[[nodiscard]] std::uint64_t maker_threads(const LoadSteps& steps) noexcept;

/// Makes any of the steps; one for each thread.
class StepMaker {
 public:
  /// `steps` outlives it. Certifies nothing without `certified`.
  StepMaker(const LoadSteps& steps, std::int64_t now_micros, const CertifiedColumns* certified);

  void make(std::uint64_t step, LoadStep& result);

 private:
  const LoadSteps& steps_;
  Generation generation_;
  std::vector<RowHasher> hashers_;  // as the groups, or none
};

/// Appends the rows of the group that the generation holds; a column of the batch for each of
/// `columns`.
void append_rows(ColumnBatch& batch, const Generation& generation, const WriteGroup& group,
                 std::span<const std::size_t> columns);

/// The columns that a load writes: those that rows carry, and keys that are counted before; in the
/// table's order.
[[nodiscard]] std::vector<std::size_t> loaded_columns(const WriteGroup& group);
[[nodiscard]] std::vector<std::string> loaded_names(const WriteGroup& group);

}  // namespace seedbed::detail
