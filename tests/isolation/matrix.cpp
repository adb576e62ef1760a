#include "tests/isolation/matrix.hpp"

#include <array>

#include <fmt/format.h>

#include "tests/isolation/hazards.hpp"

namespace seedbed::testing {

namespace {

constexpr std::string_view kAbove = R"(# What code under test may do, and what becomes of it

Each line is something that code under test does between the begin and the end of a test, and each column a way
to end it on one engine. `isolation_test` does all of it, and fails where anything else comes out; this page is written by it.

- **rollback**: a `Sandbox` around the test, whose connection the code under test uses
- **auto**: `seedbed reset`, which undoes what was noted, else restores; the code under test has a connection of its own
- **restore**: `seedbed reset --strategy restore`

*restored*: rows, counters and schema are those of the baseline. *told*: the same, but for something that somebody
still holds, which is named. *escalated*: the same, by writing all rows anew.
*refused*: an error says so, and what is left is not handed on as if it were the baseline. **gap**: something stays,
and nothing says so. "-": the engine has no such thing. Most gaps of rollback are counters, which are in no
transaction on PostgreSQL and MariaDB.

`together_test.cpp` does such things at random, in several databases at once; SEEDBED_TEST_SEED repeats a run.

)";

constexpr std::array kEngines{"sqlite", "postgres", "mysql"};
constexpr std::array kTitles{"SQLite", "PostgreSQL", "MariaDB"};
constexpr std::array kWays{Way::rollback, Way::automatic, Way::restore};

std::string line_of(const Hazard& hazard) {
  std::string line = fmt::format("| {} |", hazard.name);
  for (const auto way : kWays) {
    for (const auto* engine : kEngines) {
      const Outcome outcome = expected(hazard, way, engine);
      line += fmt::format(" {1}{0}{1} |", to_string(outcome), outcome == Outcome::gap ? "**" : "");
    }
  }
  return line + '\n';
}

}  // namespace

std::string isolation_readme() {
  std::string text{kAbove};
  std::string head = "| hazard |";
  std::string rule = "|---|";
  for (const auto way : kWays) {
    for (const auto* title : kTitles) {
      head += fmt::format(" {}, {} |", to_string(way), title);
      rule += "---|";
    }
  }
  text += head + '\n' + rule + '\n';
  for (const auto& hazard : hazards()) text += line_of(hazard);
  return text;
}

}  // namespace seedbed::testing
