#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/output.hpp"
#include "tools/seedbed/record_view.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

InsightTarget target_of(const Arguments& arguments, std::string factory, std::size_t traits_at) {
  InsightTarget target{std::move(factory), {}};
  const auto& operands = arguments.operands;
  for (auto i = traits_at; i < operands.size(); ++i) target.arguments.traits.push_back(operands[i]);
  for (const auto& text : arguments.values("set")) {
    target.arguments.set.push_back(parse_setting(text));
  }
  for (const auto& text : arguments.values("set-expr")) {
    target.arguments.set.push_back(parse_expression_setting(text));
  }
  return target;
}

std::string hex(std::uint64_t number) {
  return fmt::format("{:016x}", number);
}

Json origin_json(const CellOrigin& origin, const Workspace& workspace) {
  Json json{{"rule", to_string(origin.rule)}};
  if (!origin.name.empty()) json["name"] = origin.name;
  if (!origin.expression.empty()) json["expression"] = origin.expression;
  if (!origin.condition.empty()) json["when"] = origin.condition;
  if (origin.where.known()) json["where"] = shown_place(origin.where, workspace);
  return json;
}

/// "=full_name()  (factory 'user', factories/shop.yaml:9:7)".
std::string origin_text(const CellOrigin& origin, const Workspace& workspace) {
  std::string text = origin.to_string();
  if (!origin.condition.empty()) text += fmt::format(" if: {}", origin.condition);
  if (origin.where.known()) text += ", " + shown_place(origin.where, workspace);
  const bool shown = origin.expression.empty() || origin.rule == CellRule::database;
  return shown ? text : fmt::format("{}  ({})", origin.expression, text);
}

void show_row(const InsightRow& row, const Invocation& call) {
  const auto& record = row.record;
  const auto values = record.values();
  std::vector<std::vector<Cell>> rows;
  for (const auto& entry : row.origins) {
    const auto& [column, origin] = entry;
    const auto found = std::find_if(values.begin(), values.end(),
                                    [&](const auto& value) { return value.first == entry.first; });
    auto value = found != values.end() ? found->second.display() : "";
    const auto relations = record.relations();
    const bool leads =
        std::find(relations.begin(), relations.end(), origin.name) != relations.end();
    if (found == values.end() && origin.rule == CellRule::relation && leads) {
      const Record above = record.relation(origin.name);
      value = fmt::format("(of {}, row {})", above.table().to_string(), above.row());
    }
    rows.push_back({column, std::move(value), origin_text(origin, call.workspace)});
  }
  call.output.line(fmt::format("{}, row {} of factory '{}'", record.table().to_string(),
                               record.row(), record.factory()));
  call.output.table({"Column", "Value", "Comes from"}, rows);
  if (row.dependent.empty()) return;
  call.output.line(fmt::format("Read from other rows, which are numbered from 1 here: {}",
                               join(row.dependent, ", ")));
}

void show_list(const std::vector<InsightRow>& rows, const Output& output) {
  std::vector<std::string> headings{"Row"};
  std::vector<std::vector<Cell>> lines;
  for (const auto& row : rows) {
    auto values = row.record.values();
    values.resize(std::min(values.size(), kListedColumns));
    std::vector<Cell> line{std::to_string(row.record.row())};
    for (const auto& [column, value] : values) {
      if (lines.empty()) headings.push_back(column);
      line.emplace_back(shortened(value));
    }
    lines.push_back(std::move(line));
  }
  output.table(headings, lines);
}

int run_row(const Invocation& call) {
  const auto& operands = call.arguments.operands;
  const auto range = parse_row_range(operands[1]);
  const auto rows = call.workspace.rows(call.arguments.database(),
                                        target_of(call.arguments, operands[0], 2), range);
  if (rows.size() == 1) {
    show_row(rows.front(), call);
  } else {
    show_list(rows, call.output);
  }
  Json json{{"rows", Json::array()}};
  for (const auto& row : rows) {
    Json entry = record_json(row.record);
    for (const auto& [column, origin] : row.origins) {
      entry["origins"][column] = origin_json(origin, call.workspace);
    }
    entry["read_from_other_rows"] = row.dependent;
    json["rows"].push_back(std::move(entry));
  }
  call.output.document(json);
  return 0;
}

