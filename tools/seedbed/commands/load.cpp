#include <cerrno>
#include <chrono>
#include <cstdio>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/number_text.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/output.hpp"
#include "tools/seedbed/plan_view.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

LoadPart part_of(const Arguments& arguments) {
  LoadPart part;
  if (const auto rows = arguments.value("rows")) part.rows = parse_row_range(*rows);
  if (const auto shard = arguments.value("shard")) part.shard = parse_shard(*shard);
  if (const auto tables = arguments.value("tables")) part.tables = split(*tables, ',');
  if (const auto base = arguments.number("base", 0)) part.base = static_cast<std::uint64_t>(*base);
  return part;
}

ConstraintMode constraints_of(const Arguments& arguments) {
  const auto mode = arguments.value("constraints").value_or("keep");
  if (mode == "keep") return ConstraintMode::keep;
  if (mode == "defer") return ConstraintMode::defer;
  throw Error{ErrorCode::invalid_input,
              fmt::format("--constraints '{}' is neither keep nor defer", mode)};
}

LoadRequest load_request_of(const Arguments& arguments) {
  LoadRequest request;
  request.part = part_of(arguments);
  request.certify = arguments.flag("certify");
  request.constraints = constraints_of(arguments);
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

void write_to_standard_output(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return;
  throw Error{ErrorCode::unavailable, fmt::format("cannot write to standard output: {}",
                                                  std::generic_category().message(errno))};
}

/// Where `--out` wants the rows; nullopt: in the database.
std::optional<RowOutput> output_of(const Invocation& call) {
  const auto& arguments = call.arguments;
  const auto out = arguments.value("out");
  if (!out) {
    for (const auto* name : {"format", "zstd"}) {
      if (!arguments.flag(name)) continue;
      throw Error{ErrorCode::invalid_input,
                  fmt::format("--{} is for files: say where by --out DIR, or --out - for standard "
                              "output",
                              name)};
    }
    return std::nullopt;
  }
  RowOutput output;
  output.format = parse_row_format(arguments.value("format").value_or("csv"));
  output.zstd = arguments.flag("zstd");
  if (*out != "-") {
    output.directory = *out;
    return output;
  }
  if (output.zstd || call.output.json()) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("--{} and --out - cannot go together: standard output is for the rows",
                            output.zstd ? "zstd" : "json")};
  }
  output.stream = write_to_standard_output;
  return output;
}

std::string numbers_of(const LoadedTable& table) {
  return table.rows == 0 ? "" : fmt::format("{} .. {}", table.first_row, table.last_row);
}

Json json_of(const LoadedTable& table) {
  return {{"table", table.table.to_string()},
          {"rows", table.rows},
          {"first_row", table.first_row},
          {"last_row", table.last_row}};
}

void show(const std::vector<LoadedTable>& tables, const Output& output, Json json) {
  std::vector<std::vector<Cell>> rows;
  json["tables"] = Json::array();
  for (const auto& table : tables) {
    rows.push_back({table.table.to_string(), grouped(table.rows), numbers_of(table)});
    json["tables"].push_back(json_of(table));
    if (table.certificate) json["tables"].back()["hash"] = table.certificate->sum.hex();
  }
  output.table({"Table", "Rows", "Row numbers"}, rows);
  output.document(json);
}

void show_preview(const LoadPreview& preview, const Output& output) {
  std::vector<std::vector<Cell>> rows;
  Json json{{"method", preview.method}, {"tables", Json::array()}};
  for (const auto& table : preview.tables) {
    rows.push_back({table.rows.table.to_string(), grouped(table.rows.rows), numbers_of(table.rows),
                    size_text(table.bytes), size_text(table.index_bytes)});
    json["tables"].push_back(json_of(table.rows));
    json["tables"].back()["bytes"] = table.bytes;
    json["tables"].back()["index_bytes"] = table.index_bytes;
  }
  json["bytes"] = preview.bytes();
  json["memory"] = preview.memory;
  auto line = fmt::format("By {} in this order, about {}, with about {} of memory", preview.method,
                          size_text(preview.bytes()), size_text(preview.memory));
  if (const auto& room = preview.room) {
    json["free"] = room->free;
    line += fmt::format("; {} are free for {}", size_text(room->free), room->place.string());
  }
  output.table({"Table", "Rows", "Row numbers", "About", "Indexes"}, rows);
  output.document(json);
  output.line(line + ". Nothing was written.");
  require_room(preview);
}

