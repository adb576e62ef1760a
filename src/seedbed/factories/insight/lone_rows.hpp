#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/insight/insight.hpp"
#include "seedbed/factories/plan/plan.hpp"
#include "seedbed/factories/recipes/recipe.hpp"
#include "seedbed/factories/record.hpp"
#include "seedbed/factories/rows/generator.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// Where rows are looked at without a database: one library under one schema.
struct Workshop {
  Workshop(const Definitions& factories, const Schema& schema, const SessionOptions& session)
      : definitions{factories}, options{session}, book{factories, schema, session.seed} {}

  const Definitions& definitions;
  SessionOptions options;
  RecipeBook book;
  std::set<std::string, std::less<>> open_records{};  // being built: for circles
};

/// Rows [first, last] of a factory with the rows they need, as a call would make them. Rows above
/// and below are numbered from 1, so what depends on them is that of an empty database.
class LoneRows {
 public:
  /// `observer` outlives the rows. Throws as `RecipeBook::recipe` and the planner.
  LoneRows(Workshop& workshop, std::string_view factory, const CallArguments& arguments,
           RowRange range, CellObserver* observer = nullptr);
  ~LoneRows() = default;
  LoneRows(const LoneRows&) = delete;  // frames refer to it
  LoneRows& operator=(const LoneRows&) = delete;

  [[nodiscard]] const Block& root() const noexcept { return *blocks_.front(); }
  [[nodiscard]] const Recipe& recipe() const noexcept { return *root().recipe; }
  [[nodiscard]] BlockFrame& frame() { return generation_.frame(root()); }
  /// The rows with what hangs on them; keys that the database makes are absent.
  [[nodiscard]] std::vector<Record> records();

 private:
  std::vector<std::unique_ptr<Block>> blocks_;
  Generation generation_;
};

/// The factory that `name` means: itself, or the one that makes rows of the table `name`. Throws
/// not_found, with the nearest name.
[[nodiscard]] std::string factory_named(Workshop& workshop, std::string_view name);

/// Whether a value depends on nothing but its row's number: no relation, no rows below.
[[nodiscard]] bool stands_alone(const Recipe& recipe, const CellPlan& cell);

}  // namespace seedbed::detail