std::string value_text(const std::vector<Value>& values) {
  std::vector<std::string> texts;
  texts.reserve(values.size());
  for (const auto& value : values) texts.push_back(value.display());
  return join(texts, ", ");
}

void show_draws(const CellExplanation& cell, const Invocation& call) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& draw : cell.draws) {
    for (std::size_t number = 0; number < draw.numbers.size(); ++number) {
      const bool last = number + 1 == draw.numbers.size();
      rows.push_back({draw.what, hex(draw.key), std::to_string(draw.row), std::to_string(number),
                      hex(draw.numbers[number]), last ? draw.result.display() : ""});
    }
  }
  if (!rows.empty()) {
    call.output.line();
    call.output.table({"Draws", "Key", "Row", "Draw", "Number", "Gives"}, rows);
  }
}

void show_explanation(const CellExplanation& cell, const Invocation& call) {
  std::vector<std::vector<Cell>> rows;
  const auto add = [&rows](std::string what, std::string text) {
    if (!text.empty()) rows.push_back({std::move(what), std::move(text)});
  };
  const auto& origin = cell.origin;
  add("value", cell.value ? cell.value->display() : "made by the database");
  add("rule", origin.to_string());
  if (origin.where.known()) add("at", shown_place(origin.where, call.workspace));
  if (origin.rule != CellRule::database) add("expression", origin.expression);
  add("if", origin.condition);
  add("row above", cell.relation);
  for (const auto& read : cell.reads) {
    const auto from = read.origin ? "  <- " + origin_text(*read.origin, call.workspace) : "";
    add("reads", fmt::format("{} = {}{}", read.name, value_text(read.values), from));
  }
  if (cell.permuted) {
    add("permutation",
        fmt::format("of {} values, under key {}: row {} takes value {}", cell.permuted->size,
                    hex(cell.permuted->key), cell.row, cell.permuted->index));
  }
  if (cell.drawn && !cell.type.empty()) {
    const bool kept = cell.value && cell.drawn->display() == cell.value->display();
    add("fitted", kept ? fmt::format("to {}: as it is", cell.type)
                       : fmt::format("to {}: {} becomes {}", cell.type, cell.drawn->display(),
                                     cell.value->display()));
  }
  for (const auto& other : cell.others) {
    add(other.conditional ? "does not hold" : "overruled",
        origin_text(other.origin, call.workspace));
  }
  call.output.line(fmt::format("{}.{}, row {} of factory '{}'", cell.table.to_string(), cell.column,
                               cell.row, cell.factory));
  call.output.table({"", ""}, rows);
  show_draws(cell, call);
}

