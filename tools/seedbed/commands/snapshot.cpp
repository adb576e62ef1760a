#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/output.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const SnapshotSummary& snapshot) {
  Json json{{"name", snapshot.name},
            {"engine", snapshot.engine},
            {"created", snapshot.created},
            {"rows", snapshot.rows()},
            {"manifest", snapshot.manifest.to_string()},
            {"digest", snapshot.digest.to_string()},
            {"logical_digest", snapshot.logical_digest.to_string()},
            {"schema_fingerprint", snapshot.schema_fingerprint.to_string()},
            {"labels", snapshot.labels},
            {"tables", Json::array()}};
  for (const auto& table : snapshot.tables) {
    json["tables"].push_back(
        {{"name", table.name}, {"rows", table.rows}, {"bytes", table.raw_bytes}});
  }
  return json;
}

void show_tables(const SnapshotSummary& snapshot, const Output& output) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& table : snapshot.tables) {
    rows.push_back({table.name, grouped(table.rows), grouped(table.raw_bytes)});
  }
  output.table({"Table", "Rows", "Bytes"}, rows);
}

std::map<std::string, std::string> labels_of(const Arguments& arguments) {
  std::map<std::string, std::string> labels;
  for (const auto& text : arguments.values("label")) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw Error{ErrorCode::invalid_input, fmt::format("--label '{}' is not KEY=VALUE", text)};
    }
    labels[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return labels;
}

int run_save(const Invocation& call) {
  const SaveOptions options{.replace = call.arguments.flag("replace"),
                            .labels = labels_of(call.arguments)};
  const auto saved = call.workspace.save_snapshot(call.arguments.database(),
                                                  call.arguments.operands.front(), options);
  call.output.line(fmt::format("Saved '{}': {} in {}, {}", saved.name, counted(saved.rows(), "row"),
                               counted(saved.tables.size(), "table"), saved.digest.to_string()));
  call.output.document(to_json(saved));
  return 0;
}

int run_restore(const Invocation& call) {
  const RestoreOptions options{.dry_run = call.arguments.flag("dry-run")};
  const auto restored = call.workspace.restore_snapshot(call.arguments.database(),
                                                        call.arguments.operands.front(), options);
  if (options.dry_run) show_tables(restored, call.output);
  call.output.line(fmt::format("{} '{}': {} in {}", options.dry_run ? "Would restore" : "Restored",
                               restored.name, counted(restored.rows(), "row"),
                               counted(restored.tables.size(), "table")));
  Json json = to_json(restored);
  json["dry_run"] = options.dry_run;
  call.output.document(json);
  return 0;
}

int run_list(const Invocation& call) {
  std::vector<std::vector<Cell>> rows;
  Json json{{"snapshots", Json::array()}};
  for (const auto& snapshot : call.workspace.snapshots().list()) {
    rows.push_back({snapshot.name, snapshot.engine, snapshot.created, grouped(snapshot.rows()),
                    snapshot.digest.to_string().substr(0, 19)});
    json["snapshots"].push_back(to_json(snapshot));
  }
  call.output.table({"Snapshot", "Engine", "Created", "Rows", "Digest"}, rows);
  call.output.document(json);
  return 0;
}

int run_snapshot_show(const Invocation& call) {
  const auto snapshot = call.workspace.snapshots().at(call.arguments.operands.front());
  std::vector<std::vector<Cell>> facts{{"engine", snapshot.engine},
                                       {"created", snapshot.created},
                                       {"digest", snapshot.digest.to_string()},
                                       {"logical digest", snapshot.logical_digest.to_string()},
                                       {"schema", snapshot.schema_fingerprint.to_string()}};
  for (const auto& [key, value] : snapshot.labels) facts.push_back({"label " + key, value});
  call.output.table({"Snapshot", snapshot.name}, facts);
  call.output.line();
  show_tables(snapshot, call.output);
  call.output.document(to_json(snapshot));
  return 0;
}

}  // namespace

std::vector<Command> snapshot_commands() {
  return {{.name = "snapshot save",
           .summary = "Store the rows of all tables under a name",
           .operands = {{.name = "NAME"}},
           .options = {{.name = "replace", .help = "take the place of a snapshot of that name"},
                       {"label", "KEY=VALUE", "a note to keep with it", true}},
           .example = "snapshot save demo",
           .run = run_save},
          {.name = "snapshot restore",
           .summary = "Replace the rows of all tables by a snapshot's",
           .operands = {{.name = "NAME"}},
           .options = {dry_run_option("verify the snapshot and the schema; write nothing")},
           .example = "snapshot restore demo",
           .run = run_restore},
          {.name = "snapshot list",
           .summary = "Show the stored snapshots",
           .example = "snapshot list",
           .run = run_list},
          {.name = "snapshot show",
           .summary = "Show what a snapshot holds",
           .operands = {{.name = "NAME"}},
           .example = "snapshot show demo",
           .run = run_snapshot_show}};
}

}  // namespace seedbed::tool
