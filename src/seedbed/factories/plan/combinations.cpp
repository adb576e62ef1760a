// Picks of several references that a unique key takes together.
#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "seedbed/core/number_text.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/plan/target_rules.hpp"
#include "seedbed/factories/rows/generator.hpp"

namespace seedbed::detail {

namespace {

// What `Permutation` can hold.
constexpr std::uint64_t kMostCombinations = std::uint64_t{1} << 62U;

/// What the columns of a unique key come from.
struct Members {
  std::vector<std::size_t> picks{};  ///< relations that are picked, not yet kept apart
  bool linked = false;               ///< the row above that makes the rows siblings is one
  bool varies = false;               ///< others are not the same in all rows that are compared
  bool settled = false;              ///< no two rows have the same anyway
};

class CombinationPicker {
 public:
  CombinationPicker(Block& block, const Blocks& blocks, RecipeBook& book)
      : block_{block}, blocks_{blocks}, book_{book} {}

  void keep_apart(const std::vector<std::string>& unique) {
    const auto members = members_of(unique);
    if (!members || members->settled || members->picks.empty()) return;
    Target plan;
    plan.distinct = members->linked ? Distinct::siblings : Distinct::table;
    plan.pick_key = book_.key(*block_.recipe->model, join(unique, ",") + "#unique");
    plan.combinations = 1;
    auto picks = members->picks;
    std::vector<std::uint64_t> strides;
    for (auto pick = picks.begin(); pick != picks.end(); ++pick) {
      const auto size = block_.targets[*pick].pool.size();
      if (size > kMostCombinations / plan.combinations) {
        // Enough combinations without the rest, which draw freely.
        picks.erase(pick, picks.end());
        break;
      }
      strides.push_back(plan.combinations);
      plan.combinations *= size;
    }
    for (std::size_t i = 0; i < picks.size(); ++i) {
      auto& target = block_.targets[picks[i]];
      target.distinct = plan.distinct;
      target.pick_key = plan.pick_key;
      target.combinations = plan.combinations;
      target.stride = strides[i];
    }
    const auto needed =
        members->linked ? continue_siblings(unique, picks) : continue_table(unique, picks);
    if (needed <= plan.combinations) return;
    if (!members->varies) refuse(unique, picks, needed);
    for (const auto pick : picks) block_.targets[pick].distinct = Distinct::no;
  }

 private:
  [[nodiscard]] std::optional<Members> members_of(const std::vector<std::string>& unique) const {
    const auto& recipe = *block_.recipe;
    Members members;
    bool differs_by_owner = false;
    std::vector<const Target*> combined;
    for (const auto& column : unique) {
      const auto& plan = recipe.columns[recipe.table().column_index(column)];
      if (plan.source == ColumnSource::cell && is_literal(recipe.cells[plan.index])) continue;
      if (plan.source != ColumnSource::relation) return std::nullopt;
      const auto& target = block_.targets[plan.index];
      const bool link = recipe.relations[plan.index].use == RelationUse::link;
      if (target.kind == TargetKind::pool && target.distinct == Distinct::no) {
        members.picks.push_back(plan.index);
      } else if (link) {
        members.linked = true;
      } else if (differs(target)) {
        members.settled = true;
      } else if (target.combines()) {
        combined.push_back(&target);
      } else if (!is_shared(block_, target)) {
        members.varies = true;
      } else {
        differs_by_owner = differs_by_owner || target.kind == TargetKind::ancestor ||
                           (target.kind == TargetKind::block && target.spread != Spread::single);
      }
    }
    members.varies = members.varies || !combined.empty() || (differs_by_owner && !members.linked);
    members.settled = members.settled || holds_combination(combined, members.linked);
    auto& picks = members.picks;  // once each: a key may have several columns in the unique one
    std::sort(picks.begin(), picks.end());
    picks.erase(std::unique(picks.begin(), picks.end()), picks.end());
    return members;
  }

  /// Whether all picks of some combination are among these.
  [[nodiscard]] bool holds_combination(const std::vector<const Target*>& combined,
                                       bool linked) const {
    return std::any_of(combined.begin(), combined.end(), [&](const Target* one) {
      const auto of_it = [&](const Target& target) {
        return target.combines() && target.pick_key == one->pick_key;
      };
      const auto all = std::count_if(block_.targets.begin(), block_.targets.end(), of_it);
      const auto here = std::count_if(combined.begin(), combined.end(),
                                      [&](const Target* target) { return of_it(*target); });
      return all == here && (one->distinct == Distinct::table || linked);
    });
  }

  static bool is_literal(const CellPlan& cell) {
    return cell.candidates.size() == 1 && cell.candidates.front().value.literal_value() != nullptr;
  }

