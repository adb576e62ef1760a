#include "seedbed/workspace/verification.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/snapshots/writer.hpp"

namespace seedbed {

namespace {

Schema only_changed(const Schema& schema, const Changes& changes) {
  std::vector<Table> tables;
  for (const auto& table : changes.tables) {
    const Table* found = schema.find(table.table);
    if (found != nullptr) tables.push_back(*found);
  }
  return Schema{std::move(tables)};
}

}  // namespace

std::optional<StateDifference> find_differing_tables(Database& database,
                                                     const SnapshotSummary& wanted, VerifyReset how,
                                                     const Changes& changes, Progress& progress) {
  if (how == VerifyReset::never) return std::nullopt;
  const bool all = how == VerifyReset::always;
  const Schema& schema = database.schema();
  const auto found =
      measure_state(database.connection(), all ? schema : only_changed(schema, changes), progress);
  if (all && found.digest == wanted.digest) return std::nullopt;
  std::vector<Table> tables;
  for (const auto& table : found.tables) {
    const auto same = std::ranges::find(wanted.tables, table.name, &SnapshotTable::name);
    if (same != wanted.tables.end() && same->state == table.state) continue;
    if (const Table* differing = schema.find(std::string_view{table.name})) {
      tables.push_back(*differing);
    }
  }
  if (tables.empty() && !all) return std::nullopt;
  return StateDifference{Schema{std::move(tables)}};
}

std::string describe_difference(const StateDifference& difference,
                                const std::vector<DifferingRows>& rows) {
  if (difference.tables.tables().empty()) return "counters differ";
  std::vector<std::string> lines;
  lines.reserve(rows.size());
  for (const auto& table : rows) lines.push_back(describe(table));
  return join(lines, "; ");
}

VerifyReset parse_verify_reset(std::string_view name) {
  const std::vector<std::string> known{"never", "sample", "always"};
  const auto found = std::ranges::find(known, name);
  if (found != known.end()) return static_cast<VerifyReset>(found - known.begin());
  throw Error{ErrorCode::invalid_input,
              fmt::format("there is no way to verify '{}'{} (known: {})", name,
                          did_you_mean(name, known), join(known, ", "))};
}

}  // namespace seedbed
