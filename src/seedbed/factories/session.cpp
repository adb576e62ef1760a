#include "seedbed/factories/session.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/factories/plan/unique_values.hpp"
#include "seedbed/factories/recipes/recipe_builder.hpp"
#include "seedbed/factories/rows/hook_runner.hpp"
#include "seedbed/factories/rows/record_store.hpp"
#include "seedbed/factories/session_state.hpp"

namespace seedbed {

namespace {

using Blocks = std::vector<std::unique_ptr<detail::Block>>;

template <typename Pointer>
std::vector<Pointer> pointers_to(const Blocks& blocks) {
  std::vector<Pointer> pointers;
  pointers.reserve(blocks.size());
  for (const auto& block : blocks) pointers.push_back(block.get());
  return pointers;
}

/// Returns the blocks.
std::vector<const detail::Block*> begin_generation(detail::Generation& generation,
                                                   const Blocks& blocks, std::int64_t now_micros) {
  generation.now_micros = now_micros;
  auto all = pointers_to<const detail::Block*>(blocks);
  detail::begin_batch(generation, all, 0, blocks.empty() ? 0 : blocks.front()->count);
  return all;
}

std::vector<Record> roots_of(const Blocks& blocks,
                             const std::shared_ptr<const RecordGraph>& graph) {
  std::vector<Record> records;
  std::size_t place = 0;  // the graph holds the rows block by block
  for (const auto& block : blocks) {
    for (std::uint64_t row = 0; block->root == block.get() && row < block->count; ++row) {
      records.emplace_back(graph, place + row);
    }
    place += block->count;
  }
  return records;
}

const RecordDefinition& definition_of(const FactoryLibrary& library, std::string_view name) {
  const auto& records = library.definitions().records;
  const auto found = records.find(name);
  if (found != records.end()) return found->second;
  const auto names = library.record_names();
  throw Error{ErrorCode::not_found,
              fmt::format("there is no record '{}'{}", name, did_you_mean(name, names))};
}

}  // namespace

detail::PlanContext detail::SessionState::plan_context(RowNumbers::Stretch& stretch,
                                                       detail::RecordFinder find_record,
                                                       TakenRows taken_rows) {
  return {.book = book,
          .find_record = std::move(find_record),
          .take_rows = [&stretch](const Table& table,
                                  std::uint64_t count) { return stretch.take(table, count); },
          .key_base = [](const Table&) { return std::optional<std::int64_t>{}; },
          .taken_rows = std::move(taken_rows),
          .now_micros = options.now_micros};
}

detail::TakenRows detail::SessionState::rows_taken() {
  return [this](const Recipe& recipe, std::uint64_t first, std::uint64_t last) {
    return rows_in_database(connection, recipe, first, last);
  };
}

void detail::SessionState::prepare() {
  const bool outside = !connection.in_transaction();
  if (outside && !records_prepared && !library.record_names().empty()) {
    RecordStore{connection, schema}.prepare();
    records_prepared = true;
  }
  if (outside && !undid_broken_loads) {
    connection.engine().undo_broken_loads(connection);
    undid_broken_loads = true;
  }
  numbers.prepare();
}

detail::SessionState::Wanted detail::SessionState::wanted(std::string_view factory,
                                                          std::uint64_t count,
                                                          const CallArguments& arguments,
                                                          const RowChange& change) {
  Wanted wanted{factory, count, arguments, {}};
  if (!change && !has_cycle(arguments)) return wanted;
  for (std::uint64_t index = 0; index < count; ++index) {
    auto row = arguments;
    if (change) change(row, index);
    wanted.rows.push_back(arguments_of_row(row, index));
  }
  return wanted;
}

void detail::SessionState::add_roots(Planner& planner, const Wanted& wanted,
                                     const RecordFinder& find) {
  if (wanted.rows.empty()) {
    const CallArguments none{};
    // Without rows there is none for values that are taken in turn.
    const auto& arguments = wanted.count > 0 ? wanted.arguments : none;
    planner.add_root(book.recipe({wanted.factory, arguments, {}}, find), wanted.count);
    return;
  }
  std::vector<RecipePointer> recipes;
  for (const auto& row : wanted.rows) {
    recipes.push_back(book.recipe({wanted.factory, row, {}}, find));
  }
  planner.add_roots(recipes);
}

std::vector<Record> detail::SessionState::create(std::string_view factory, std::uint64_t count,
                                                 const CallArguments& arguments,
                                                 const RowChange& change) {
  const auto asked = wanted(factory, count, arguments, change);
  // Before the transaction, since on some engines making a table commits.
  prepare();
  // A sandbox counts in memory, so only the rows themselves are written, which are one unit.
  std::optional<Transaction> whole;
  if (!numbers.in_sandbox()) whole.emplace(connection);
  RowNumbers::Stretch stretch{numbers, whole ? &*whole : nullptr};
  const bool undoes_all = connection.engine().undoes_all();
  Attempt attempt{stretch, whole && !undoes_all ? WriteUnit::of_caller : WriteUnit::own,
                  !undoes_all};
  std::vector<Record> records;
  try {
    records = create_rows(asked, attempt);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::constraint_violation || !attempt.passed_over) throw;
    stretch.rewind();
    attempt.looks = true;
    records = create_rows(asked, attempt);
  }
  stretch.keep();
  if (whole) whole->commit();
  return records;
}

