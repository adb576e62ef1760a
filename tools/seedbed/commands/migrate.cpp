#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/output.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

Json labels_of(const std::vector<Migration>& migrations) {
  Json labels = Json::array();
  for (const auto& migration : migrations) labels.push_back(migration.label());
  return labels;
}

UnknownStatement unknown_statement(const Arguments& arguments) {
  const auto answer = arguments.value("unknown");
  if (!answer) return UnknownStatement::refuse;
  if (*answer == "skip") return UnknownStatement::skip;
  if (*answer == "run-again") return UnknownStatement::run_again;
  throw Error{ErrorCode::invalid_input,
              fmt::format("--unknown is 'skip' or 'run-again', not '{}'", *answer)};
}

MigrateOptions options_of(const Arguments& arguments) {
  MigrateOptions options{.dry_run = arguments.flag("dry-run")};
  options.unknown = unknown_statement(arguments);
  return options;
}

int run_up(const Invocation& call) {
  MigrateOptions options = options_of(call.arguments);
  options.to = call.arguments.number("to", 0);
  const auto run = call.workspace.migrate_up(call.arguments.database(), options);

  if (run.created) {
    call.output.line(
        options.dry_run
            ? "The database does not exist; it would be created and marked as disposable."
            : "Created the database and marked it as disposable.");
  }
  for (const auto& migration : run.migrations) {
    call.output.line(
        fmt::format("{} {}", options.dry_run ? "-- would apply" : "applied", migration.label()));
    if (options.dry_run) call.output.line(migration.up_sql);
  }
  if (run.migrations.empty()) call.output.line("Nothing is pending.");
  call.output.document({{"created", run.created},
                        {"dry_run", options.dry_run},
                        {"applied", labels_of(run.migrations)}});
  return 0;
}

int run_down(const Invocation& call) {
  MigrateOptions options = options_of(call.arguments);
  options.steps = call.arguments.number("steps", 1).value_or(1);
  const auto undone = call.workspace.migrate_down(call.arguments.database(), options);

  for (const auto& migration : undone) {
    call.output.line(
        fmt::format("{} {}", options.dry_run ? "-- would undo" : "undid", migration.label()));
    if (options.dry_run) call.output.line(migration.down_sql);
  }
  if (undone.empty()) call.output.line("Nothing is applied.");
  call.output.document({{"dry_run", options.dry_run}, {"undone", labels_of(undone)}});
  return 0;
}

Colour colour_of(MigrationState state) {
  if (state == MigrationState::applied) return Colour::green;
  return state == MigrationState::pending ? Colour::yellow : Colour::red;
}

int run_migrate_status(const Invocation& call) {
  const auto statuses = call.workspace.migration_status(call.arguments.database());
  std::vector<std::vector<Cell>> rows;
  Json migrations = Json::array();
  for (const auto& status : statuses) {
    const std::string state{to_string(status.state)};
    rows.push_back(
        {status.label, Cell{state, colour_of(status.state)}, status.applied_at, status.note});
    migrations.push_back({{"version", status.version},
                          {"label", status.label},
                          {"state", state},
                          {"applied_at", status.applied_at},
                          {"duration_ms", status.duration_ms},
                          {"note", status.note}});
  }
  call.output.table({"Migration", "State", "Applied at", "Note"}, rows);
  const bool up_to_date = std::all_of(statuses.begin(), statuses.end(), [](const auto& status) {
    return status.state == MigrationState::applied;
  });
  call.output.document({{"up_to_date", up_to_date}, {"migrations", migrations}});
  return up_to_date ? 0 : 1;
}

int run_new(const Invocation& call) {
  Json files = Json::array();
  for (const auto& path : call.workspace.new_migration(call.arguments.operands.front())) {
    call.output.line(path.string());
    files.push_back(path.string());
  }
  call.output.document({{"files", files}});
  return 0;
}

}  // namespace

std::vector<Command> migrate_commands() {
  const Option dry_run = dry_run_option("print the SQL that would run; send nothing");
  const Option unknown{
      "unknown", "skip|run-again",
      "what to do about a statement that was cut off on MySQL: it took effect, or it did not"};
  return {{.name = "migrate up",
           .summary = "Apply pending migrations; creates and marks a missing database",
           .options = {{"to", "VERSION", "the last version to apply"}, unknown, dry_run},
           .example = "migrate up",
           .run = run_up},
          {.name = "migrate down",
           .summary = "Undo the last migration",
           .options = {{"steps", "N", "how many to undo; default: 1"}, unknown, dry_run},
           .example = "migrate down --dry-run",
           .run = run_down},
          {.name = "migrate status",
           .summary = "Show what is applied and pending; exit code 1 unless all is applied",
           .example = "migrate status",
           .run = run_migrate_status},
          {.name = "migrate new",
           .summary = "Create the files of the next migration",
           .operands = {{.name = "NAME"}},
           .example = "migrate new add_coupons",
           .run = run_new}};
}

}  // namespace seedbed::tool
