#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/output.hpp"
#include "tools/seedbed/plan_view.hpp"
#include "tools/seedbed/record_view.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

CreateRequest create_request_of(const Arguments& arguments) {
  CreateRequest request{.factory = arguments.operands.front()};
  request.count = static_cast<std::uint64_t>(arguments.number("count", 0).value_or(1));
  request.arguments.traits.assign(arguments.operands.begin() + 1, arguments.operands.end());
  for (const auto& text : arguments.values("set")) {
    request.arguments.set.push_back(parse_setting(text));
  }
  for (const auto& text : arguments.values("set-expr")) {
    request.arguments.set.push_back(parse_expression_setting(text));
  }
  for (const auto& text : arguments.values("has")) {
    request.arguments.has.push_back(parse_has_setting(text));
  }
  return request;
}

void show_parents(const Record& record, const Output& output) {
  for (const auto& name : record.relations()) {
    const Record parent = record.relation(name);
    std::vector<std::string> values;
    for (const auto& [column, value] : parent.values()) {
      values.push_back(fmt::format("{} {}", column, shortened(value)));
    }
    values.resize(std::min(values.size(), kListedColumns / 2));
    output.line(
        fmt::format("{}: {} with {}", name, parent.table().to_string(), join(values, ", ")));
  }
}

void show_children(const Record& record, const Output& output, const std::string& indent) {
  for (const auto& name : record.child_relations()) {
    const auto children = record.children(name);
    if (children.empty()) continue;
    output.line(fmt::format("{}{}: {} of {}", indent, name, counted(children.size(), "row"),
                            children.front().table().to_string()));
    for (const auto& child : children) show_children(child, output, indent + "  ");
  }
}

void show_one(const Record& record, const Output& output) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& [column, value] : record.values()) rows.push_back({column, value.display()});
  output.line(fmt::format("{} {}", record.table().to_string(), record.row()));
  output.table({"Column", "Value"}, rows);
  show_parents(record, output);
  show_children(record, output, "");
}

void show_list(const std::vector<Record>& records, const Output& output) {
  std::vector<std::string> headings;
  std::vector<std::vector<Cell>> rows;
  for (const auto& record : records) {
    auto values = record.values();
    values.resize(std::min(values.size(), kListedColumns));
    std::vector<Cell> row;
    for (const auto& [column, value] : values) {
      if (rows.empty()) headings.push_back(column);
      row.emplace_back(shortened(value));
    }
    rows.push_back(std::move(row));
  }
  output.table(headings, rows);
  output.line(counted(records.size(), "row"));
}

void show(const std::vector<Record>& records, const Output& output) {
  if (records.size() == 1) {
    show_one(records.front(), output);
  } else if (records.empty()) {
    output.line("0 rows");
  } else {
    show_list(records, output);
  }
  Json json{{"records", Json::array()}};
  for (const auto& record : records) json["records"].push_back(record_json(record));
  output.document(json);
}

int run_create(const Invocation& call) {
  const auto request = create_request_of(call.arguments);
  if (call.arguments.flag("dry-run")) {
    show_statements(call.workspace.plan_create(call.arguments.database(), request), call);
    return 0;
  }
  if (call.arguments.flag("plan")) {
    show_plan_tree(call.workspace.explain_create(call.arguments.database(), request), call);
    return 0;
  }
  show(call.workspace.create(call.arguments.database(), request), call.output);
  return 0;
}

int run_build(const Invocation& call) {
  show(call.workspace.build(call.arguments.database(), create_request_of(call.arguments)),
       call.output);
  return 0;
}

std::vector<Option> record_options() {
  return {{"count", "N", "how many, each with its own graph; default: 1"},
          {"set", "PATH=VALUE", "a column, parameter or relation; VALUE is a literal, or @record",
           true},
          {"set-expr", "PATH=EXPR", "the same with an expression of the factory language", true},
          {"has", "NAME=N", "how many children of a relation", true}};
}

}  // namespace

std::vector<Command> record_commands() {
  const std::vector<Operand> operands{{.name = "FACTORY"},
                                      {.name = "TRAIT", .required = false, .repeated = true}};
  Command create{.name = "create",
                 .summary = "Write records made from a factory, with all they need",
                 .operands = operands,
                 .options = record_options(),
                 .example = "create order paid --set customer.name=Ada --has items=2",
                 .run = run_create};
  create.options.push_back({"plan", "", "show which rows would be made, and why; write nothing"});
  create.options.push_back(dry_run_option("print the SQL with the numbers of rows; write nothing"));
  return {create,
          {.name = "build",
           .summary = "Show records made from a factory without writing them",
           .operands = operands,
           .options = record_options(),
           .example = "build product sold_out --count 3",
           .run = run_build}};
}

}  // namespace seedbed::tool