std::vector<Record> detail::SessionState::create_rows(const Wanted& wanted, Attempt& attempt) {
  // Around the named records that planning creates.
  std::optional<Transaction> whole;
  const detail::RecordFinder find = [&](const std::string& name) {
    if (auto found = find_record(name)) return std::move(*found);
    if (!whole) whole.emplace(connection);
    return create_record(name);
  };
  const TakenRows taken = [&](const Recipe& recipe, std::uint64_t first, std::uint64_t last) {
    if (attempt.looks) return rows_in_database(connection, recipe, first, last);
    attempt.passed_over = true;
    return std::set<std::uint64_t>{};
  };
  detail::Planner planner{plan_context(attempt.stretch, find, taken)};
  add_roots(planner, wanted, find);
  auto& blocks = planner.blocks();
  detail::Generation generation;
  const auto all = begin_generation(generation, blocks, options.now_micros);
  const auto groups = detail::group_blocks(pointers_to<detail::Block*>(blocks));
  detail::HookRunner hooks{connection, detail::HookRunner::Use::create};
  const bool hooked =
      detail::HookRunner::find_work(groups, detail::HookRunner::Use::create) != nullptr;
  if (hooked && !whole) whole.emplace(connection);
  detail::Writer writer{connection, schema, generation, insert_texts, attempt.unit};
  writer.write(groups);
  attempt.passed_over = false;
  auto graph = detail::make_graph(generation, all, writer.made());
  if (hooked) {
    hooks.run(groups, all, generation, graph);
    writer.read_again(groups);
    graph = detail::make_graph(generation, all, writer.made());
  }
  auto records = roots_of(blocks, graph);
  if (whole) whole->commit();
  for (const auto& block : blocks) written[block->recipe->table().name] += block->count;
  return records;
}

std::vector<Record> detail::SessionState::build(std::string_view factory, std::uint64_t count,
                                                const CallArguments& arguments,
                                                const RowChange& change) {
  RowNumbers::Stretch stretch{numbers};
  const detail::RecordFinder find = [this](const std::string& name) {
    return look_at_record(name);
  };
  detail::Planner planner{plan_context(stretch, find, rows_taken())};
  add_roots(planner, wanted(factory, count, arguments, change), find);
  auto& blocks = planner.blocks();
  detail::Generation generation;
  const auto all = begin_generation(generation, blocks, options.now_micros);
  return roots_of(blocks, detail::make_graph(generation, all, {}));
}

