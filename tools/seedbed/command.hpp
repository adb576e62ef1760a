#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seedbed {
class Workspace;
}

namespace seedbed::tool {

class Output;

/// `--name`, or with a `value_name` `--name VALUE`; `repeated` ones may be given several times.
struct Option {
  std::string name{};
  std::string value_name{};
  std::string help{};
  bool repeated = false;
};

/// A word after the command: "FACTORY", "[TRAIT]...". With `verbatim`, everything behind `--`.
struct Operand {
  std::string name{};
  bool required = true;
  bool repeated = false;
  bool verbatim = false;
};

/// What a command was given. Only what the command declares is in it.
struct Arguments {
  std::map<std::string, std::vector<std::string>> options{};  ///< a flag has no values
  std::vector<std::string> operands{};

  [[nodiscard]] bool flag(const std::string& name) const { return options.contains(name); }
  [[nodiscard]] std::optional<std::string> value(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> values(const std::string& name) const;
  /// Throws invalid_input unless the value is a whole number from `least` up.
  [[nodiscard]] std::optional<std::int64_t> number(const std::string& name,
                                                   std::int64_t least) const;
  /// The database asked for: `--database`, else SEEDBED_DATABASE, else empty.
  [[nodiscard]] std::string database() const;
};

class InterruptWatch;
class ProgressView;

struct Invocation {
  const Arguments& arguments;
  Workspace& workspace;
  const Output& output;
  InterruptWatch& interrupts;
  ProgressView& progress;
};

/// One command of the tool. `run` returns the exit code: 0, or 1 when the answer is no.
struct Command {
  std::string name{};  ///< one or two words
  std::string summary{};
  std::vector<Operand> operands{};
  std::vector<Option> options{};
  std::string example{};  ///< works in the shop project
  int (*run)(const Invocation&) = nullptr;
  bool without_project = false;  ///< a missing project file is no error
};

/// The option of every command that writes to a database.
[[nodiscard]] Option dry_run_option(std::string help = "show what would be done; write nothing");

/// The options that every command takes.
[[nodiscard]] std::span<const Option> common_options();

/// The command that `words` begin with, and how many of them its name takes; nullptr when they only
/// name a group ("migrate"). Throws invalid_input, with the nearest name, for anything else.
struct FoundCommand {
  const Command* command = nullptr;
  std::size_t words = 0;
};
[[nodiscard]] FoundCommand find_command(std::span<const Command> commands,
                                        std::span<const std::string> words);

/// Throws invalid_input: unknown options (with the nearest), missing values, too few or too many
/// operands.
[[nodiscard]] Arguments parse_arguments(const Command& command, std::span<const std::string> words);

[[nodiscard]] std::string help_of(const Command& command);
/// All commands, or those of one group.
[[nodiscard]] std::string overview(std::span<const Command> commands, std::string_view group = {});

}  // namespace seedbed::tool
