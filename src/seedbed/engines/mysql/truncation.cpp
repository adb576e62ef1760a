#include "seedbed/engines/mysql/truncation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/engines/mysql/dialect.hpp"

namespace seedbed::mysql {

namespace {

bool referred_to_by_others(const Schema& schema, const TableName& table) {
  return std::ranges::any_of(schema.tables(), [&](const Table& other) {
    return other.name != table &&
           std::ranges::any_of(other.foreign_keys,
                               [&](const ForeignKey& key) { return key.parent == table; });
  });
}

}  // namespace

std::vector<std::string> truncate_statements(const Schema& schema,
                                             std::span<const TableName> tables) {
  std::vector<std::string> statements;
  bool unchecked = false;
  for (const auto& table : tables) {
    const bool parent = referred_to_by_others(schema, table);
    statements.push_back(fmt::format(
        "{}TRUNCATE TABLE {}", parent ? "/*M! SET STATEMENT foreign_key_checks = 0 FOR */ " : "",
        backticked(table)));
    unchecked = unchecked || parent;
  }
  if (!unchecked) return statements;
  // MariaDB skips comments with MySQL 8's version: there these two change nothing.
  statements.insert(statements.begin(),
                    "SET @seedbed_checks = @@SESSION.foreign_key_checks "
                    "/*!80000 , SESSION foreign_key_checks = 0 */");
  statements.emplace_back("SET SESSION foreign_key_checks = @seedbed_checks");
  return statements;
}

}  // namespace seedbed::mysql
