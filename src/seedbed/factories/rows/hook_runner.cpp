#include "seedbed/factories/rows/hook_runner.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/number_text.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed::detail {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Value above(const Record& record, const HookArgument& argument) {
  if (contains(record.relations(), argument.relation)) {
    return record.relation(argument.relation)[argument.name];
  }
  const auto& columns = argument.key->columns;
  const bool null = std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return record.has(column) && record[column].is_null();
  });
  if (null) return Null{};
  throw Error{ErrorCode::invalid_input,
              fmt::format("the row above by '{}' is not among the rows that were made; use the "
                          "columns of its key",
                          argument.relation)};
}

Value value_of(const Record& record, const HookArgument& argument) {
  if (argument.relation.empty()) {
    const bool column = record.find_column(argument.name) != nullptr;
    return column ? record[argument.name] : record.param(argument.name);
  }
  if (!argument.child) return above(record, argument);
  if (!contains(record.child_relations(), argument.relation)) return Null{};
  const auto children = record.children(argument.relation);
  if (*argument.child >= children.size()) return Null{};
  return children[*argument.child][argument.name];
}

bool runs(const HookPlan& hook, HookRunner::Use use) noexcept {
  return use == HookRunner::Use::create || hook.definition->bulk == HookBulk::each;
}

/// The statement with the engine's placeholders.
std::string hook_sql(const HookPlan& hook, const Engine& engine) {
  std::string sql;
  for (std::size_t i = 0; i < hook.texts.size(); ++i) {
    if (i > 0) sql += engine.placeholder(i);
    sql += hook.texts[i];
  }
  return sql;
}

const HookPlan* find_hook(const Block& block, HookRunner::Use use) noexcept {
  const auto& hooks = block.recipe->hooks;
  const auto found = std::find_if(hooks.begin(), hooks.end(),
                                  [&](const HookPlan& hook) { return runs(hook, use); });
  return found != hooks.end() ? &*found : nullptr;
}

}  // namespace

const HookPlan* HookRunner::find_work(const std::vector<WriteGroup>& groups, Use use) {
  for (const auto& group : groups) {
    for (const auto* block : group.blocks) {
      if (const auto* hook = find_hook(*block, use)) return hook;
    }
  }
  return nullptr;
}

void HookRunner::run(const std::vector<WriteGroup>& groups, const std::vector<const Block*>& blocks,
                     const Generation& generation,
                     const std::shared_ptr<const RecordGraph>& graph) {
  std::map<const Block*, std::size_t> first;
  std::size_t rows = 0;
  for (const auto* block : blocks) {
    first[block] = rows;
    rows += generation.frame(*block).rows();
  }
  for (const auto& group : groups) {
    for (const auto* block : group.blocks) {
      const auto end = first.at(block) + generation.frame(*block).rows();
      for (auto row = first.at(block); row < end; ++row) run(*block->recipe, {graph, row});
    }
  }
}

void HookRunner::run(const Recipe& recipe, const Record& record) {
  for (const auto& hook : recipe.hooks) {
    if (runs(hook, use_)) run(hook, record);
  }
}

void HookRunner::run(const HookPlan& hook, const Record& record) {
  try {
    if (hook.definition->call) {
      hook.definition->call(connection_, record);
      return;
    }
    std::vector<Value> values;
    for (const auto& argument : hook.arguments) values.push_back(value_of(record, argument));
    connection_.execute(hook_sql(hook, connection_.engine()), values);
  } catch (Error& error) {
    const auto& where = hook.definition->where;
    error.add_context(fmt::format("after_create of factory '{}'{}", record.factory(),
                                  where.known() ? " at " + where.to_string() : ""));
    throw;
  }
}

void add_hooks(std::vector<PlannedStatement>& statements, const Block& block, std::uint64_t rows,
               HookRunner::Use use, const Engine& engine) {
  for (const auto& hook : block.recipe->hooks) {
    if (hook.definition->call || rows == 0 || !runs(hook, use)) continue;
    statements.push_back({block.recipe->table().name, hook_sql(hook, engine), rows});
  }
}

void require_bulk_hooks(const std::vector<std::unique_ptr<Block>>& blocks) {
  Diagnostics findings;
  std::set<const HookDefinition*> seen;
  for (const auto& block : blocks) {
    for (const auto& hook : block->recipe->hooks) {
      const bool refused = block->count > 0 && hook.definition->bulk == HookBulk::refused;
      if (!refused || !seen.insert(hook.definition).second) continue;
      findings.push_back(
          {ErrorCode::invalid_input,
           fmt::format("factory '{}' has an 'after_create', and does not say what a load of {} "
                       "rows does with it: 'bulk: each' runs it for every row, 'bulk: skip' for "
                       "none",
                       block->recipe->model->name, grouped(block->count)),
           hook.definition->where});
    }
  }
  throw_if_any(std::move(findings));
}

}  // namespace seedbed::detail
