#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/cleanup/changes_report.hpp"
#include "seedbed/core/text.hpp"
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
          {"marked_at", baseline.marked_at},
          {"noted", baseline.noted},
          {"strategy", to_string(strategy_of(baseline))}};
}

Json to_json(const Changes& changes) {
  return Json::parse(to_json_text(changes));
}

std::uint64_t changed_rows(const Changes& changes) {
  std::uint64_t rows = 0;
  for (const auto& table : changes.tables) rows += table.inserted + table.updated + table.deleted;
  return rows;
}

// "+ 5, + 6, ~ 1": one key of several columns as "1/2".
std::string rows_of(const TableChanges& changes) {
  constexpr std::array<char, 3> kSigns{'+', '~', '-'};
  std::vector<std::string> parts;
  for (const auto& row : changes.rows) {
    parts.push_back(
        fmt::format("{}{}", kSigns.at(static_cast<std::size_t>(row.change)), join(row.key, "/")));
  }
  const auto all = changes.inserted + changes.updated + changes.deleted;
  if (parts.size() < all && !parts.empty()) parts.emplace_back("...");
  return join(parts, " ");
}

void show_changes(const Invocation& call, const Changes& changes) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& table : changes.tables) {
    rows.push_back({table.table.to_string(), grouped(table.inserted), grouped(table.updated),
                    grouped(table.deleted), rows_of(table)});
  }
  if (!rows.empty()) {
    call.output.table({"Changed", "Inserted", "Updated", "Deleted", "Rows"}, rows);
  }
  if (!changes.counters.empty()) {
    call.output.line(fmt::format("Counters that moved: {}.", join(changes.counters, ", ")));
  }
  for (const auto& obstacle : changes.obstacles) {
    call.output.line(fmt::format("Cannot be undone row by row: {}.", obstacle));
  }
  for (const auto& change : changes.schema) {
    call.output.line(fmt::format("Changed the schema: {}.", change));
  }
}

int show_mark(const Invocation& call, const MarkOptions& options) {
  std::uint64_t rows = 0;
  std::vector<std::string> holding;
  for (const auto& count : call.workspace.count_rows(call.arguments.database())) {
    rows += count.rows;
    const std::string name = count.table.to_string();
    const bool kept = std::ranges::find(options.keep, name) != options.keep.end();
    if (count.rows > 0 && !kept) holding.push_back(name);
  }
  const bool refused = emptied_by(options.strategy) && !holding.empty();
  call.output.line(
      refused ? fmt::format("Would refuse it, since these hold rows: {}.", join(holding, ", "))
              : fmt::format("Would seal {} as the baseline.", counted(rows, "row")));
  call.output.document({{"dry_run", true}, {"rows", rows}, {"refused", refused}});
  return 0;
}

int run_mark(const Invocation& call) {
  const std::string database = call.arguments.database();
  const MarkOptions options{parse_reset_strategy(call.arguments.value("strategy").value_or("auto")),
                            call.arguments.values("keep")};
  if (call.arguments.flag("dry-run")) return show_mark(call, options);
  const auto run = call.workspace.mark_baseline(database, options);
  if (!run.filled_from.empty()) {
    call.output.line(fmt::format("Filled the empty database from {}.", run.filled_from));
  }
  if (!run.not_filled_from.empty()) {
    call.output.line(fmt::format("Not filled from {}: '{}' brings back a database without rows.",
                                 run.not_filled_from, to_string(options.strategy)));
  }
  call.output.line(fmt::format("Sealed the baseline as snapshot '{}'.", run.baseline.snapshot));
  call.output.line(
      run.baseline.emptied_by ? "No table holds rows; 'seedbed reset' empties those that do then."
      : run.baseline.noted    ? "Changes are noted from now on; 'seedbed reset' undoes them."
      : run.not_noted.empty() ? "Changes are not noted; 'seedbed reset' restores all rows."
                              : fmt::format("Changes cannot be noted, so 'seedbed reset' "
                                            "restores all rows: {}.",
                                            run.not_noted));
  if (run.copied) {
    call.output.line("Made a copy of it, which 'seedbed reset' takes when the schema was changed.");
  }
  Json json = to_json(run.baseline);
  json["copied"] = run.copied;
  json["filled_from"] = run.filled_from;
  json["not_noted"] = run.not_noted;
  call.output.document(json);
  return 0;
}

int run_status(const Invocation& call) {
  const auto rows = static_cast<std::size_t>(call.arguments.number("rows", 0).value_or(5));
  auto status = call.workspace.baseline_status(call.arguments.database(), rows);
  if (status.changes) status.changes = without_own_tables(std::move(*status.changes));
  if (!status.baseline) {
    call.output.line("No baseline is marked.");
    call.output.document({{"baseline", nullptr}});
    return 1;
  }
  call.output.line(fmt::format("Baseline '{}', marked at {}.", status.baseline->snapshot,
                               status.baseline->marked_at));
  if (status.changes) show_changes(call, *status.changes);
  call.output.line(status.unchanged
                       ? "The rows are those of the baseline."
                       : "Rows have changed; 'seedbed reset' brings the baseline back.");
  Json json{{"baseline", to_json(*status.baseline)}, {"unchanged", status.unchanged}};
  if (status.changes) json["changes"] = to_json(*status.changes);
  call.output.document(json);
  return status.unchanged ? 0 : 1;
}

