#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/load.hpp"
#include "seedbed/factories/load/bulk_writer.hpp"
#include "seedbed/factories/load/data_part.hpp"
#include "seedbed/factories/load/load_plan.hpp"
#include "seedbed/factories/load/load_steps.hpp"

namespace seedbed::detail {

/// The rows that a plan writes to each table, in the order they are written.
[[nodiscard]] std::vector<LoadedTable> written_tables(const std::vector<Block*>& blocks);
/// The same of a part of it.
[[nodiscard]] std::vector<LoadedTable> written_tables(const LoadPlan& plan, const LoadPart& part);

/// How they get into the database.
[[nodiscard]] std::vector<PlannedStatement> load_statements(Connection& connection,
                                                            const LoadPlan& plan,
                                                            const LoadPart& part);

/// Plans a part of a data set, alike everywhere. Throws as `LoadPlanner::plan` and `require_part`.
[[nodiscard]] LoadPlan plan_part(RecipeBook& book, LoadPlanner& planner, PartNumbers& numbers,
                                 const LoadPart& part, std::int64_t now_micros);

/// What the rows of a load add up to, where its request asks for that.
class CertifiedLoad {
 public:
  /// Both outlive it.
  CertifiedLoad(const LoadRequest& request, const LoadPlan& plan);

  /// What rows are certified by; nullptr where that is not asked for.
  [[nodiscard]] const CertifiedColumns* columns() const noexcept;
  /// The tables that `writer` wrote.
  [[nodiscard]] std::vector<LoadedTable> tables(const BulkWriter& writer) const;

 private:
  const LoadRequest& request_;
  const LoadPlan& plan_;
  std::map<const Table*, TableCertificate> certificates_;
  CertifiedColumns columns_;
};

}  // namespace seedbed::detail
