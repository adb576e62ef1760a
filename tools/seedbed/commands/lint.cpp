#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/text.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/output.hpp"
#include "tools/seedbed/record_view.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kUsualRows = 1000;

/// "order + paid", "record john".
std::string subject_of(const LintFinding& finding) {
  if (!finding.record.empty()) return "record " + finding.record;
  return join(finding.traits, " + ")
      .insert(0, finding.traits.empty() ? "" : " + ")
      .insert(0, finding.factory);
}

int run_lint(const Invocation& call) {
  const LintOptions options{call.arguments.operands, call.arguments.flag("pairs")};
  const auto report = call.workspace.lint(call.arguments.database(), options);
  Json json{{"combinations", report.combinations},
            {"findings", Json::array()},
            {"tables_without_factory", Json::array()}};
  for (const auto& finding : report.findings) {
    const auto where =
        finding.where.known() ? shown_place(finding.where, call.workspace) + ": " : "";
    const auto subject = subject_of(finding);
    call.output.line(fmt::format("{}{}: {}{}", where, to_string(finding.kind),
                                 subject.empty() ? "" : subject + ": ", finding.message));
    json["findings"].push_back(
        {{"kind", to_string(finding.kind)},
         {"factory", finding.factory},
         {"traits", finding.traits},
         {"record", finding.record},
         {"code", to_string(finding.code)},
         {"message", finding.message},
         {"where", finding.where.known() ? shown_place(finding.where, call.workspace) : ""}});
  }
  std::vector<std::string> tables;
  for (const auto& table : report.without_factory) tables.push_back(table.to_string());
  json["tables_without_factory"] = tables;
  if (!tables.empty()) {
    call.output.line(fmt::format("No factory, filled from type and name: {}", join(tables, ", ")));
  }
  call.output.line(fmt::format("{} created and rolled back, {}",
                               counted(report.combinations, "combination"),
                               counted(report.findings.size(), "finding")));
  call.output.document(json);
  return report.findings.empty() ? 0 : 1;
}

std::string subject_of(const ColumnDiff& column) {
  return column.trait.empty() ? column.factory : column.factory + " + " + column.trait;
}

Json diff_json(const ColumnDiff& column) {
  Json json{{"factory", column.factory},
            {"trait", column.trait},
            {"table", column.table.to_string()},
            {"column", column.column},
            {"change", to_string(column.change)}};
  if (column.row > 0) json["row"] = column.row;
  if (column.change == CellChange::changed) {
    json["before"] = column.before;
    json["after"] = column.after;
  }
  return json;
}

Colour colour_of(CellChange change) {
  switch (change) {
    case CellChange::added: return Colour::green;
    case CellChange::removed: return Colour::red;
    case CellChange::changed: return Colour::yellow;
    case CellChange::unchanged: break;
  }
  return Colour::none;
}

int run_diff(const Invocation& call) {
  const auto& operands = call.arguments.operands;
  const auto wanted = call.arguments.number("rows", 1).value_or(kUsualRows);
  const auto diff = call.workspace.diff_factories(call.arguments.database(), operands[0],
                                                  operands[1], static_cast<std::uint64_t>(wanted));
  Json json{{"rows", diff.rows}, {"differs", diff.differs()}, {"columns", Json::array()}};
  std::vector<std::vector<Cell>> rows;
  std::size_t unchanged = 0;
  for (const auto& column : diff.columns) {
    json["columns"].push_back(diff_json(column));
    if (column.change == CellChange::unchanged) {
      ++unchanged;
      continue;
    }
    const auto row = column.row > 0 ? std::to_string(column.row) : "";
    rows.push_back({subject_of(column), column.table.to_string(), column.column,
                    Cell{std::string{to_string(column.change)}, colour_of(column.change)}, row,
                    shortened(Value{column.before}), shortened(Value{column.after})});
  }
  if (!rows.empty()) {
    call.output.table({"Factory", "Table", "Column", "Cells", "First at row", "Before", "After"},
                      rows);
  }
  call.output.line(fmt::format("{} unchanged in {} of each factory", counted(unchanged, "column"),
                               counted(diff.rows, "row")));
  call.output.document(json);
  return diff.differs() ? 1 : 0;
}

}  // namespace

std::vector<Command> lint_commands() {
  return {{.name = "lint",
           .summary = "Create every factory with each trait and roll back; exit code 1 on findings",
           .operands = {{.name = "FACTORY", .required = false, .repeated = true}},
           .options = {{.name = "pairs", .help = "with every two traits together, too"}},
           .example = "lint",
           .run = run_lint},
          {.name = "factories diff",
           .summary = "Tell which cells differ between two factory files or directories",
           .operands = {{.name = "OLD"}, {.name = "NEW"}},
           .options = {{"rows", "N", "rows of each factory to compare; default: 1000"}},
           .example = "factories diff factories factories/shop.yaml",
           .run = run_diff}};
}

}  // namespace seedbed::tool
