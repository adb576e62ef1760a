#include <nlohmann/json.hpp>

#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/output.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

int run_check(const Invocation& call) {
  const auto findings = call.workspace.check(call.arguments.database());
  Json json{{"findings", Json::array()}};
  for (const auto& finding : findings) {
    call.output.line(finding.to_string());
    json["findings"].push_back({{"code", to_string(finding.code)},
                                {"message", finding.message},
                                {"where", finding.where.to_string()}});
  }
  call.output.line(findings.empty() ? "Factories and migrations fit the schema."
                                    : counted(findings.size(), "finding"));
  call.output.document(json);
  return findings.empty() ? 0 : 1;
}

}  // namespace

std::vector<Command> check_commands() {
  return {{.name = "check",
           .summary = "Look for mistakes in the project's files; exit code 1 when there are any",
           .example = "check",
           .run = run_check}};
}

}  // namespace seedbed::tool
