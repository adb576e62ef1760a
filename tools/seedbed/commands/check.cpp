#include <nlohmann/json.hpp>

#include "seedbed/core/file_io.hpp"
#include "seedbed/factories/certificate.hpp"
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

Certificate read_certificates(const std::vector<std::string>& files) {
  constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20U;
  std::vector<Certificate> parts;
  parts.reserve(files.size());
  for (const auto& file : files) {
    parts.push_back(parse_certificate(read_file(file, kMostBytes), file));
  }
  return sum_of(parts);
}

int run_check_certificate(const Invocation& call) {
  const auto wanted = read_certificates(call.arguments.operands);
  const auto found = call.workspace.certify(call.arguments.database(), wanted);
  std::vector<std::vector<Cell>> rows;
  Json json{{"equal", wanted == found}, {"tables", Json::array()}};
  for (std::size_t i = 0; i < wanted.tables.size(); ++i) {
    const auto& table = wanted.tables[i];
    const auto& sum = found.tables[i].sum;
    const bool equal = sum == table.sum;
    rows.push_back({table.table.to_string(), grouped(table.sum.rows), grouped(sum.rows),
                    equal ? Cell{"equal", Colour::green} : Cell{"differs", Colour::red}});
    json["tables"].push_back({{"table", table.table.to_string()},
                              {"certified_rows", table.sum.rows},
                              {"rows", sum.rows},
                              {"certified_hash", table.sum.hex()},
                              {"hash", sum.hex()},
                              {"equal", equal}});
  }
  call.output.table({"Table", "Certified", "Rows", ""}, rows);
  call.output.document(json);
  return wanted == found ? 0 : 1;
}

}  // namespace

std::vector<Command> check_commands() {
  return {{.name = "check",
           .summary = "Look for mistakes in the project's files; exit code 1 when there are any",
           .example = "check",
           .run = run_check},
          {.name = "check certificate",
           .summary = "Compare tables with what 'load --certify' kept; 1 when a row differs",
           .operands = {{.name = "FILE", .required = true, .repeated = true}},
           .example = "check certificate build/small.json",
           .run = run_check_certificate}};
}

}  // namespace seedbed::tool
