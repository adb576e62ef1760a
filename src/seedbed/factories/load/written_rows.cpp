#include "seedbed/factories/load/written_rows.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/rows/hook_runner.hpp"
#include "seedbed/factories/rows/write_group.hpp"

namespace seedbed::detail {

namespace {

LoadedTable& entry_of(std::vector<LoadedTable>& tables, const Table& table) {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const LoadedTable& known) {
    return known.table == table.name;
  });
  return found != tables.end() ? *found : tables.emplace_back(LoadedTable{table.name});
}

/// Adds the rows [first, last) of a block.
void add_rows(LoadedTable& table, const Block& block, std::uint64_t first, std::uint64_t last) {
  if (first == last) return;
  const auto first_row = block.row(first);
  table.first_row = table.rows == 0 ? first_row : std::min(table.first_row, first_row);
  table.last_row = std::max(table.last_row, block.row(last - 1));
  table.rows += last - first;
}

using Names = std::vector<std::string>;

/// The columns that rows of a table carry, one list for each place where they are made.
std::vector<Names> carried_by(const LoadPlan& plan, const Table& table) {
  std::vector<Names> carried;
  for (const auto& entry : plan.entries) {
    for (const auto& group : entry.groups) {
      if (group.table == &table) carried.push_back(loaded_names(group));
    }
  }
  return carried;
}

/// Columns that all rows of a table carry, by name; the rest is left out.
TableCertificate certified_table(const LoadPlan& plan, const Table& table) {
  TableCertificate certificate{.table = table.name};
  const auto carried = carried_by(plan, table);
  for (const auto& column : table.columns) {
    const auto has = [&](const Names& names) {
      return std::find(names.begin(), names.end(), column.name) != names.end();
    };
    const bool counts = is_certifiable(column) && std::all_of(carried.begin(), carried.end(), has);
    (counts ? certificate.columns : certificate.left_out).push_back(column.name);
  }
  std::sort(certificate.columns.begin(), certificate.columns.end());
  return certificate;
}

void add_rows(std::vector<LoadedTable>& tables, const WriteGroup& group, const LoadPart& part) {
  if (!has_table(part, *group.table)) return;
  auto& table = entry_of(tables, *group.table);
  for (const auto* block : group.blocks) {
    const auto [first, last] = rows_in_part(*block, part);
    add_rows(table, *block, first, last);
  }
}

std::uint64_t rows_of(const Block& block, const LoadPart& part) {
  const auto [first, last] = rows_in_part(block, part);
  return last - first;
}

void add_hooks(std::vector<PlannedStatement>& statements, const WriteGroup& group,
               const LoadPart& part, const Engine& engine) {
  for (const auto* block : group.blocks) {
    add_hooks(statements, *block, rows_of(*block, part), HookRunner::Use::load, engine);
  }
}

/// Together with those before, where the same statement goes on.
void add_load(std::vector<PlannedStatement>& statements, const WriteGroup& group,
              const LoadPart& part, Connection& connection) {
  const BulkTarget target{*group.table, loaded_names(group)};
  PlannedStatement statement{group.table->name, connection.engine().load_sql(connection, target),
                             0};
  for (const auto* block : group.blocks) statement.rows += rows_of(*block, part);
  if (statement.rows == 0) return;
  if (!statements.empty() && statements.back().sql == statement.sql) {
    statements.back().rows += statement.rows;
  } else {
    statements.push_back(std::move(statement));
  }
}

}  // namespace

std::vector<LoadedTable> written_tables(const std::vector<Block*>& blocks) {
  std::vector<LoadedTable> tables;
  for (const auto& group : group_blocks(blocks)) {
    auto& table = entry_of(tables, *group.table);
    for (const auto* block : group.blocks) add_rows(table, *block, 0, block->count);
  }
  return tables;
}

std::vector<LoadedTable> written_tables(const LoadPlan& plan, const LoadPart& part) {
  std::vector<LoadedTable> tables;
  for (const auto& entry : plan.entries) {
    for (const auto& group : entry.groups) add_rows(tables, group, part);
  }
  return tables;
}

std::vector<PlannedStatement> load_statements(Connection& connection, const LoadPlan& plan,
                                              const LoadPart& part) {
  std::vector<PlannedStatement> statements;
  for (const auto& entry : plan.entries) {
    std::vector<PlannedStatement> hooks;
    for (const auto& group : entry.groups) {
      if (!has_table(part, *group.table)) continue;
      add_load(statements, group, part, connection);
      add_hooks(hooks, group, part, connection.engine());
    }
    std::ranges::move(hooks, std::back_inserter(statements));
  }
  return statements;
}

LoadPlan plan_part(RecipeBook& book, LoadPlanner& planner, PartNumbers& numbers,
                   const LoadPart& part, std::int64_t now_micros) {
  auto plan = planner.plan(numbers.context(book, now_micros),
                           [](const RecordDefinition& /*record*/) { return false; });
  require_part(part, plan);
  return plan;
}

CertifiedLoad::CertifiedLoad(const LoadRequest& request, const LoadPlan& plan)
    : request_{request}, plan_{plan} {
  if (!request.certify) return;
  for (const auto& block : plan.blocks) {
    const auto& table = block->recipe->table();
    if (certificates_.contains(&table) || !has_table(request.part, table)) continue;
    const auto& made = certificates_[&table] = certified_table(plan, table);
    columns_[&table] = made.columns;
  }
}

const CertifiedColumns* CertifiedLoad::columns() const noexcept {
  return request_.certify ? &columns_ : nullptr;
}

std::vector<LoadedTable> CertifiedLoad::tables(const BulkWriter& writer) const {
  auto tables = written_tables(plan_, request_.part);
  for (const auto& [table, certificate] : certificates_) {
    auto& written = entry_of(tables, *table);
    written.certificate = certificate;
    const auto sum = writer.sums().find(table);
    if (sum != writer.sums().end()) written.certificate->sum = sum->second;
  }
  return tables;
}

}  // namespace seedbed::detail
