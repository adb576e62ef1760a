#include "seedbed/factories/load.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/factories/load/bulk_writer.hpp"
#include "seedbed/factories/load/load_plan.hpp"
#include "seedbed/factories/rows/record_store.hpp"
#include "seedbed/factories/session_state.hpp"

namespace seedbed {

namespace {

using detail::LoadPlan;
using detail::RowNumbers;

void add_rows(std::vector<LoadedTable>& tables, const detail::WriteGroup& group) {
  auto table = std::find_if(tables.begin(), tables.end(), [&](const LoadedTable& known) {
    return known.table == group.table->name;
  });
  if (table == tables.end()) table = tables.insert(tables.end(), {group.table->name});
  for (const auto* block : group.blocks) {
    const auto last = block->row(block->count - 1);
    table->first_row =
        table->rows == 0 ? block->first_row : std::min(table->first_row, block->first_row);
    table->last_row = std::max(table->last_row, last);
    table->rows += block->count;
  }
}

std::vector<LoadedTable> tables_of(const LoadPlan& plan) {
  std::vector<LoadedTable> tables;
  for (const auto& entry : plan.entries) {
    for (const auto& group : detail::group_blocks(entry.blocks)) add_rows(tables, group);
  }
  return tables;
}

/// The highest key that the plan gave to rows of `table`; 0 when it gave none.
std::int64_t highest_key(const LoadPlan& plan, const TableName& table) {
  std::int64_t highest = 0;
  for (const auto& entry : plan.entries) {
    for (const auto* block : entry.blocks) {
      if (!block->key_base || block->count == 0 || block->recipe->table().name != table) continue;
      const auto last = static_cast<std::int64_t>(block->row(block->count - 1));
      highest = std::max(highest, *block->key_base + last);
    }
  }
  return highest;
}

/// Moves counters past the keys that were given; where counters are moved by DDL, the engine has
/// done so itself.
void move_sequences(Connection& connection, const Schema& schema, const LoadPlan& plan) {
  const auto& engine = connection.engine();
  if (!engine.capabilities(connection).transactional_ddl) return;
  for (auto& state : engine.sequence_states(connection, schema)) {
    if (!state.sequence.owner) continue;
    const auto highest = highest_key(plan, *state.sequence.owner);
    if (highest < state.next || highest == 0) continue;
    state.next = highest + std::max<std::int64_t>(state.sequence.increment, 1);
    engine.set_sequence(connection, state);
  }
}

}  // namespace

std::vector<LoadedTable> detail::written_tables(const std::vector<Block*>& blocks) {
  std::vector<LoadedTable> tables;
  for (const auto& group : group_blocks(blocks)) add_rows(tables, group);
  return tables;
}

LoadEntry parse_load_entry(std::string_view text) {
  const auto equals = text.find('=');
  const auto count =
      equals == std::string_view::npos ? std::nullopt : parse_count(text.substr(equals + 1));
  if (!count || equals == 0) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("'{}' is no FACTORY=ROWS, such as user=10k", text)};
  }
  return {std::string{text.substr(0, equals)}, *count, {}};
}

std::vector<LoadedTable> load(const FactoryTarget& target, const LoadRequest& request,
                              Progress& progress) {
  auto& connection = target.connection;
  detail::SessionState state{connection, target.schema, target.library, target.options};
  detail::LoadPlanner planner{state, request};
  // Before the transaction, since on some engines making a table commits.
  state.prepare();
  detail::RecordStore store{connection, target.schema};
  Transaction transaction{connection};
  RowNumbers::Stretch stretch{state.numbers, &transaction};
  auto plan = planner.plan(stretch, detail::LoadPlanner::Use::write);
  detail::BulkWriter writer{connection, target.options.now_micros, progress};
  for (auto& entry : plan.entries) {
    writer.write(entry);
    if (!entry.record.empty()) store.remember(entry.record, writer.first_record(entry));
  }
  move_sequences(connection, target.schema, plan);
  stretch.keep();
  progress.check();
  transaction.commit();
  return tables_of(plan);
}

std::vector<LoadedTable> plan_load(const FactoryTarget& target, const LoadRequest& request) {
  detail::SessionState state{target.connection, target.schema, target.library, target.options};
  detail::LoadPlanner planner{state, request};
  RowNumbers::Stretch stretch{state.numbers};
  return tables_of(planner.plan(stretch, detail::LoadPlanner::Use::look));
}

}  // namespace seedbed
