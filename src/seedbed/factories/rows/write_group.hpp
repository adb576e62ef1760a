#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "seedbed/factories/plan/block.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// Blocks whose rows go into one table by one list of columns, at one level.
struct WriteGroup {
  int level = 0;
  const Table* table = nullptr;
  std::vector<std::size_t> columns{};  ///< positions in the table, those that the rows carry
  std::optional<std::size_t>
      counted{};  ///< the column that the database's counter fills, when it is left out
  std::vector<Block*> blocks{};

  [[nodiscard]] std::size_t rows() const noexcept;
  /// Columns that the database makes, the counted one left out.
  [[nodiscard]] std::span<const std::size_t> made_columns() const noexcept {
    return blocks.front()->recipe->made;
  }
  /// Whether rows refer to others of the group.
  [[nodiscard]] bool refers_to_itself() const noexcept;
};

/// Groups blocks by level, table and columns; parents before children.
[[nodiscard]] std::vector<WriteGroup> group_blocks(const std::vector<Block*>& blocks);

}  // namespace seedbed::detail