  /// Whether no two rows of the block have the same row above.
  [[nodiscard]] bool differs(const Target& target) const {
    if (target.kind == TargetKind::pool) {
      return target.distinct == Distinct::table && !target.combines();
    }
    if (target.kind != TargetKind::block) return false;
    return target.spread == Spread::per_row ||
           (target.spread == Spread::per_graph && block_.root == &block_);
  }

  /// Goes on where earlier blocks of the table stopped; how many combinations that takes.
  std::uint64_t continue_table(const std::vector<std::string>& unique,
                               const std::vector<std::size_t>& picks) {
    std::uint64_t first = 0;
    for (const auto& other : blocks_) {
      const bool same_table = &other->recipe->table() == &block_.recipe->table();
      if (other->id >= block_.id || other->count == 0 || !same_table) continue;
      if (is_apart(*other, unique)) continue;
      require_same_picks(*other, picks);
      first += other->count;
    }
    for (const auto pick : picks) block_.targets[pick].first_pick = first;
    return first + block_.count;
  }

  std::uint64_t continue_siblings(const std::vector<std::string>& unique,
                                  const std::vector<std::size_t>& picks) {
    auto before = siblings_before(block_, blocks_);
    const auto apart = [&](const Block* other) { return is_apart(*other, unique); };
    before.erase(std::remove_if(before.begin(), before.end(), apart), before.end());
    for (const auto* other : before) require_same_picks(*other, picks);
    for (const auto pick : picks) block_.targets[pick].before = before;
    return most_siblings(block_, before);
  }

  /// Whether a column of the key that is given has another value in all rows of the other block.
  [[nodiscard]] bool is_apart(const Block& other, const std::vector<std::string>& unique) const {
    return std::any_of(unique.begin(), unique.end(), [&](const auto& column) {
      const auto here = given_value(block_, column);
      const auto there = given_value(other, column);
      return here && there && *here != *there;
    });
  }

  static std::optional<std::string> given_value(const Block& block, const std::string& column) {
    const auto& recipe = *block.recipe;
    const auto& plan = recipe.columns[recipe.table().column_index(column)];
    if (plan.source == ColumnSource::cell && is_literal(recipe.cells[plan.index])) {
      return to_text(*recipe.cells[plan.index].candidates.front().value.literal_value());
    }
    if (plan.source != ColumnSource::relation) return std::nullopt;
    const auto& target = block.targets[plan.index];
    if (target.kind != TargetKind::existing) return std::nullopt;
    const auto& parent_column = recipe.relations[plan.index].key->parent_columns[plan.member];
    const auto* declared = target.existing->find_column(parent_column);
    if (declared == nullptr || !target.existing->has(parent_column)) return std::nullopt;
    return to_text(scalar_of((*target.existing)[parent_column], *declared));
  }

  void require_same_picks(const Block& other, const std::vector<std::size_t>& picks) const {
    const bool same = std::all_of(picks.begin(), picks.end(), [&](std::size_t pick) {
      return block_.targets[pick].same_walk(other.targets[pick]);
    });
    if (same) return;
    refuse(
        fmt::format("rows of table '{}' that are planned before are picked in another way, and "
                    "may repeat these; make all of them in one entry, after the rows that they "
                    "refer to",
                    block_.recipe->table().name.to_string()));
  }

  [[noreturn]] void refuse(const std::vector<std::string>& unique,
                           const std::vector<std::size_t>& picks, std::uint64_t needed) const {
    std::vector<std::string> pools;
    std::uint64_t available = 1;
    for (const auto pick : picks) {
      const auto& pool = block_.targets[pick].pool;
      available *= pool.size();
      pools.push_back(grouped(pool.size()) + " " +
                      pool.blocks.front()->recipe->table().name.to_string());
    }
    const std::string what = picks.size() == 1 ? "rows" : picks.size() == 2 ? "pairs" : "tuples";
    refuse(fmt::format(
        "the unique key ({}) needs {} {}{}, has {} = {}", join(unique, ", "), grouped(needed), what,
        block_.targets[picks.front()].distinct == Distinct::siblings ? " below one row" : "",
        grouped(available), join(pools, " x ")));
  }

  [[noreturn]] void refuse(const std::string& reason) const {
    throw Error{ErrorCode::invalid_input,
                fmt::format("factory '{}': {}", block_.recipe->model->name, reason)};
  }

  Block& block_;
  const Blocks& blocks_;
  RecipeBook& book_;
};

}  // namespace

void pick_combinations(Block& block, const Blocks& blocks, RecipeBook& book) {
  if (block.count == 0 || block.targets.empty()) return;
  CombinationPicker picker{block, blocks, book};
  for (const auto& unique : unique_keys(block.recipe->table())) picker.keep_apart(unique);
}

}  // namespace seedbed::detail
