#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/factories/schema_header.hpp"
#include "seedbed/schema/graph.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/output.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

std::string made_by(const Column& column) {
  if (column.generated != Generated::no) return "generated";
  if (column.identity != Identity::no) return "identity";
  return column.default_sql.value_or("");
}

std::string describe(const ForeignKey& key) {
  return fmt::format("{} -> {}({})", join(key.columns, ", "), key.parent.to_string(),
                     join(key.parent_columns, ", "));
}

Json to_json(const ForeignKey& key) {
  return {{"columns", key.columns},
          {"parent", key.parent.to_string()},
          {"parent_columns", key.parent_columns},
          {"on_delete", to_string(key.on_delete)},
          {"on_update", to_string(key.on_update)}};
}

Json to_json(const Table& table) {
  Json json{{"name", table.name.to_string()}, {"columns", Json::array()}};
  for (const auto& column : table.columns) {
    json["columns"].push_back({{"name", column.name},
                               {"type", column.type.declared},
                               {"class", to_string(column.type.type_class)},
                               {"nullable", column.nullable},
                               {"default", column.default_sql ? Json(*column.default_sql) : Json{}},
                               {"identity", column.identity != Identity::no},
                               {"generated", column.generated != Generated::no}});
  }
  json["primary_key"] = table.primary_key;
  json["unique_keys"] = Json::array();
  for (const auto& key : table.unique_keys) {
    json["unique_keys"].push_back(
        {{"name", key.name}, {"columns", key.columns}, {"partial", key.partial}});
  }
  json["foreign_keys"] = Json::array();
  for (const auto& key : table.foreign_keys) json["foreign_keys"].push_back(to_json(key));
  json["checks"] = Json::array();
  for (const auto& check : table.checks) json["checks"].emplace_back(check.expression);
  json["triggers"] = table.triggers;
  return json;
}

void show_table(const Table& table, const Output& output) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& column : table.columns) {
    rows.push_back(
        {column.name, column.type.declared, column.nullable ? "" : "NOT NULL", made_by(column)});
  }
  output.line(table.name.to_string());
  output.table({"Column", "Type", "Null", "Default"}, rows);
  output.line(fmt::format("primary key: {}", join(table.primary_key, ", ")));
  for (const auto& key : table.unique_keys) {
    output.line(fmt::format("unique: {}", key.plain() ? join(key.columns, ", ") : key.definition));
  }
  for (const auto& key : table.foreign_keys) {
    output.line(fmt::format("foreign key: {}", describe(key)));
  }
  for (const auto& check : table.checks) output.line(fmt::format("check: {}", check.expression));
}

void show_tables(const Schema& schema, const std::map<TableName, std::uint64_t>& counts,
                 const Output& output) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& table : schema.tables()) {
    std::vector<Cell> row{table.name.to_string(), std::to_string(table.columns.size()),
                          join(table.primary_key, ", "), std::to_string(table.foreign_keys.size())};
    if (!counts.empty()) row.emplace_back(grouped(counts.at(table.name)));
    rows.push_back(std::move(row));
  }
  std::vector<std::string> headings{"Table", "Columns", "Primary key", "Foreign keys"};
  if (!counts.empty()) headings.emplace_back("Rows");
  output.table(headings, rows);
}

int run_save(const Invocation& call, const std::string& database) {
  if (!call.arguments.operands.empty()) {
    throw Error{ErrorCode::invalid_input, "--save keeps the whole schema; leave the table out"};
  }
  const auto file = call.workspace.save_schema(database).string();
  call.output.line(fmt::format("Saved the schema as {}", file));
  call.output.document({{"saved", file}});
  return 0;
}

