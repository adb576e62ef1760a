#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/bulk_load.hpp"
#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/load_streams.hpp"
#include "seedbed/factories/load/index_order.hpp"
#include "seedbed/factories/load/load_plan.hpp"
#include "seedbed/factories/load/load_steps.hpp"

namespace seedbed::detail {

/// Takes the rows of one table until the source ends; called for a table once or often.
using RowSink = std::function<void(const BulkTarget& target, const BatchSource& next)>;

/// Where the rows of a load go, and which.
struct BulkWork {
  RowSink sink;
  Connection* hooks = nullptr;  ///< where `after_create` runs; nowhere: refused
  const LoadPart& part;
  const CertifiedColumns* certified = nullptr;  ///< none: nothing is certified
  std::int64_t now_micros = 0;
  OrderingKeys order = OrderingKeys::none;  ///< that rows may go by, instead of as they are made
  LoadStreams* streams = nullptr;           ///< for the table that is the largest entry's only one
  const Table* streamed = nullptr;          ///< that table
};

/// Writes the rows of planned entries: threads generate some root rows with their graphs at a time,
/// while those before them are sent.
class BulkWriter {
 public:
  BulkWriter(BulkWork work, Progress& progress) : work_{std::move(work)}, progress_{progress} {}

  /// Throws invalid_input when a hook of these rows cannot run here; before any is written.
  void require_hooks(const LoadPlan& plan) const;
  /// Throws unavailable when the progress was interrupted.
  void write(const PlannedEntry& entry);
  /// Of the rows written so far, where they are certified.
  [[nodiscard]] const std::map<const Table*, RowSum>& sums() const noexcept { return sums_; }

 private:
  void load_table(const LoadSteps& steps);
  void load_table(const LoadSteps& steps, const RowSink& sink);
  [[nodiscard]] bool load_by_streams(const LoadSteps& steps);
  void load_graphs(const LoadSteps& steps);
  void load_with_hooks(const LoadSteps& steps, const std::vector<WriteGroup>& groups);
  void load_batch(const WriteGroup& group, ColumnBatch& rows);
  void add_sums(const LoadSteps& steps, const LoadStep& step);
  void report(std::uint64_t roots);

  BulkWork work_;
  Progress& progress_;
  std::map<const Table*, RowSum> sums_;
  ProgressUpdate update_{};
  std::uint64_t first_root_ = 0;  // of the entry at hand
};

}  // namespace seedbed::detail