Json explanation_json(const CellExplanation& cell, const Workspace& workspace) {
  Json json{{"table", cell.table.to_string()},
            {"factory", cell.factory},
            {"column", cell.column},
            {"row", cell.row},
            {"value", cell.value ? value_json(*cell.value) : Json{}},
            {"known", cell.value.has_value()},
            {"origin", origin_json(cell.origin, workspace)},
            {"others", Json::array()},
            {"reads", Json::array()},
            {"draws", Json::array()}};
  for (const auto& other : cell.others) {
    json["others"].push_back(origin_json(other.origin, workspace));
    json["others"].back()["because"] = other.conditional ? "does not hold" : "overruled";
  }
  for (const auto& read : cell.reads) {
    Json entry{{"name", read.name}, {"values", Json::array()}};
    for (const auto& value : read.values) entry["values"].push_back(value_json(value));
    if (read.origin) entry["origin"] = origin_json(*read.origin, workspace);
    json["reads"].push_back(std::move(entry));
  }
  for (const auto& draw : cell.draws) {
    Json entry{{"what", draw.what},
               {"where", draw.where.known() ? shown_place(draw.where, workspace) : ""},
               {"key", hex(draw.key)},
               {"row", draw.row},
               {"numbers", Json::array()},
               {"result", value_json(draw.result)}};
    for (const auto number : draw.numbers) entry["numbers"].push_back(hex(number));
    json["draws"].push_back(std::move(entry));
  }
  if (cell.permuted) {
    json["permutation"] = {{"key", hex(cell.permuted->key)},
                           {"size", cell.permuted->size},
                           {"index", cell.permuted->index}};
  }
  if (!cell.relation.empty()) json["relation"] = cell.relation;
  if (cell.drawn) json["drawn"] = value_json(*cell.drawn);
  if (!cell.type.empty()) json["fitted_to"] = cell.type;
  return json;
}

int run_explain(const Invocation& call) {
  const auto& operands = call.arguments.operands;
  const auto path = parse_column_path(operands[0]);
  const auto range = parse_row_range(operands[1]);
  if (range.first != range.last) {
    throw Error{ErrorCode::invalid_input, "one row is explained at a time"};
  }
  const auto cell =
      call.workspace.explain(call.arguments.database(), target_of(call.arguments, path.target, 2),
                             path.column, range.first);
  show_explanation(cell, call);
  call.output.document(explanation_json(cell, call.workspace));
  return 0;
}

int run_find(const Invocation& call) {
  const auto& operands = call.arguments.operands;
  const auto path = parse_column_path(operands[0]);
  FindRequest request{path.column, operands[1], {}};
  if (const auto rows = call.arguments.value("rows")) request.range = parse_row_range(*rows);
  const auto found = call.workspace.find(call.arguments.database(),
                                         target_of(call.arguments, path.target, 2), request);
  std::vector<std::vector<Cell>> rows;
  Json json{{"rows", Json::array()}};
  for (const auto& row : found) {
    rows.push_back({row.table.to_string(), std::to_string(row.row), row.factory});
    json["rows"].push_back(
        {{"table", row.table.to_string()}, {"row", row.row}, {"factory", row.factory}});
  }
  if (found.empty()) {
    call.output.line("No row has this value.");
  } else {
    call.output.table({"Table", "Row", "Factory"}, rows);
  }
  call.output.document(json);
  return found.empty() ? 1 : 0;
}

std::vector<Option> override_options() {
  return {{"set", "PATH=VALUE", "a column, parameter or relation; VALUE is a literal, or @record",
           true},
          {"set-expr", "PATH=EXPR", "the same with an expression of the factory language", true}};
}

}  // namespace

std::vector<Command> insight_commands() {
  const Operand traits{.name = "TRAIT", .required = false, .repeated = true};
  Command find{.name = "find",
               .summary = "Tell which row a value belongs to; exit code 1 when there is none",
               .operands = {{.name = "FACTORY.COLUMN"}, {.name = "VALUE"}, traits},
               .options = override_options(),
               .example = "find products.sku SKU-000017",
               .run = run_find};
  find.options.push_back({"rows", "A..B", "make these rows and look at each"});
  return {{.name = "row",
           .summary = "Show rows by their numbers, as they would be made",
           .operands = {{.name = "FACTORY"}, {.name = "ROW|A..B"}, traits},
           .options = override_options(),
           .example = "row users 17",
           .run = run_row},
          {.name = "explain",
           .summary = "Show how a value comes about: rule, place, what it read, what it drew",
           .operands = {{.name = "FACTORY.COLUMN"}, {.name = "ROW"}, traits},
           .options = override_options(),
           .example = "explain users.email 17",
           .run = run_explain},
          find};
}

}  // namespace seedbed::tool
