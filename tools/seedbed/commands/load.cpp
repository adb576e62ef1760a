#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/output.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

LoadRequest load_request_of(const Arguments& arguments) {
  LoadRequest request;
  for (const auto& operand : arguments.operands) {
    if (operand.find('=') != std::string::npos) {
      request.entries.push_back(parse_load_entry(operand));
    } else if (request.scenario.empty()) {
      request.scenario = operand;
    } else {
      throw Error{
          ErrorCode::invalid_input,
          fmt::format("'{}' would be a second scenario; rows of a factory are FACTORY=N", operand)};
    }
  }
  if (!request.scenario.empty() && !request.entries.empty()) {
    throw Error{ErrorCode::invalid_input, "give either a scenario or FACTORY=N, not both"};
  }
  return request;
}

void show(const std::vector<LoadedTable>& tables, const Output& output, Json json) {
  std::vector<std::vector<Cell>> rows;
  json["tables"] = Json::array();
  for (const auto& table : tables) {
    rows.push_back({table.table.to_string(), grouped(table.rows),
                    fmt::format("{} .. {}", table.first_row, table.last_row)});
    json["tables"].push_back({{"table", table.table.to_string()},
                              {"rows", table.rows},
                              {"first_row", table.first_row},
                              {"last_row", table.last_row}});
  }
  output.table({"Table", "Rows", "Row numbers"}, rows);
  output.document(json);
}

std::uint64_t total(const std::vector<LoadedTable>& tables) {
  std::uint64_t rows = 0;
  for (const auto& table : tables) rows += table.rows;
  return rows;
}

int run_load(const Invocation& call) {
  const auto request = load_request_of(call.arguments);
  const std::string database = call.arguments.database();
  if (call.arguments.flag("dry-run")) {
    show(call.workspace.plan_load(database, request), call.output, {{"dry_run", true}});
    call.output.line("Nothing was written.");
    return 0;
  }
  const auto started = std::chrono::steady_clock::now();
  const auto run = call.workspace.load(database, request);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;

  if (run.prepared.created) {
    call.output.line(fmt::format("Created the database, marked it as disposable, and applied {}.",
                                 counted(run.prepared.migrations.size(), "migration")));
  }
  show(run.tables, call.output, {{"created", run.prepared.created}, {"seconds", elapsed.count()}});
  call.output.line(
      fmt::format("{} in {:.2f} s", counted(total(run.tables), "row"), elapsed.count()));
  return 0;
}

}  // namespace

std::vector<Command> load_commands() {
  return {{.name = "load",
           .summary = "Fill tables in bulk; creates, marks and migrates a missing database",
           .operands = {{.name = "SCENARIO|FACTORY=N", .required = true, .repeated = true}},
           .options = {dry_run_option("show the rows of each table; write nothing")},
           .example = "load small",
           .run = run_load}};
}

}  // namespace seedbed::tool
