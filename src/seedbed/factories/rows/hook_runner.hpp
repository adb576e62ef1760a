#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/recipes/hook_plan.hpp"
#include "seedbed/factories/record_graph.hpp"
#include "seedbed/factories/rows/generator.hpp"
#include "seedbed/factories/rows/writer.hpp"
#include "seedbed/factories/session.hpp"

namespace seedbed::detail {

/// Runs the hooks of rows that are written: rows in the order they are written, parents first, and
/// the hooks of each row in the order of its layers.
class HookRunner {
 public:
  enum class Use : unsigned char { create, load };

  HookRunner(Connection& connection, Use use) : connection_{connection}, use_{use} {}

  /// The first hook to run for any of these rows, or nullptr.
  [[nodiscard]] static const HookPlan* find_work(const std::vector<WriteGroup>& groups, Use use);
  /// `graph` holds the rows that `generation` has at hand, block by block as in `blocks`.
  void run(const std::vector<WriteGroup>& groups, const std::vector<const Block*>& blocks,
           const Generation& generation, const std::shared_ptr<const RecordGraph>& graph);

 private:
  void run(const Recipe& recipe, const Record& record);
  void run(const HookPlan& hook, const Record& record);

  Connection& connection_;
  Use use_;
};

/// Adds the statements of hooks to run for so many rows of a block; functions have none.
void add_hooks(std::vector<PlannedStatement>& statements, const Block& block, std::uint64_t rows,
               HookRunner::Use use, const Engine& engine);

/// Refuses rows to load whose hooks do not say what a load does with them. Throws invalid_input
/// with every such hook.
void require_bulk_hooks(const std::vector<std::unique_ptr<Block>>& blocks);

}  // namespace seedbed::detail
