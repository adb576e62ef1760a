#include "tools/seedbed/plan_view.hpp"

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/command.hpp"
#include "tools/seedbed/output.hpp"
#include "tools/seedbed/record_view.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

std::string row_numbers(std::uint64_t first, std::uint64_t last) {
  return first == last ? fmt::format("row {}", first) : fmt::format("rows {} .. {}", first, last);
}

void show_tree(const PlannedRows& rows, const std::string& indent, const Invocation& call) {
  std::string text = indent;
  if (!rows.relation.empty()) text += rows.relation + ": ";
  if (rows.rows > 0) {
    text += fmt::format("{} of {} ({}), factory '{}'", counted(rows.rows, "row"),
                        rows.table.to_string(), row_numbers(rows.first_row, rows.last_row),
                        rows.factory);
  } else {
    text += fmt::format("{} of {}", to_string(rows.use), rows.table.to_string());
  }
  text += fmt::format(" - {}", rows.reason);
  if (rows.where.known()) text += fmt::format(", {}", shown_place(rows.where, call.workspace));
  call.output.line(text);
  for (const auto& node : rows.nodes) show_tree(node, indent + "  ", call);
}

Json tree_json(const PlannedRows& rows, const Workspace& workspace) {
  Json json{{"use", to_string(rows.use)}, {"relation", rows.relation},
            {"factory", rows.factory},    {"table", rows.table.to_string()},
            {"rows", rows.rows},          {"reason", rows.reason}};
  if (rows.rows > 0) {
    json["first_row"] = rows.first_row;
    json["last_row"] = rows.last_row;
  }
  if (rows.where.known()) json["where"] = shown_place(rows.where, workspace);
  json["nodes"] = Json::array();
  for (const auto& node : rows.nodes) json["nodes"].push_back(tree_json(node, workspace));
  return json;
}

}  // namespace

void show_plan_tree(const CreatePlan& plan, const Invocation& call) {
  show_tree(plan.root, "", call);
  call.output.line();
  std::vector<std::vector<Cell>> rows;
  Json json{{"plan", tree_json(plan.root, call.workspace)}, {"tables", Json::array()}};
  for (const auto& table : plan.tables) {
    rows.push_back({table.table.to_string(), grouped(table.rows),
                    fmt::format("{} .. {}", table.first_row, table.last_row)});
    json["tables"].push_back({{"table", table.table.to_string()},
                              {"rows", table.rows},
                              {"first_row", table.first_row},
                              {"last_row", table.last_row}});
  }
  call.output.table({"Table", "Rows", "Row numbers"}, rows);
  call.output.line("Nothing was written.");
  call.output.document(json);
}

void show_statements(const std::vector<PlannedStatement>& statements, const Invocation& call) {
  Json json{{"dry_run", true}, {"statements", Json::array()}};
  for (const auto& statement : statements) {
    Json shown;
    if (!statement.table.name.empty()) {
      call.output.line("-- " + counted(statement.rows, "row"));
      shown = {{"table", statement.table.to_string()}, {"rows", statement.rows}};
    }
    call.output.line(statement.sql + ";");
    shown["sql"] = statement.sql;
    json["statements"].push_back(std::move(shown));
  }
  call.output.document(json);
}

}  // namespace seedbed::tool
