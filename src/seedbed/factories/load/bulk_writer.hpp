#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/load/load_plan.hpp"
#include "seedbed/factories/load/load_steps.hpp"

namespace seedbed::detail {

/// Loads the rows of planned entries: threads generate some root rows with their graphs at a time,
/// while those before them are sent.
class BulkWriter {
 public:
  BulkWriter(Connection& connection, std::int64_t now_micros, Progress& progress)
      : connection_{connection}, now_micros_{now_micros}, progress_{progress} {}

  /// Throws unavailable when the progress was interrupted.
  void write(const PlannedEntry& entry);
  /// The first root row of an entry.
  [[nodiscard]] Record first_record(const PlannedEntry& entry) const;

 private:
  void load(const LoadSteps& steps);
  void load_with_hooks(const LoadSteps& steps, const std::vector<WriteGroup>& groups);
  void load_batch(const WriteGroup& group, ColumnBatch& rows);
  void report(std::uint64_t roots);

  Connection& connection_;
  std::int64_t now_micros_;
  Progress& progress_;
  ProgressUpdate update_{};
};

}  // namespace seedbed::detail
