#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "seedbed/factories/plan/plan.hpp"

// What unique keys and shapes ask of the rows above that the rows of a block refer to.
namespace seedbed::detail {

/// The primary key and the plain unique keys.
[[nodiscard]] std::vector<std::vector<std::string>> unique_keys(const Table& table);
/// Whether all rows that are made together have the same row above by this target.
[[nodiscard]] bool is_shared(const Block& block, const Target& target);
/// Where a unique key forbids two rows to have the same row above by `key`.
[[nodiscard]] Distinct distinct_of(const Recipe& recipe, const ForeignKey& key);
/// The most rows that hang on one row of the owner, those of the list's earlier blocks included; 1
/// for rows that are no children.
[[nodiscard]] std::uint64_t most_siblings(const Block& block);
/// With those of blocks planned before, as `siblings_before` finds them.
[[nodiscard]] std::uint64_t most_siblings(const Block& block,
                                          const std::vector<const Block*>& before);
/// Whether siblings would repeat a unique key if they shared the row above by this relation, given
/// the targets of the relations before it; `will_share` says it of those after it.
[[nodiscard]] bool must_not_share(const Block& block, std::size_t relation,
                                  const std::function<bool(std::size_t)>& will_share);

using Blocks = std::vector<std::unique_ptr<Block>>;
/// Blocks planned before whose rows are siblings of this one's rows, by the same key but of another
/// entry or list.
[[nodiscard]] std::vector<const Block*> siblings_before(const Block& block, const Blocks& blocks);

/// Makes references that are picked, and that a unique key takes together, walk through a
/// permutation of their combinations, once all targets of the block are known. Throws
/// invalid_input when there are too few of them.
void pick_combinations(Block& block, const Blocks& blocks, RecipeBook& book);

/// Refuses a shape whose rows above may differ in what the key has besides, such as the tenant, or
/// whose key is unique and would repeat. Throws invalid_input.
void require_fitting_shapes(const Block& block);

}  // namespace seedbed::detail
