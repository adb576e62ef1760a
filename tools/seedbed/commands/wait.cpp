#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tools/seedbed/commands/commands.hpp"
#include "tools/seedbed/output.hpp"

namespace seedbed::tool {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kLongestSeconds = 86400;

std::chrono::milliseconds timeout_of(const Arguments& arguments) {
  const auto text = arguments.value("timeout").value_or("60");
  double seconds = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(seconds) ||
      seconds < 0 || seconds > kLongestSeconds) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("--timeout '{}' is not a number of seconds from 0 to {}", text,
                            kLongestSeconds)};
  }
  return std::chrono::milliseconds{std::llround(seconds * 1000)};
}

int run_wait(const Invocation& call) {
  const WaitRequest request{.targets = call.arguments.operands,
                            .timeout = timeout_of(call.arguments)};
  Json json{{"answered", Json::array()}};
  for (const auto& target : call.workspace.wait_for(request)) {
    call.output.line(fmt::format("{} answers after {:.1f} s{}", target.name, target.seconds,
                                 target.note.empty() ? "" : "; " + target.note));
    json["answered"].push_back(
        {{"target", target.name}, {"seconds", target.seconds}, {"note", target.note}});
  }
  call.output.document(json);
  return 0;
}

}  // namespace

std::vector<Command> wait_commands() {
  return {{.name = "wait",
           .summary = "Wait until databases, ports and health pages answer",
           .operands = {{.name = "TARGET", .repeated = true}},
           .options = {{"timeout", "SECONDS", "give up after that time; default: 60"}},
           .example = "wait default --timeout 5",
           .run = run_wait,
           .without_project = true}};
}

}  // namespace seedbed::tool
