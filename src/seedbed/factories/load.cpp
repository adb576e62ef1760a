#include "seedbed/factories/load.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/factories/bulk_writer.hpp"
#include "seedbed/factories/load_plan.hpp"
#include "seedbed/factories/record_store.hpp"
#include "seedbed/factories/session_state.hpp"

namespace seedbed {

namespace {

using detail::LoadPlan;
using detail::RowNumbers;

void add_tables(const std::vector<detail::Block*>& blocks, std::vector<LoadedTable>& tables) {
  for (const auto& group : detail::group_blocks(blocks)) {
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
}

std::vector<LoadedTable> tables_of(const LoadPlan& plan) {
  std::vector<LoadedTable> tables;
  for (const auto& entry : plan.entries) add_tables(entry.blocks, tables);
  return tables;
}

/// Moves counters past the keys that were given; where counters are moved by DDL, the engine has
/// done so itself.
void move_sequences(Connection& connection, const Schema& schema, const LoadPlan& plan) {
  const auto& engine = connection.engine();
  if (!engine.capabilities(connection).transactional_ddl) return;
  for (auto& state : engine.sequence_states(connection, schema)) {
    if (!state.sequence.owner) continue;
    std::int64_t highest = 0;
    for (const auto& entry : plan.entries) {
      for (const auto* block : entry.blocks) {
        const bool counts = block->key_base && block->count > 0 &&
                            block->recipe->table().name == *state.sequence.owner;
        if (!counts) continue;
        const auto last = static_cast<std::int64_t>(block->row(block->count - 1));
        highest = std::max(highest, *block->key_base + last);
      }
    }
    if (highest < state.next || highest == 0) continue;
    state.next = highest + std::max<std::int64_t>(state.sequence.increment, 1);
    engine.set_sequence(connection, state);
  }
}

}  // namespace

std::vector<LoadedTable> detail::written_tables(const std::vector<Block*>& blocks) {
  std::vector<LoadedTable> tables;
  add_tables(blocks, tables);
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

std::vector<LoadedTable> load(Connection& connection, const Schema& schema,
                              const FactoryLibrary& library, const SessionOptions& options,
                              const LoadRequest& request, Progress& progress) {
  detail::SessionState state{connection, schema, library, options};
  detail::LoadPlanner planner{state, request};
  // Before the transaction, since on some engines making a table commits.
  state.prepare();
  detail::RecordStore store{connection, schema};
  Transaction transaction{connection};
  RowNumbers::Stretch stretch{state.numbers, transaction};
  auto plan = planner.plan(stretch, detail::LoadPlanner::Use::write);
  detail::BulkWriter writer{connection, options.now_micros, progress};
  for (auto& entry : plan.entries) {
    writer.write(entry);
    if (!entry.record.empty()) store.remember(entry.record, writer.first_record(entry));
  }
  move_sequences(connection, schema, plan);
  stretch.keep();
  progress.check();
  transaction.commit();
  return tables_of(plan);
}

std::vector<LoadedTable> plan_load(Connection& connection, const Schema& schema,
                                   const FactoryLibrary& library, const SessionOptions& options,
                                   const LoadRequest& request) {
  detail::SessionState state{connection, schema, library, options};
  detail::LoadPlanner planner{state, request};
  RowNumbers::Stretch stretch{state.numbers};
  return tables_of(planner.plan(stretch, detail::LoadPlanner::Use::look));
}

}  // namespace seedbed
