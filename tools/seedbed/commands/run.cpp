#include <array>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/process.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/workspace/run_environment.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/interrupt.hpp"
#include "tools/seedbed/output.hpp"
#include "tools/seedbed/progress_view.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

// As shells and other programs that run programs say it.
constexpr int kCannotRun = 126;
constexpr int kNoSuchProgram = 127;

std::string engine_of(const Arguments& arguments) {
  const auto engine = arguments.value("engine");
  if (!engine) return {};
  const std::array<std::string, 3> names{"sqlite", "postgres", "mysql"};
  for (const auto& name : names) {
    if (name == *engine) return name;
  }
  throw Error{ErrorCode::invalid_input,
              fmt::format("--engine '{}' is not one of {}{}", *engine, join(names, ", "),
                          did_you_mean(*engine, names))};
}

RunRequest request_of(const Arguments& arguments) {
  RunRequest request{.engine = engine_of(arguments),
                     .scenario = arguments.value("scenario").value_or(""),
                     .snapshot = arguments.value("snapshot").value_or(""),
                     .only_migrated = arguments.flag("empty"),
                     .workers = static_cast<unsigned>(arguments.number("workers", 1).value_or(1)),
                     .keep = arguments.flag("keep")};
  // The environment's database is a default, which an engine asked for here overrides.
  request.database =
      request.engine.empty() ? arguments.database() : arguments.value("database").value_or("");
  return request;
}

std::vector<std::string> inherited_names() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    names.emplace_back(text.substr(0, text.find('=')));
  }
  return names;
}

int show_plan(const Invocation& call, const RunRequest& request) {
  const auto plan = call.workspace.plan_run(request);
  const std::string contents =
      plan.filled_from.empty() ? "migrated" : "migrated and filled from " + plan.filled_from;
  call.output.line(fmt::format("Would make {}, {}, on {}.", counted(request.workers, "database"),
                               contents, plan.server));
  if (!plan.template_name.empty()) {
    call.output.line(fmt::format("Template {} {}.", plan.template_name,
                                 plan.template_ready ? "is ready" : "would be built first"));
  }
  Json json{{"dry_run", true},
            {"server", plan.server},
            {"databases", request.workers},
            {"filled_from", plan.filled_from},
            {"template", plan.template_name},
            {"template_ready", plan.template_ready}};
  call.output.document(json);
  return 0;
}

int run_program(const Invocation& call, const TestRun& run) {
  const auto inherited = inherited_names();
  try {
    Process program{{.command = call.arguments.operands,
                     .environment = run_environment(run.databases(), inherited)}};
    const InterruptWatch::Detour detour{call.interrupts, [&](int signal, bool from_keyboard) {
                                          if (!from_keyboard) program.signal(signal);
                                        }};
    // One that came before the program was there to get it.
    if (const int missed = call.interrupts.signal(); missed != 0) program.signal(missed);
    return program.wait();
  } catch (const Error& error) {
    call.output.error(error);
    return error.code() == ErrorCode::not_found ? kNoSuchProgram : kCannotRun;
  }
}

int run_run(const Invocation& call) {
  const auto request = request_of(call.arguments);
  if (call.arguments.flag("dry-run")) return show_plan(call, request);
  const auto run = call.workspace.begin_run(request);
  call.progress.clear();  // the terminal is the program's now
  const int status = run_program(call, *run);
  if (request.keep) {
    for (const auto& url : run->databases()) {
      call.output.note(fmt::format("kept: seedbed schema show --database {}", url.redacted()));
    }
    return status;
  }
  try {
    run->finish();
  } catch (const Error& error) {
    call.output.note(
        fmt::format("a database is left for the next run to remove: {}", error.what()));
  }
  return status;
}

}  // namespace

std::vector<Command> run_commands() {
  return {{.name = "run",
           .summary = "Run a program with databases of its own, and remove them afterwards",
           .operands = {{.name = "COMMAND", .repeated = true, .verbatim = true}},
           .options = {{"engine", "ENGINE",
                        "sqlite, postgres or mysql: on a server that is started for it, unless "
                        "--database names one"},
                       {"workers", "N", "how many databases; default: 1"},
                       {"scenario", "NAME", "fill them; default: the project's baseline"},
                       {"snapshot", "NAME", "fill them from a snapshot"},
                       {.name = "empty", .help = "migrate them only"},
                       {.name = "keep", .help = "leave them there, and tell where"},
                       dry_run_option("show what would be made; run nothing")},
           .example = "run --scenario small --workers 2 -- sh -c 'echo $DATABASE_URL_0'",
           .run = run_run,
           .without_project = true}};
}

}  // namespace seedbed::tool
