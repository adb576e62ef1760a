#include <iostream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/interrupt.hpp"
#include "tools/seedbed/output.hpp"

namespace seedbed::tool {

namespace {

std::string_view describe(MarkState state) {
  switch (state) {
    case MarkState::marked: return "marked as disposable";
    case MarkState::unmarked: return "not marked";
    case MarkState::foreign: return "carries the mark of another database, which does not count";
  }
  return {};
}

void show(const AdoptionReport& report, const Output& output) {
  output.table({"What", "Found"}, {{"database", report.name},
                                   {"address", report.address},
                                   {"server", report.product},
                                   {"tables", grouped(report.tables)},
                                   {"rows", grouped(report.rows)},
                                   {"mark", std::string{describe(report.state)}}});
}

std::string ask_for_name(const AdoptionReport& report) {
  if (::isatty(STDIN_FILENO) == 0) {
    throw Error{ErrorCode::refused,
                fmt::format("adopting '{}' allows Seedbed to destroy what is in it; confirm with "
                            "--yes-destroy '{}'",
                            report.name, report.name)};
  }
  const PlainInterrupts plain;
  std::cerr << "Seedbed may then destroy everything in it. Type its name to go on: " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer;
}

int run_adopt(const Invocation& call) {
  const std::string database = call.arguments.database();
  const auto report = call.workspace.inspect(database);
  show(report, call.output);
  const bool marked = report.state == MarkState::marked;
  const bool dry_run = call.arguments.flag("dry-run");
  if (!marked && !dry_run) {
    const auto given = call.arguments.value("yes-destroy");
    call.workspace.adopt(database, given ? *given : ask_for_name(report));
  }
  call.output.line(marked    ? "It was adopted before; nothing to do."
                   : dry_run ? "Nothing was changed."
                             : "Adopted: Seedbed may now destroy and rebuild what is in it.");
  call.output.document({{"database", report.name},
                        {"address", report.address},
                        {"server", report.product},
                        {"tables", report.tables},
                        {"rows", report.rows},
                        {"adopted", !dry_run || marked}});
  return 0;
}

}  // namespace

std::vector<Command> adopt_commands() {
  return {{.name = "adopt",
           .summary = "Allow Seedbed to destroy what is in an existing database",
           .options = {{"yes-destroy", "NAME",
                        "the database's name, instead of typing it (SQLite: the file's name)"},
                       dry_run_option("show what is there; change nothing")},
           .example = "adopt --yes-destroy shop.db",
           .run = run_adopt}};
}

}  // namespace seedbed::tool