std::vector<PlannedStatement> detail::SessionState::plan(std::string_view factory,
                                                         std::uint64_t count,
                                                         const CallArguments& arguments) {
  RowNumbers::Stretch stretch{numbers};
  const detail::RecordFinder find = [this](const std::string& name) {
    return look_at_record(name);
  };
  detail::Planner planner{plan_context(stretch, find, rows_taken())};
  add_roots(planner, wanted(factory, count, arguments, {}), find);
  std::vector<PlannedStatement> statements;
  const auto groups = detail::group_blocks(pointers_to<detail::Block*>(planner.blocks()));
  for (const auto& group : groups) {
    PlannedStatement statement;
    statement.table = group.table->name;
    statement.sql = connection.engine().insert_sql({*group.table, group.columns, {}}, 1);
    for (const auto* block : group.blocks) statement.rows += block->count;
    statements.push_back(std::move(statement));
  }
  for (const auto& group : groups) {
    for (const auto* block : group.blocks) {
      detail::add_hooks(statements, *block, block->count, detail::HookRunner::Use::create,
                        connection.engine());
    }
  }
  return statements;
}

std::optional<Record> detail::SessionState::find_record(std::string_view name) {
  return RecordStore{connection, schema}.find(name, definition_of(library, name).factory);
}

Record detail::SessionState::create_record(std::string_view name) {
  const auto& definition = definition_of(library, name);
  if (!open_records.insert(std::string{name}).second) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("record '{}' refers to itself", name),
                {.where = definition.where}};
  }
  // The name is open only while its rows are made, however that ends.
  const auto close = [this](const std::string* open) { open_records.erase(*open); };
  const std::string own_name{name};
  const std::unique_ptr<const std::string, decltype(close)> guard{&own_name, close};
  prepare();
  Transaction transaction{connection};
  auto record = create(definition.factory, 1, definition.arguments).front();
  RecordStore{connection, schema}.remember(name, record);
  transaction.commit();
  return record;
}

Record detail::SessionState::record(std::string_view name) {
  if (auto found = find_record(name)) return std::move(*found);
  return create_record(name);
}

Record detail::SessionState::look_at_record(std::string_view name) {
  if (auto found = find_record(name)) return std::move(*found);
  const auto& definition = definition_of(library, name);
  return build(definition.factory, 1, definition.arguments).front();
}

FactorySession::FactorySession(Connection& connection, const Schema& schema,
                               const FactoryLibrary& library, SessionOptions options)
    : state_{std::make_unique<detail::SessionState>(connection, schema, library,
                                                    std::move(options))} {}
FactorySession::~FactorySession() = default;

Record FactorySession::create(std::string_view factory, const CallArguments& arguments) {
  return state_->create(factory, 1, arguments).front();
}

std::vector<Record> FactorySession::create_list(std::string_view factory, std::uint64_t count,
                                                const CallArguments& arguments,
                                                const RowChange& change) {
  return state_->create(factory, count, arguments, change);
}

Record FactorySession::build(std::string_view factory, const CallArguments& arguments) {
  return state_->build(factory, 1, arguments).front();
}

std::vector<Record> FactorySession::build_list(std::string_view factory, std::uint64_t count,
                                               const CallArguments& arguments,
                                               const RowChange& change) {
  return state_->build(factory, count, arguments, change);
}

Record FactorySession::attributes(std::string_view factory, const CallArguments& arguments) {
  return state_->build(factory, 1, arguments).front().alone();
}

void FactorySession::prepare() {
  state_->prepare();
}

Record FactorySession::record(std::string_view name) {
  return state_->record(name);
}

std::vector<PlannedStatement> FactorySession::plan(std::string_view factory, std::uint64_t count,
                                                   const CallArguments& arguments) {
  return state_->plan(factory, count, arguments);
}

void FactorySession::enter_sandbox(unsigned worker) {
  state_->numbers.enter_sandbox(worker * kWorkerRows);
}
void FactorySession::leave_sandbox() noexcept {
  state_->numbers.leave_sandbox();
}

}  // namespace seedbed