int run_remove(const Invocation& call) {
  const bool dry_run = call.arguments.flag("dry-run");
  const bool all = dry_run || call.workspace.remove_baseline(call.arguments.database());
  call.output.line(dry_run ? "Would forget the baseline; its snapshot would stay."
                           : "Forgot the baseline; its snapshot stays.");
  if (!all) {
    call.output.line("The server could not be asked for a copy of it; if one was made, it stays.");
  }
  call.output.document({{"dry_run", dry_run}, {"removed", !dry_run}});
  return 0;
}

int show_reset(const Invocation& call) {
  auto status = call.workspace.baseline_status(call.arguments.database());
  if (status.changes) status.changes = without_own_tables(std::move(*status.changes));
  const bool empties = status.changes && status.baseline->emptied_by;
  const bool rewinds = status.changes && status.changes->obstacles.empty();
  const bool altered = status.changes && !status.changes->schema.empty();
  call.output.line(
      !status.baseline ? "There is no baseline to bring back."
      : empties ? fmt::format("Would remove {}.", counted(changed_rows(*status.changes), "row"))
      : rewinds
          ? fmt::format("Would undo {}.", counted(changed_rows(*status.changes), "changed row"))
          : "Would restore all rows of the baseline.");
  if (altered) {
    call.output.line(empties ? "Would refuse it, since the schema has changed."
                     : status.copied
                         ? "Would drop what is new in the schema, or put the copy of the baseline "
                           "in the database's place if something was altered."
                         : "Would drop what is new in the schema, and refuse it if something was "
                           "altered.");
  }
  if (status.changes) show_changes(call, *status.changes);
  call.output.document({{"dry_run", true}, {"unchanged", status.unchanged}});
  return status.baseline ? 0 : exit_code(ErrorCode::not_found);
}

int run_reset(const Invocation& call) {
  const ResetOptions options{
      parse_reset_strategy(call.arguments.value("strategy").value_or("auto")),
      parse_verify_reset(call.arguments.value("verify").value_or("never"))};
  if (call.arguments.flag("dry-run")) return show_reset(call);

  auto report = call.workspace.reset(call.arguments.database(), options);
  report.changes = without_own_tables(std::move(report.changes));
  if (report.used == ResetStrategy::rewind) {
    call.output.line(fmt::format("Brought back the baseline: undid {} in {}.",
                                 counted(changed_rows(report.changes), "changed row"),
                                 counted(report.changes.tables.size(), "table")));
  } else if (emptied_by(report.used)) {
    call.output.line(fmt::format("Brought back the baseline: removed {} from {}.",
                                 counted(changed_rows(report.changes), "row"),
                                 counted(report.changes.tables.size(), "table")));
  } else {
    const auto source = report.used == ResetStrategy::clone
                            ? std::string{"its copy"}
                            : fmt::format("snapshot '{}'", report.baseline.snapshot);
    call.output.line(fmt::format("Brought back the baseline from {}{}{}.", source,
                                 report.reason.empty() ? "" : ": ", report.reason));
  }
  if (!report.changes.dropped.empty()) {
    call.output.line(fmt::format("Dropped what was new: {}.", join(report.changes.dropped, ", ")));
  }
  for (const auto& left : report.changes.left) {
    call.output.line(fmt::format("Still there: {}.", left));
  }
  call.output.document({{"strategy", to_string(report.used)},
                        {"reason", report.reason},
                        {"snapshot", report.baseline.snapshot},
                        {"changes", to_json(report.changes)},
                        {"verified", options.verify != VerifyReset::never}});
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
           .options = {{"strategy", "auto|rewind|clone|restore|truncate|delete",
                        "restore: do not note changes; rewind: fail where they cannot be noted; "
                        "clone: keep a copy too, for the schema; truncate, delete: for a database "
                        "without rows, notes nothing"},
                       {"keep", "TABLE",
                        "with truncate and delete: may hold rows, and is left as it is", true},
                       dry_run_option()},
           .example = "baseline mark",
           .run = run_mark},
          {.name = "baseline status",
           .summary = "Tell what has changed since the baseline; exit code 1 unless nothing",
           .options = {{"rows", "N", "rows to name of each table; default: 5"}},
           .example = "baseline status",
           .run = run_status},
          {.name = "baseline remove",
           .summary = "Forget the baseline",
           .options = {dry_run_option()},
           .example = "baseline remove",
           .run = run_remove},
          {.name = "reset",
           .summary = "Bring the baseline back",
           .options = {{"strategy", "auto|rewind|clone|restore|truncate|delete",
                        "undo what changed, take the copy of the baseline, write every row anew, "
                        "or empty the tables that hold rows; default: auto, as it was marked"},
                       {"verify", "never|sample|always",
                        "compare with the baseline afterwards: the tables that were changed, or "
                        "every row; default: never"},
                       dry_run_option("tell what would be undone; write nothing")},
           .example = "reset",
           .run = run_reset}};
}

}  // namespace seedbed::tool
