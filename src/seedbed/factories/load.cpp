#include "seedbed/factories/load.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/engines/load_guard.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/factories/load/bulk_writer.hpp"
#include "seedbed/factories/load/data_part.hpp"
#include "seedbed/factories/load/disk_room.hpp"
#include "seedbed/factories/load/index_order.hpp"
#include "seedbed/factories/load/key_bases.hpp"
#include "seedbed/factories/load/load_estimate.hpp"
#include "seedbed/factories/load/load_plan.hpp"
#include "seedbed/factories/load/load_steps.hpp"
#include "seedbed/factories/load/storage_rule.hpp"
#include "seedbed/factories/load/written_rows.hpp"
#include "seedbed/factories/rows/hook_runner.hpp"
#include "seedbed/factories/rows/record_store.hpp"
#include "seedbed/factories/session_state.hpp"

namespace seedbed {

namespace {

using detail::has_table;
using detail::holds_rows;
using detail::HookRunner;
using detail::LoadPlan;
using detail::LoadPlanner;
using detail::PartNumbers;
using detail::RowNumbers;

/// The highest key that the plan gave to rows of `table`; 0 when it gave none.
std::int64_t highest_key(const LoadPlan& plan, const TableName& table) {
  std::int64_t highest = 0;
  for (const auto& block : plan.blocks) {
    if (!block->key_base || block->count == 0 || block->recipe->table().name != table) continue;
    const auto last = static_cast<std::int64_t>(block->row(block->count - 1));
    highest = std::max(highest, *block->key_base + last);
  }
  return highest;
}

/// Moves counters past the keys that were given; where counters are moved by DDL, the engine has
/// done so itself.
void move_sequences(const FactoryTarget& target, const LoadPlan& plan, const LoadPart& part) {
  const auto& engine = target.connection.engine();
  if (!engine.capabilities(target.connection).transactional_ddl) return;
  for (auto& state : engine.sequence_states(target.connection, target.schema)) {
    const auto& owner = state.sequence.owner;
    const auto* table = owner ? target.schema.find(*owner) : nullptr;
    if (table == nullptr || !has_table(part, *table)) continue;
    const auto highest = highest_key(plan, *owner);
    if (highest < state.next || highest == 0) continue;
    state.next = highest + std::max<std::int64_t>(state.sequence.increment, 1);
    engine.set_sequence(target.connection, state);
  }
}

void move_row_numbers(RowNumbers::Stretch& stretch, const PartNumbers& numbers,
                      const LoadPart& part) {
  for (const auto& [table, last] : numbers.last()) {
    if (has_table(part, *table)) stretch.move(*table, std::max(stretch.next(*table), last + 1));
  }
}

/// Plans the next rows of a database.
LoadPlan plan_whole(detail::SessionState& state, LoadPlanner& planner, RowNumbers::Stretch& stretch,
                    detail::KeyBases& bases, bool writes) {
  const detail::RecordFinder find = [&state, writes](const std::string& name) {
    return writes ? state.record(name) : state.look_at_record(name);
  };
  auto context = state.plan_context(stretch, find, state.rows_taken());
  context.key_base = [&](const Table& table) { return bases.of(table, stretch.next(table)); };
  return planner.plan(std::move(context), [&state](const RecordDefinition& record) {
    return state.find_record(record.name).has_value();
  });
}

/// Rows of a part may refer to rows that only other parts make.
void explain_order(Error& error, const LoadPlan& plan, const LoadPart& part) {
  const bool lacks_rows = part.rows || part.shard || !part.tables.empty();
  if (!lacks_rows || error.code() != ErrorCode::constraint_violation) return;
  std::vector<std::string> order;
  for (const auto& table : written_tables(plan, {})) order.push_back(table.table.to_string());
  error.add_context(fmt::format(
      "a part may refer to rows of other parts, which must be there before; load by --tables, each "
      "table with all its parts, in the order {}",
      join(order, ", ")));
}

/// Switches off the triggers of tables to be written.
std::unique_ptr<LoadGuard> silence_triggers(const FactoryTarget& target, const LoadRequest& request,
                                            const LoadPlan& plan) {
  std::vector<TableName> loud;
  for (const auto& written : written_tables(plan, request.part)) {
    if (!target.schema.at(written.table).triggers.empty()) loud.push_back(written.table);
  }
  if (loud.empty()) return nullptr;
  return target.connection.engine().guard_load(target.connection, target.schema, loud);
}

/// Of the tables to be written, those that are empty.
DeferredTables deferred_tables(const FactoryTarget& target, const LoadRequest& request,
                               const LoadPlan& plan) {
  DeferredTables deferred;
  deferred.alone = std::none_of(plan.entries.begin(), plan.entries.end(), [](const auto& entry) {
    return HookRunner::find_work(entry.groups, HookRunner::Use::load) != nullptr;
  });
  for (const auto& written : written_tables(plan, request.part)) {
    const auto& table = target.schema.at(written.table);
    if (holds_rows(target.connection, table)) {
      deferred.alone = false;
    } else {
      deferred.empty.push_back(table.name);
    }
  }
  return deferred;
}

std::unique_ptr<LoadGuard> put_off(const FactoryTarget& target, const LoadRequest& request,
                                   const LoadPlan& plan) {
  if (request.constraints == ConstraintMode::keep) return nullptr;
  return target.connection.engine().defer_constraints(target.connection, target.schema,
                                                      deferred_tables(target, request, plan));
}

std::vector<PlannedStatement> planned(std::vector<std::string> statements) {
  std::vector<PlannedStatement> all;
  all.reserve(statements.size());
  for (auto& sql : statements) all.push_back({.sql = std::move(sql)});
  return all;
}

std::vector<PlannedStatement> statements_of(const FactoryTarget& target, const LoadRequest& request,
                                            const LoadPlan& plan) {
  auto rows = load_statements(target.connection, plan, request.part);
  if (request.constraints == ConstraintMode::keep) return rows;
  auto around = target.connection.engine().deferred_sql(target.connection, target.schema,
                                                        deferred_tables(target, request, plan));
  auto all = planned(std::move(around.before));
  std::ranges::move(rows, std::back_inserter(all));
  std::ranges::move(planned(std::move(around.after)), std::back_inserter(all));
  return all;
}

/// Of tables whose indexes grow with each row; one that is built at the end is built in its order.
detail::OrderingKeys ordering_keys(Connection& connection) {
  return connection.engine().capabilities(connection).clustered_rows ? detail::OrderingKeys::primary
                                                                     : detail::OrderingKeys::any;
}

/// The largest table with the sessions that write it.
struct StreamedTable {
  std::unique_ptr<LoadStreams> streams{};
  const Table* table = nullptr;
};

/// Where the load is large enough for the time it takes to open sessions. Before the plan, which
/// asks for keys.
StreamedTable open_streams(detail::SessionState& state, const LoadPlanner& planner,
                           detail::KeyBases& bases) {
  constexpr std::uint64_t kFewestRows = 200'000;
  const auto largest = planner.largest_line();
  const bool known = state.library.definitions().factories.contains(largest.factory);
  if (largest.count < kFewestRows || !known) return {};
  const auto* table = state.book.models().at(largest.factory).table;
  auto streams = state.connection.engine().open_streams(state.connection, *table);
  if (!streams) return {};
  bases.leave_unlocked(*table);
  return {std::move(streams), table};
}

/// Whether the rows can be written in any order by any session. Statements that are not of the load
/// itself, and other rows of the table, could wait for the other sessions, which wait for them.
bool stands_alone(const Table& table, const LoadPlan& plan) {
  std::size_t writing = 0;
  for (const auto& entry : plan.entries) {
    if (HookRunner::find_work(entry.groups, HookRunner::Use::load) != nullptr) return false;
    for (const auto& group : entry.groups) {
      if (group.table != &table) continue;
      if (detail::depends_on_order({table, detail::loaded_names(group)})) return false;
      ++writing;
    }
  }
  return writing == 1;
}

LoadPreview judge(const FactoryTarget& target, const LoadRequest& request, const LoadPlan& plan) {
  auto& connection = target.connection;
  const auto capabilities = connection.engine().capabilities(connection);
  const detail::StorageRule rule{connection.engine(), capabilities};
  const auto sizer = [&](const detail::SampledRows& sample) {
    return detail::RowBytes{rule.row_bytes(sample), rule.index_bytes(sample)};
  };
  const auto order = request.constraints == ConstraintMode::keep ? ordering_keys(connection)
                                                                 : detail::OrderingKeys::none;
  auto preview = detail::estimate({plan, request.part, target.options.now_micros, order, sizer});
  preview.method = capabilities.load_method;
  preview.room = detail::room_of(target);
  return preview;
}

/// Rows are not made to be judged where it is not known what room there is.
void require_room_for(const FactoryTarget& target, const LoadRequest& request,
                      const LoadPlan& plan) {
  const bool judged = is_worth_judging(plan, request.part) && detail::room_of(target);
  if (judged) require_room(judge(target, request, plan));
}

std::vector<LoadedTable> write_plan(const FactoryTarget& target, const LoadRequest& request,
                                    const LoadPlan& plan, const StreamedTable& streamed,
                                    Progress& progress) {
  const auto& part = request.part;
  const auto now = target.options.now_micros;
  const auto send = [&](const BulkTarget& table, const BatchSource& rows) {
    target.connection.bulk_load(table, rows);
  };
  const auto silence = silence_triggers(target, request, plan);
  const auto guard = put_off(target, request, plan);
  const detail::CertifiedLoad certified{request, plan};
  const auto order = guard ? detail::OrderingKeys::none : ordering_keys(target.connection);
  detail::BulkWriter writer{{send, &target.connection, part, certified.columns(), now, order,
                             streamed.streams.get(), streamed.table},
                            progress};
  writer.require_hooks(plan);
  detail::RecordStore store{target.connection, target.schema};
  try {
    for (const auto& entry : plan.entries) {
      writer.write(entry);
      if (entry.record.empty() || !has_rows(part, entry.root())) continue;
      store.remember(entry.record, entry.first_record(now));
    }
    if (guard) guard->finish();
    if (silence) silence->finish();
  } catch (Error& error) {
    explain_order(error, plan, part);
    throw;
  }
  return certified.tables(writer);
}

}  // namespace

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
  const auto& part = request.part;
  detail::SessionState state{target.connection, target.schema, target.library, target.options};
  LoadPlanner planner{target.library, request};
  // Before the transaction, since on some engines making a table commits.
  state.prepare();
  StreamedTable streamed;  // taken back after the transaction
  Transaction transaction{target.connection};
  PartNumbers numbers{part.base.value_or(0)};
  detail::KeyBases bases{target.connection, detail::KeyBases::Use::write};
  std::optional<RowNumbers::Stretch> stretch;
  LoadPlan plan;
  if (part.is_whole()) {
    stretch.emplace(state.numbers, &transaction);
    if (!transaction.nested() && request.constraints == ConstraintMode::keep) {
      streamed = open_streams(state, planner, bases);
    }
    plan = plan_whole(state, planner, *stretch, bases, true);
    if (streamed.streams && !stands_alone(*streamed.table, plan)) {
      streamed.streams->close();
      streamed = {};
    }
  } else {
    plan = plan_part(state.book, planner, numbers, part, target.options.now_micros);
    require_free_numbers(target.connection, state.numbers, numbers, part);
  }
  require_room_for(target, request, plan);
  auto tables = write_plan(target, request, plan, streamed, progress);
  move_sequences(target, plan, part);
  // Parts wait for each other no longer than this takes.
  if (!stretch) {
    stretch.emplace(state.numbers, &transaction, RowNumbers::Stretch::Snapshot::older);
    move_row_numbers(*stretch, numbers, part);
  }
  stretch->keep();
  progress.check();
  if (streamed.streams) streamed.streams->commit();
  transaction.commit();
  return tables;
}

LoadPreview plan_load(const FactoryTarget& target, const LoadRequest& request) {
  detail::SessionState state{target.connection, target.schema, target.library, target.options};
  LoadPlanner planner{target.library, request};
  RowNumbers::Stretch stretch{state.numbers};
  PartNumbers numbers{request.part.base.value_or(0)};
  detail::KeyBases bases{target.connection, detail::KeyBases::Use::look};
  LoadPlan plan;
  if (request.part.is_whole()) {
    plan = plan_whole(state, planner, stretch, bases, false);
  } else {
    plan = plan_part(state.book, planner, numbers, request.part, target.options.now_micros);
    require_free_numbers(target.connection, state.numbers, numbers, request.part);
  }
  auto preview = judge(target, request, plan);
  preview.statements = statements_of(target, request, plan);
  return preview;
}

Certificate certificate_of(std::span<const LoadedTable> tables) {
  std::vector<Certificate> parts;
  for (const auto& table : tables) {
    if (table.certificate) parts.push_back({{*table.certificate}});
  }
  return sum_of(parts);
}

}  // namespace seedbed
