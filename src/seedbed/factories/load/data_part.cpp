#include "seedbed/factories/load/data_part.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/number_text.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/load/key_bases.hpp"
#include "seedbed/factories/recipes/relations.hpp"

namespace seedbed {

bool LoadPart::is_whole() const noexcept {
  return !rows && !shard && tables.empty() && !base;
}

namespace detail {

namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t share(std::uint64_t count, std::uint64_t parts, std::uint64_t of) {
  return static_cast<std::uint64_t>(Wide{count} * parts / of);
}

std::pair<std::uint64_t, std::uint64_t> roots_in_part(std::uint64_t count, const LoadPart& part) {
  if (part.shard) {
    const auto& [number, of] = *part.shard;
    return {share(count, number - 1, of), share(count, number, of)};
  }
  if (!part.rows) return {0, count};
  return {std::min(part.rows->first - 1, count), std::min(part.rows->last, count)};
}

bool is_named(const std::string& name, const TableName& table) {
  return name == table.name || name == table.to_string();
}

[[noreturn]] void refuse(const Table& table, const std::string& there, std::uint64_t highest) {
  throw Error{ErrorCode::conflict,
              fmt::format("table '{}' {}; a part of a data set counts its rows and keys from 1, or "
                          "from after --base N: give all parts the same N, {} or more",
                          table.name.to_string(), there, highest)};
}

}  // namespace

PlanContext PartNumbers::context(RecipeBook& book, std::int64_t now_micros) {
  return {.book = book,
          .find_record = {},
          .take_rows =
              [this](const Table& table, std::uint64_t count) {
                auto& last = last_.try_emplace(&table, base_).first->second;
                last += count;
                return last - count + 1;
              },
          .key_base = [](const Table& table) -> std::optional<std::int64_t> {
            if (counted_column(table) == nullptr) return std::nullopt;
            return 0;
          },
          .taken_rows = {},
          .now_micros = now_micros};
}

std::pair<std::uint64_t, std::uint64_t> rows_in_part(const Block& block, const LoadPart& part) {
  const bool is_root = block.root == &block;
  if (is_root && block.owner == nullptr) return roots_in_part(block.count, part);
  const auto [first, last] = rows_in_part(is_root ? *block.owner : *block.root, part);
  if (first == last) return {0, 0};
  StartsCache cache;
  return is_root ? block.rows_of_owner(first, last, cache) : block.rows_of_root(first, last, cache);
}

bool has_rows(const LoadPart& part, const Block& block) {
  const auto [first, last] = rows_in_part(block, part);
  return first < last && has_table(part, block.recipe->table());
}

bool has_table(const LoadPart& part, const Table& table) {
  return part.tables.empty() ||
         std::any_of(part.tables.begin(), part.tables.end(),
                     [&](const std::string& name) { return is_named(name, table.name); });
}

void require_part(const LoadPart& part, const LoadPlan& plan) {
  if (part.rows && part.shard) {
    throw Error{ErrorCode::invalid_input,
                "a part is either a range of rows or a shard; give --rows or --shard"};
  }
  std::set<std::string> written;
  for (const auto& block : plan.blocks) written.insert(block->recipe->table().name.to_string());
  const std::vector<std::string> known{written.begin(), written.end()};
  for (const auto& name : part.tables) {
    const bool found = std::any_of(plan.blocks.begin(), plan.blocks.end(), [&](const auto& block) {
      return is_named(name, block->recipe->table().name);
    });
    if (found) continue;
    throw Error{ErrorCode::invalid_input,
                fmt::format("no rows of a table '{}' are part of this; there are rows of {}{}",
                            name, join(known, ", "), did_you_mean(name, known))};
  }
}

void require_free_numbers(Connection& connection, RowNumbers& rows, const PartNumbers& numbers,
                          const LoadPart& part) {
  // Keys come before the numbers that stand for them: another part may end in between.
  std::map<const Table*, std::uint64_t> keys;
  for (const auto& [table, last] : numbers.last()) {
    const auto* counted = counted_column(*table);
    if (counted == nullptr || !has_table(part, *table)) continue;
    const auto highest = highest_stored_key(connection, *table, *counted);
    keys[table] = static_cast<std::uint64_t>(std::max<std::int64_t>(highest, 0));
  }
  const RowNumbers::Stretch stretch{rows};
  const auto base = part.base.value_or(0);
  for (const auto& [table, last] : numbers.last()) {
    const auto numbered = stretch.next(*table) - 1;
    if (numbered == last || !has_table(part, *table)) continue;  // numbered by another part
    if (numbered > base) {
      refuse(*table, fmt::format("has rows up to number {}", grouped(numbered)), numbered);
    }
    const auto key = keys[table];
    if (key > base) refuse(*table, fmt::format("holds keys up to {}", grouped(key)), key);
  }
}

}  // namespace detail

}  // namespace seedbed
