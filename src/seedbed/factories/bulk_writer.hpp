#pragma once

#include <cstdint>
#include <string>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/load_plan.hpp"

namespace seedbed::detail {

/// Generates the rows of planned entries and loads them in bulk: some root rows with their graphs
/// at a time, so that memory does not grow with the number of rows.
class BulkWriter {
 public:
  BulkWriter(Connection& connection, std::int64_t now_micros, Progress& progress)
      : connection_{connection}, now_micros_{now_micros}, progress_{progress} {}

  /// Throws unavailable when the progress was interrupted.
  void write(const PlannedEntry& entry);
  /// The first root row of an entry.
  [[nodiscard]] Record first_record(const PlannedEntry& entry) const;

 private:
  void write_group(Generation& generation, const WriteGroup& group);

  Connection& connection_;
  std::int64_t now_micros_;
  Progress& progress_;
  std::string buffer_{};
};

}  // namespace seedbed::detail
