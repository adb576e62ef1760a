#include "tools/seedbed/command.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed::tool {

namespace {

namespace po = boost::program_options;

constexpr const char* kOperands = "operands";

std::vector<Option> options_of(const Command& command) {
  std::vector<Option> options = command.options;
  const auto common = common_options();
  options.insert(options.end(), common.begin(), common.end());
  return options;
}

std::string usage_of(const Command& command) {
  std::string usage = fmt::format("seedbed {}", command.name);
  std::string verbatim;
  for (const auto& operand : command.operands) {
    auto& text = operand.verbatim ? verbatim : usage;
    text += operand.required ? " " + operand.name : " [" + operand.name + "]";
    if (operand.repeated) text += "...";
  }
  return usage + " [OPTION]..." + (verbatim.empty() ? "" : " --" + verbatim);
}

/// The words in front of `--` when the command takes those behind it as they are.
std::span<const std::string> own_words(const Command& command, std::span<const std::string> words) {
  const bool verbatim = std::any_of(command.operands.begin(), command.operands.end(),
                                    [](const Operand& operand) { return operand.verbatim; });
  if (!verbatim) return words;
  const auto end = std::find(words.begin(), words.end(), "--");
  return words.first(static_cast<std::size_t>(end - words.begin()));
}

std::string spelling_of(const Option& option) {
  const std::string name = "--" + option.name;
  return option.value_name.empty() ? name : name + " " + option.value_name;
}

void append_options(std::string& text, std::span<const Option> options) {
  std::size_t width = 0;
  for (const auto& option : options) width = std::max(width, spelling_of(option).size());
  for (const auto& option : options) {
    text += fmt::format("  {:<{}}  {}\n", spelling_of(option), width, option.help);
  }
}

[[noreturn]] void throw_usage(const Command& command, std::string_view problem) {
  throw Error{ErrorCode::invalid_input, fmt::format("{}; usage: {}", problem, usage_of(command))};
}

void check_operands(const Command& command, const std::vector<std::string>& operands) {
  std::size_t least = 0;
  bool open_ended = false;
  for (const auto& operand : command.operands) {
    if (operand.required) ++least;
    open_ended = open_ended || operand.repeated;
  }
  if (operands.size() < least) {
    throw_usage(command, fmt::format("{} is missing", command.operands[operands.size()].name));
  }
  if (!open_ended && operands.size() > command.operands.size()) {
    throw_usage(command,
                fmt::format("'{}' is one word too many", operands[command.operands.size()]));
  }
}

po::options_description describe(const std::vector<Option>& options) {
  po::options_description description;
  auto add = description.add_options();
  for (const auto& option : options) {
    if (option.value_name.empty()) {
      add(option.name.c_str(), "");
    } else {
      add(option.name.c_str(), po::value<std::vector<std::string>>()->composing(), "");
    }
  }
  add(kOperands, po::value<std::vector<std::string>>(), "");
  return description;
}

Arguments collect(const Command& command, const std::vector<Option>& options,
                  const po::variables_map& given) {
  Arguments arguments;
  for (const auto& option : options) {
    const auto found = given.find(option.name);
    if (found == given.end()) continue;
    auto& values = arguments.options[option.name];
    if (option.value_name.empty()) continue;
    values = found->second.as<std::vector<std::string>>();
    if (values.size() > 1 && !option.repeated) {
      throw_usage(command, fmt::format("--{} is given more than once", option.name));
    }
  }
  if (given.count(kOperands) != 0) {
    arguments.operands = given[kOperands].as<std::vector<std::string>>();
  }
  return arguments;
}

std::string without_dashes(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
  return std::string{name};
}

}  // namespace

std::optional<std::string> Arguments::value(const std::string& name) const {
  const auto found = options.find(name);
  if (found == options.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::values(const std::string& name) const {
  const auto found = options.find(name);
  return found == options.end() ? std::vector<std::string>{} : found->second;
}

std::optional<std::int64_t> Arguments::number(const std::string& name, std::int64_t least) const {
  const auto text = value(name);
  if (!text) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc{} || end != text->data() + text->size() || number < least) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("--{} '{}' is not a whole number from {} up", name, *text, least)};
  }
  return number;
}

std::string Arguments::database() const {
  if (const auto given = value("database")) return *given;
  const char* environment = std::getenv("SEEDBED_DATABASE");  // NOLINT(concurrency-mt-unsafe)
  return environment == nullptr ? "" : environment;
}

Option dry_run_option(std::string help) {
  return {.name = "dry-run", .help = std::move(help)};
}

