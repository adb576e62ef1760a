#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "seedbed/factories/plan/child_starts.hpp"
#include "seedbed/factories/recipes/recipe.hpp"

namespace seedbed::detail {

struct Block;

/// How rows of a block find the row above by one relation.
enum class TargetKind : unsigned char {
  none,
  ancestor,  ///< the row that they, or the rows they hang on, are children of
  block,     ///< a row of a block made for them: `Spread` says which
  pool,      ///< drawn from rows that the scenario counts
  existing,  ///< a record
  earlier,   ///< a row of the same block, or of the same list of children, before it
  implied,   ///< through a wider key
};

/// Which row of a block of parents belongs to a row below it.
enum class Spread : unsigned char { per_row, per_graph, single };

/// Rows that a reference may pick, as one numbered range.
struct Pool {
  std::vector<const Block*> blocks{};
  std::vector<std::uint64_t> ends{};  ///< running total of rows
  [[nodiscard]] std::uint64_t size() const noexcept { return ends.empty() ? 0 : ends.back(); }
};

/// How many rows are wanted below each row of a block.
struct Count {
  std::shared_ptr<const Expression> expression;
  std::uint64_t key = 0;  ///< of its draws
  std::string of{};       ///< what is counted, for messages
  SourceSpot where{};
};

/// How picks avoid rows that a unique key forbids.
enum class Distinct : unsigned char { no, siblings, table };

struct Target {
  TargetKind kind = TargetKind::none;
  const Block* block = nullptr;
  Spread spread = Spread::per_graph;
  Pool pool{};
  Distinct distinct = Distinct::no;
  std::uint64_t first_pick = 0;        ///< of picks that are distinct in the whole table
  std::vector<const Block*> before{};  ///< of picks that are distinct among siblings: earlier ones
  std::uint64_t pick_key = 0;          ///< of the permutation that distinct picks walk through
  /// What that is of: the pool's rows, or their combinations with those of other relations, in
  /// which this one's place is divided by `stride`.
  std::uint64_t combinations = 0;
  std::uint64_t stride = 1;
  const Record* existing = nullptr;  ///< belongs to a recipe

  /// Whether it is picked together with others.
  [[nodiscard]] bool combines() const noexcept;
  /// Whether picks of another block by the same relation walk through the same permutation.
  [[nodiscard]] bool same_walk(const Target& other) const noexcept;
};

/// Consecutive rows of one table that share a recipe: the rows asked for, the children of another
/// block's rows, or the parents made for them. Rows are addressed by their offset, from 0.
struct Block {
  std::size_t id = 0;
  RecipePointer recipe{};
  const Block* root = nullptr;  ///< whose rows each have a graph of their own; itself for a root
  const Block* owner =
      nullptr;  ///< the rows above of children, the rows below of parents; nullptr for a lone root
  bool parents = false;             ///< rows above `owner`, by `relation`
  std::size_t relation = 0;         ///< in the owner's recipe: a relation of parents, else children
  Spread spread = Spread::per_row;  ///< of parents
  std::uint64_t first_row = 1;
  std::uint64_t stride = 1;              ///< of row numbers, where several blocks share a range
  std::vector<std::uint64_t> skipped{};  ///< row numbers of the range that are left out, rising
  std::uint64_t first_index = 0;         ///< index of a parent's first child here
  std::uint64_t count = 0;
  const std::vector<const Block*>* together = nullptr;  ///< of a list whose rows differ: all so far
  /// Of children by owner offset, of parents per graph by root offset: where its rows begin.
  ChildStarts starts{};
  int level = -1;  ///< rows are written by rising level; -1 while its parents are being planned
  std::vector<Target> targets{};                      ///< as the recipe's relations
  std::vector<std::vector<const Block*>> children{};  ///< as the recipe's children
  std::size_t planned_children = 0;                   ///< how many of those are complete
  std::optional<std::int64_t> key_base{};  ///< keys that the database counts are base + row number
  std::vector<Value> keys{};               ///< or these, by offset, once they are known

  /// Whether its rows are below the owner's.
  [[nodiscard]] bool is_children() const noexcept { return owner != nullptr && !parents; }
  /// The blocks of its siblings, itself among them, where each sibling has a block of its own.
  [[nodiscard]] std::span<const Block* const> siblings() const noexcept;
  [[nodiscard]] std::uint64_t row(std::uint64_t offset) const noexcept {
    const auto row = first_row + offset * stride;
    return skipped.empty() ? row : past_skipped(row);
  }
  /// The owner's row that `offset` hangs on (children, or parents per row).
  [[nodiscard]] std::uint64_t owner_offset(std::uint64_t offset, StartsCache& cache) const;
  /// The root's row whose graph `offset` is part of.
  [[nodiscard]] std::uint64_t root_offset(std::uint64_t offset, StartsCache& cache) const;
  /// This block's rows that hang on the owner's rows [first, last).
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> rows_of_owner(std::uint64_t first,
                                                                      std::uint64_t last,
                                                                      StartsCache& cache) const;
  /// This block's rows in the graphs of the root's rows [first, last).
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> rows_of_root(std::uint64_t first,
                                                                     std::uint64_t last,
                                                                     StartsCache& cache) const;
  [[nodiscard]] std::uint64_t index(std::uint64_t offset, StartsCache& cache) const;

 private:
  [[nodiscard]] std::uint64_t past_skipped(std::uint64_t row) const noexcept;
};

/// Whether `parents` were made for rows that are its children by this very relation: those are then
/// its children.
[[nodiscard]] bool made_for(const Block& parents, const ChildrenPlan& children) noexcept;

}  // namespace seedbed::detail
