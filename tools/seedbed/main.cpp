#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/engines/mysql/mysql_engine.hpp"
#include "seedbed/engines/postgres/postgres_engine.hpp"
#include "seedbed/engines/sqlite/sqlite_engine.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/interrupt.hpp"
#include "tools/seedbed/output.hpp"
#include "tools/seedbed/progress_view.hpp"

namespace seedbed::tool {

std::vector<Command> all_commands() {
  std::vector<Command> commands;
  for (auto* group : {adopt_commands, check_commands, schema_commands, migrate_commands,
                      record_commands, insight_commands, lint_commands, load_commands,
                      snapshot_commands, cleanup_commands, run_commands, wait_commands}) {
    for (auto& command : group()) commands.push_back(std::move(command));
  }
  return commands;
}

namespace {

EngineRegistry make_engines() {
  EngineRegistry engines;
  engines.add(make_sqlite_engine());
  engines.add(make_postgres_engine());
  engines.add(make_mysql_engine());
  return engines;
}

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) != 0;
}

bool wants_colours() {
  const char* no_color = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe)
  return is_terminal(STDOUT_FILENO) && (no_color == nullptr || *no_color == '\0');
}

ProgressStyle progress_style(const Arguments& arguments) {
  if (const auto style = arguments.value("progress")) return parse_progress_style(*style);
  const bool silent = arguments.flag("json") || arguments.flag("quiet");
  return is_terminal(STDERR_FILENO) && !silent ? ProgressStyle::bar : ProgressStyle::none;
}

// A URL is enough to work with a database; a project is only needed for names and files.
ProjectConfig read_project(const Command& command, const Arguments& arguments) {
  if (const auto directory = arguments.value("project")) {
    const auto file = std::filesystem::absolute(*directory) / "seedbed.yaml";
    return parse_project(read_file(file), file);
  }
  const auto here = std::filesystem::current_path();
  const bool dispensable = command.without_project || looks_like_url(arguments.database());
  if (dispensable && find_project_file(here).empty()) {
    return default_project(here);
  }
  try {
    return load_project(here);
  } catch (Error& error) {
    if (error.code() == ErrorCode::not_found) error.add_context("see --project and --database");
    throw;
  }
}

int run_command(const Command& command, const Arguments& arguments, const Output& output,
                InterruptWatch& interrupts) {
  ProgressView progress{progress_style(arguments)};
  const EngineRegistry engines = make_engines();
  Workspace workspace{engines, read_project(command, arguments), progress};
  const InterruptWatch::Listener listener{interrupts, [&] {
                                            progress.interrupt();
                                            workspace.cancel();
                                          }};
  const int code = command.run({arguments, workspace, output, interrupts, progress});
  progress.clear();
  Output::flush();
  return code;
}

int print_help(std::string_view text) {
  fmt::print("{}", text);
  Output::flush();
  return 0;
}

// What stands behind `--` is another program's.
bool contains(const std::vector<std::string>& words, std::string_view flag) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, flag) != end;
}

int dispatch(const std::vector<std::string>& words, const Output& output,
             InterruptWatch& interrupts) {
  const auto commands = all_commands();
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    return print_help(overview(commands));
  }
  if (words[0] == "--version") return print_help("seedbed " SEEDBED_VERSION "\n");
  if (words[0].starts_with('-')) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("options follow the command: seedbed COMMAND {}", words[0])};
  }
  const auto found = find_command(commands, words);
  if (found.command == nullptr) return print_help(overview(commands, words[0]));
  const auto arguments = parse_arguments(*found.command, std::span{words}.subspan(found.words));
  if (arguments.flag("help")) return print_help(help_of(*found.command));
  return run_command(*found.command, arguments, output, interrupts);
}

int run(const std::vector<std::string>& words) {
  InterruptWatch interrupts;
  const Output output{{.json = contains(words, "--json"),
                       .quiet = contains(words, "--quiet"),
                       .colours = wants_colours()}};
  try {
    return dispatch(words, output, interrupts);
  } catch (const Error& error) {
    if (interrupts.signal() == 0) {
      output.error(error);
      return exit_code(error.code());
    }
    // What was cancelled says so in the words of its server.
    output.error({ErrorCode::unavailable, "interrupted"});
    return 128 + interrupts.signal();
  } catch (const std::exception& error) {
    const Error internal{ErrorCode::internal, error.what()};
    output.error(internal);
    return exit_code(internal.code());
  }
}

}  // namespace

}  // namespace seedbed::tool

int main(int argc, char** argv) {
  try {
    return seedbed::tool::run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& error) {
    std::fputs("seedbed: ", stderr);
    std::fputs(error.what(), stderr);
    std::fputs("\n", stderr);
    return EXIT_FAILURE;
  }
}