std::span<const Option> common_options() {
  static const std::array<Option, 6> kOptions{{
      {"database", "NAME|URL",
       "a database of seedbed.yaml, or a URL; default: SEEDBED_DATABASE, 'default'"},
      {"project", "DIR", "the directory of seedbed.yaml; default: the nearest one upwards"},
      {"json", "", "print one JSON document on standard output; errors as JSON on standard error"},
      {"quiet", "", "print errors only"},
      {"progress", "bar|json|none",
       "how to show progress on standard error; default: bar on a terminal"},
      {"help", "", "show this page"},
  }};
  return kOptions;
}

FoundCommand find_command(std::span<const Command> commands, std::span<const std::string> words) {
  std::vector<std::string> names;
  const std::string two = words.size() > 1 ? words[0] + " " + words[1] : words[0];
  const std::string prefix = words[0] + " ";
  std::string group;
  const Command* single = nullptr;
  for (const auto& command : commands) {
    if (command.name == two) return {&command, two == words[0] ? 1U : 2U};
    if (command.name == words[0]) single = &command;
    if (command.name.starts_with(prefix)) group = words[0];
    names.push_back(command.name);
    names.push_back(command.name.substr(0, command.name.find(' ')));
  }
  if (single != nullptr) return {single, 1};
  if (group.empty()) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("'{}' is not a command{}; 'seedbed --help' lists them", words[0],
                            did_you_mean(two, names))};
  }
  if (words.size() > 1 && !words[1].starts_with('-')) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("'{}' is not a command{}; 'seedbed {} --help' lists them", two,
                            did_you_mean(two, names), group)};
  }
  return {nullptr, 1};
}

Arguments parse_arguments(const Command& command, std::span<const std::string> words) {
  const auto options = options_of(command);
  const auto own = own_words(command, words);
  const auto behind = words.subspan(std::min(own.size() + 1, words.size()));
  po::positional_options_description positions;
  positions.add(kOperands, -1);
  using Style = po::command_line_style::style_t;
  try {
    po::variables_map given;
    po::store(po::command_line_parser{std::vector<std::string>{own.begin(), own.end()}}
                  .options(describe(options))
                  .positional(positions)
                  .style(Style::allow_long | Style::long_allow_adjacent | Style::long_allow_next)
                  .run(),
              given);
    Arguments arguments = collect(command, options, given);
    const bool verbatim = own.size() < words.size();
    if (verbatim && !arguments.operands.empty()) {
      throw_usage(command, fmt::format("'{}' stands in front of '--'", arguments.operands.front()));
    }
    arguments.operands.insert(arguments.operands.end(), behind.begin(), behind.end());
    if (!arguments.flag("help")) check_operands(command, arguments.operands);
    return arguments;
  } catch (const po::unknown_option& error) {
    std::vector<std::string> names(options.size());
    std::transform(options.begin(), options.end(), names.begin(),
                   [](const Option& option) { return option.name; });
    const std::string name = without_dashes(error.get_option_name());
    throw_usage(command, fmt::format("'{}' has no option '--{}'{}", command.name, name,
                                     did_you_mean(name, names)));
  } catch (const po::error_with_option_name& error) {
    throw_usage(command, fmt::format("--{}: {}", without_dashes(error.get_option_name()),
                                     "a value is missing, or one is given to a flag"));
  } catch (const po::error& error) {
    throw_usage(command, error.what());
  }
}

std::string help_of(const Command& command) {
  std::string text = fmt::format("{}\n\nUsage: {}\n", command.summary, usage_of(command));
  if (!command.options.empty()) {
    text += "\nOptions:\n";
    append_options(text, command.options);
  }
  text += "\nOptions of every command:\n";
  append_options(text, common_options());
  return text + fmt::format("\nExample, in the shop project:\n  seedbed {}\n", command.example);
}

std::string overview(std::span<const Command> commands, std::string_view group) {
  std::string text =
      group.empty() ? "Test data factories and database fixtures for integration suites.\n\n"
                      "Usage: seedbed COMMAND [OPTION]...\n\nCommands:\n"
                    : fmt::format("Usage: seedbed {} COMMAND [OPTION]...\n\nCommands:\n", group);
  std::size_t width = 0;
  for (const auto& command : commands) width = std::max(width, command.name.size());
  for (const auto& command : commands) {
    if (!group.empty() && !command.name.starts_with(std::string{group} + " ")) continue;
    text += fmt::format("  {:<{}}  {}\n", command.name, width, command.summary);
  }
  return text + "\n'seedbed COMMAND --help' shows a command's options and an example.\n";
}

}  // namespace seedbed::tool