int run_show(const Invocation& call) {
  const std::string database = call.arguments.database();
  if (call.arguments.flag("save")) return run_save(call, database);
  const Schema schema = call.workspace.schema(database);
  if (!call.arguments.operands.empty()) {
    const Table& table = schema.at(call.arguments.operands.front());
    show_table(table, call.output);
    call.output.document(to_json(table));
    return 0;
  }
  std::map<TableName, std::uint64_t> counts;
  if (call.arguments.flag("rows")) {
    for (auto& count : call.workspace.count_rows(database)) counts[count.table] = count.rows;
  }
  show_tables(schema, counts, call.output);
  Json json{{"tables", Json::array()}, {"views", Json::array()}};
  for (const auto& table : schema.tables()) {
    json["tables"].push_back(to_json(table));
    if (!counts.empty()) json["tables"].back()["rows"] = counts.at(table.name);
  }
  for (const auto& view : schema.views()) json["views"].push_back(view.to_string());
  call.output.document(json);
  return 0;
}

std::vector<std::string> names_of(const std::vector<TableName>& tables) {
  std::vector<std::string> names(tables.size());
  std::transform(tables.begin(), tables.end(), names.begin(),
                 [](const TableName& table) { return table.to_string(); });
  return names;
}

int run_graph(const Invocation& call) {
  const Schema schema = call.workspace.schema(call.arguments.database());
  const auto order = insert_order(schema);
  std::vector<std::vector<Cell>> rows;
  Json json{{"tables", Json::array()}, {"cycles", Json::array()}, {"late_keys", Json::array()}};
  for (const auto& name : order.tables) {
    std::vector<std::string> parents;
    Json keys = Json::array();
    for (const auto& key : schema.at(name).foreign_keys) {
      parents.push_back(describe(key));
      keys.push_back(to_json(key));
    }
    rows.push_back({std::to_string(rows.size() + 1), name.to_string(), join(parents, "; ")});
    json["tables"].push_back({{"name", name.to_string()}, {"foreign_keys", keys}});
  }
  call.output.table({"Order", "Table", "Refers to"}, rows);
  for (const auto& cycle : order.cycles) {
    call.output.line(fmt::format("cycle: {}", join(names_of(cycle), ", ")));
    json["cycles"].push_back(names_of(cycle));
  }
  for (const auto& late : order.late) {
    call.output.line(
        fmt::format("filled in afterwards: {}.{}", late.table.to_string(), describe(late.key)));
    json["late_keys"].push_back({{"table", late.table.to_string()}, {"key", to_json(late.key)}});
  }
  call.output.document(json);
  return 0;
}

int run_cpp(const Invocation& call) {
  const auto text = write_schema_header(call.workspace.schema(call.arguments.database()),
                                        call.arguments.value("namespace").value_or("database"));
  const auto out = call.arguments.value("out");
  if (!out) {
    call.output.line(std::string_view{text}.substr(0, text.size() - 1));
    call.output.document({{"header", text}});
    return 0;
  }
  // What did not change keeps its time, so that nothing is compiled again.
  const bool same = std::filesystem::exists(*out) && read_file(*out) == text;
  if (!same) write_file_atomically(*out, text);
  call.output.line(fmt::format("{} {}", *out, same ? "is up to date" : "is written"));
  call.output.document({{"written", *out}, {"changed", !same}});
  return 0;
}

}  // namespace

std::vector<Command> schema_commands() {
  return {{.name = "schema show",
           .summary = "Show the tables of a database, or the columns and keys of one",
           .operands = {{.name = "TABLE", .required = false}},
           .options = {{.name = "rows", .help = "count the rows of each table"},
                       {.name = "save",
                        .help = "keep the schema in factories/schema.json, from which rows can be "
                                "made without a database"}},
           .example = "schema show orders",
           .run = run_show},
          {.name = "schema graph",
           .summary = "Show the order in which tables are filled, and what refers to what",
           .example = "schema graph",
           .run = run_graph},
          {.name = "schema cpp",
           .summary = "Write a C++ header of the tables: tags for columns and relations "
                      "(shop::users::email), and a struct for the rows of each",
           .options = {{.name = "namespace",
                        .value_name = "NAME",
                        .help = "the namespace around all of it, such as shop or acme::shop; "
                                "'database' when left out"},
                       {.name = "out",
                        .value_name = "FILE",
                        .help = "write the header there, unless it is the same already"}},
           .example = "schema cpp --namespace shop --out build/shop.hpp",
           .run = run_cpp}};
}

}  // namespace seedbed::tool
