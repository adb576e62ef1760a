#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "seedbed/factories/plan/block.hpp"
#include "seedbed/factories/recipes/recipe.hpp"

namespace seedbed::detail {

/// Hands out row numbers: the first of `count` consecutive ones of a table.
using RowTaker = std::function<std::uint64_t(const Table& table, std::uint64_t count)>;
/// Row numbers of [first, last] whose value in a unique column of the recipe the database holds
/// already, by whatever way it came there.
using TakenRows = std::function<std::set<std::uint64_t>(const Recipe& recipe, std::uint64_t first,
                                                        std::uint64_t last)>;
/// The base of the keys of a table's bulk load, or nothing when keys come from the database's
/// counter.
using KeyBase = std::function<std::optional<std::int64_t>(const Table& table)>;

/// What planning needs from its surroundings.
struct PlanContext {
  RecipeBook& book;
  RecordFinder find_record;
  RowTaker take_rows;
  KeyBase key_base;
  TakenRows taken_rows{};  ///< none when it is empty
  std::int64_t now_micros = 0;
};

/// Decides which rows are made, before any is: blocks with their row numbers, and where each
/// relation leads. References pick from the blocks of entries that were added before.
class Planner {
 public:
  explicit Planner(PlanContext context) : context_{std::move(context)} {}

  /// Ends the entry before: its rows are counted, and the next one shares no graph with it.
  void begin_entry();
  /// `count` rows of a recipe, each with a graph of its own.
  const Block& add_root(RecipePointer recipe, std::uint64_t count);
  /// One row of each recipe, numbered together, each with a graph of its own; once.
  void add_roots(const std::vector<RecipePointer>& recipes);
  /// How many rows `count` asks for below rows of `owner`, which outlives it. The drawer throws
  /// invalid_input for what is no count.
  [[nodiscard]] CountDrawer counts_of(const Block& owner, Count count) const;
  /// Of all of them. Throws as that, and for too many rows.
  [[nodiscard]] ChildStarts starts_of(const Block& owner, Count count) const;
  /// Rows of a recipe that hang by its link on the rows of `owner`.
  const Block& add_per(const Block& owner, RecipePointer recipe, ChildStarts starts);
  [[nodiscard]] const std::vector<std::unique_ptr<Block>>& blocks() const noexcept {
    return blocks_;
  }
  [[nodiscard]] std::vector<std::unique_ptr<Block>>& blocks() noexcept { return blocks_; }
  /// Blocks added so far whose factory is, or extends, `factory`.
  [[nodiscard]] Pool pool_of(std::string_view factory) const;

 private:
  struct Step {
    std::string factory;
    std::string relation;
  };
  /// A parent's place in the current graph: its table and the name of the relation.
  using Meeting = std::pair<TableName, std::string>;

  Block& add_block(RecipePointer recipe);
  void connect(Block& block);
  [[nodiscard]] Target target_of(Block& block, std::size_t relation);
  [[nodiscard]] Target create_parents(Block& block, std::size_t relation, Spread spread);
  [[nodiscard]] bool is_alone(const Block& block, std::size_t relation) const;
  [[nodiscard]] std::optional<Target> meet(const Block& block, const RelationPlan& plan) const;
  [[nodiscard]] std::optional<Target> pick(const Block& block, const RelationPlan& plan) const;
  void add_children(Block& block);
  void add_children(Block& block, std::size_t relation);
  void add_listed(Block& block, std::size_t relation);
  [[nodiscard]] Block& begin_children(const Block& owner, RecipePointer recipe);
  struct Numbers {
    std::uint64_t first = 1;
    std::vector<std::uint64_t> skipped{};
  };
  /// Numbers for `count` rows of recipes that share a range.
  [[nodiscard]] Numbers take_numbers(std::span<const RecipePointer> recipes,
                                     std::uint64_t count) const;
  void number(Block& block) const;
  [[nodiscard]] std::set<std::uint64_t> taken_numbers(std::span<const RecipePointer> recipes,
                                                      std::uint64_t first,
                                                      std::uint64_t last) const;
  enum class Circle : unsigned char { refused, ends };
  void enter(const std::string& factory, const std::string& relation,
             Circle circle = Circle::refused);

  PlanContext context_;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::map<Meeting, Target> meetings_;           // of the entry being planned
  std::map<Meeting, Target> scenario_meetings_;  // of all entries
  std::vector<Step> path_;
  std::vector<const Block*> together_;  // the rows of a list that differ
  std::size_t entry_start_ = 0;         // blocks of earlier entries come before
};

}  // namespace seedbed::detail