std::uint64_t total(const std::vector<LoadedTable>& tables) {
  std::uint64_t rows = 0;
  for (const auto& table : tables) rows += table.rows;
  return rows;
}

void keep_certificate(const Invocation& call, const std::vector<LoadedTable>& tables) {
  const auto file = call.arguments.value("certify");
  if (file) write_file_atomically(*file, to_json(certificate_of(tables)));
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int write_files(const Invocation& call, const LoadRequest& request, const RowOutput& output) {
  if (call.arguments.flag("dry-run")) {
    throw Error{ErrorCode::invalid_input,
                "--dry-run prints the SQL for a database; --plan shows what --out would write"};
  }
  if (call.arguments.flag("plan")) {
    show_preview(call.workspace.plan_rows(call.arguments.database(), request, output), call.output);
    return 0;
  }
  const auto started = std::chrono::steady_clock::now();
  const auto tables = call.workspace.write_rows(call.arguments.database(), request, output);
  keep_certificate(call, tables);
  if (output.stream) return 0;
  const auto seconds = seconds_since(started);
  show(tables, call.output, {{"directory", output.directory.string()}, {"seconds", seconds}});
  call.output.line(fmt::format("{} to {} in {:.2f} s", counted(total(tables), "row"),
                               output.directory.string(), seconds));
  return 0;
}

int run_load(const Invocation& call) {
  const auto request = load_request_of(call.arguments);
  if (const auto output = output_of(call)) return write_files(call, request, *output);
  const std::string database = call.arguments.database();
  if (call.arguments.flag("plan")) {
    show_preview(call.workspace.plan_load(database, request), call.output);
    return 0;
  }
  if (call.arguments.flag("dry-run")) {
    const auto preview = call.workspace.plan_load(database, request);
    show_statements(preview.statements, call);
    require_room(preview);
    return 0;
  }
  const auto started = std::chrono::steady_clock::now();
  const auto run = call.workspace.load(database, request);
  const auto seconds = seconds_since(started);
  keep_certificate(call, run.tables);
  if (run.prepared.created) {
    call.output.line(fmt::format("Created the database, marked it as disposable, and applied {}.",
                                 counted(run.prepared.migrations.size(), "migration")));
  }
  show(run.tables, call.output, {{"created", run.prepared.created}, {"seconds", seconds}});
  call.output.line(fmt::format("{} in {:.2f} s", counted(total(run.tables), "row"), seconds));
  return 0;
}

std::vector<Option> load_options() {
  return {
      {"plan", "", "show tables in their order, rows, estimates and how they go; write nothing"},
      dry_run_option("print the SQL with the numbers of rows; write nothing"),
      {"rows", "A..B", "of each line that hangs on no other, only these rows and what they need"},
      {"shard", "I/N", "the same, of N parts of equal size; together they are the whole"},
      {"tables", "NAME,...", "write rows of these tables only"},
      {"base", "N", "count rows and keys of a part from N + 1; default: 0"},
      {"constraints", "keep|defer",
       "of empty tables: 'defer' builds foreign keys and indexes after the rows; default: keep"},
      {"out", "DIR|-", "write files, or standard output, instead of a database"},
      {"format", "csv|jsonl|sql|copy", "of what --out writes; default: csv"},
      {"zstd", "", "compress the files"},
      {"certify", "FILE", "keep what the rows add up to, for 'check certificate'"},
  };
}

}  // namespace

std::vector<Command> load_commands() {
  return {{.name = "load",
           .summary = "Fill tables in bulk; creates, marks and migrates a missing database",
           .operands = {{.name = "SCENARIO|FACTORY=N", .required = true, .repeated = true}},
           .options = load_options(),
           .example = "load small",
           .run = run_load}};
}

}  // namespace seedbed::tool
