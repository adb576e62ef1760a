#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/output.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

int show_plan(const Invocation& call, const CleanOptions& options) {
  const auto plan = call.workspace.plan_clean(call.arguments.database(), options);
  for (const auto& statement : plan.statements) call.output.line(statement + ";");
  Json counters = Json::array();
  for (const auto& counter : plan.counters) {
    call.output.line(fmt::format("-- sets the counter of {} back to {}",
                                 counter.owner.value_or(counter.name).to_string(), counter.start));
    counters.push_back(counter.owner.value_or(counter.name).to_string());
  }
  call.output.document(
      {{"dry_run", true}, {"statements", plan.statements}, {"counters", counters}});
  return 0;
}

int run_clean(const Invocation& call) {
  CleanOptions options{.keep = call.arguments.values("keep")};
  options.strategy = parse_clean_strategy(call.arguments.value("strategy").value_or("auto"));
  if (call.arguments.flag("dry-run")) return show_plan(call, options);

  const auto cleaned = call.workspace.clean(call.arguments.database(), options);
  std::vector<std::vector<Cell>> rows;
  Json json{{"tables", Json::array()}};
  for (const auto& table : cleaned) {
    rows.push_back({table.table.to_string(), grouped(table.rows)});
    json["tables"].push_back({{"table", table.table.to_string()}, {"rows", table.rows}});
  }
  call.output.table({"Emptied", "Rows"}, rows);
  call.output.document(json);
  return 0;
}

Json to_json(const Baseline& baseline) {
  return {{"snapshot", baseline.snapshot},
          {"digest", baseline.digest.to_string()},
          {"marked_at", baseline.marked_at}};
}

int run_mark(const Invocation& call) {
  const std::string database = call.arguments.database();
  if (call.arguments.flag("dry-run")) {
    std::uint64_t rows = 0;
    for (const auto& count : call.workspace.count_rows(database)) rows += count.rows;
    call.output.line(fmt::format("Would seal {} as the baseline.", counted(rows, "row")));
    call.output.document({{"dry_run", true}, {"rows", rows}});
    return 0;
  }
  const auto run = call.workspace.mark_baseline(database);
  if (!run.filled_from.empty()) {
    call.output.line(fmt::format("Filled the empty database from {}.", run.filled_from));
  }
  call.output.line(fmt::format("Sealed the baseline as snapshot '{}'.", run.baseline.snapshot));
  Json json = to_json(run.baseline);
  json["filled_from"] = run.filled_from;
  call.output.document(json);
  return 0;
}

int run_status(const Invocation& call) {
  const auto status = call.workspace.baseline_status(call.arguments.database());
  if (!status.baseline) {
    call.output.line("No baseline is marked.");
    call.output.document({{"baseline", nullptr}});
    return 1;
  }
  call.output.line(fmt::format("Baseline '{}', marked at {}.", status.baseline->snapshot,
                               status.baseline->marked_at));
  call.output.line(status.unchanged
                       ? "The rows are those of the baseline."
                       : "Rows have changed; 'seedbed reset' brings the baseline back.");
  call.output.document({{"baseline", to_json(*status.baseline)}, {"unchanged", status.unchanged}});
  return status.unchanged ? 0 : 1;
}

int run_remove(const Invocation& call) {
  const bool dry_run = call.arguments.flag("dry-run");
  if (!dry_run) call.workspace.remove_baseline(call.arguments.database());
  call.output.line(dry_run ? "Would forget the baseline; its snapshot would stay."
                           : "Forgot the baseline; its snapshot stays.");
  call.output.document({{"dry_run", dry_run}, {"removed", !dry_run}});
  return 0;
}

int run_reset(const Invocation& call) {
  const RestoreOptions options{.dry_run = call.arguments.flag("dry-run")};
  const auto restored = call.workspace.reset(call.arguments.database(), options);
  call.output.line(fmt::format(
      "{} the baseline: {} in {}.", options.dry_run ? "Would bring back" : "Brought back",
      counted(restored.rows(), "row"), counted(restored.tables.size(), "table")));
  call.output.document(
      {{"snapshot", restored.name}, {"rows", restored.rows()}, {"dry_run", options.dry_run}});
  return 0;
}

}  // namespace

std::vector<Command> cleanup_commands() {
  return {{.name = "clean",
           .summary = "Empty all tables and reset their identities",
           .options = {{"strategy", "auto|truncate|delete", "how; default: auto"},
                       {"keep", "TABLE", "leave a table as it is", true},
                       dry_run_option("print the SQL; send nothing")},
           .example = "clean --keep categories",
           .run = run_clean},
          {.name = "baseline mark",
           .summary = "Seal the state that 'reset' brings back; fills an empty database first",
           .options = {dry_run_option()},
           .example = "baseline mark",
           .run = run_mark},
          {.name = "baseline status",
           .summary = "Compare the state with the baseline; exit code 1 unless they are equal",
           .example = "baseline status",
           .run = run_status},
          {.name = "baseline remove",
           .summary = "Forget the baseline",
           .options = {dry_run_option()},
           .example = "baseline remove",
           .run = run_remove},
          {.name = "reset",
           .summary = "Bring the baseline back",
           .options = {dry_run_option("verify the baseline; write nothing")},
           .example = "reset",
           .run = run_reset}};
}

}  // namespace seedbed::tool
