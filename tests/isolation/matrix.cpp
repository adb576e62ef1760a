#include "tests/isolation/matrix.hpp"

#include <vector>

#include <fmt/format.h>

#include "tests/isolation/hazards.hpp"

namespace seedbed::testing {

namespace {

constexpr std::string_view kAbove = R"(# What code under test may do, and what becomes of it

Each line is something that code under test does between the begin and the end of a test, and each column a way
to end it on one engine. `isolation_test` does all of it, and fails where anything else comes out; this page is written by it.

- **rollback**: a `Sandbox` around the test, whose connection the code under test uses
- **truncate**, **delete**: `seedbed reset` on a baseline that has no rows and was marked for it; the test has written
  the rows that are there otherwise
- **auto**: `seedbed reset`, which undoes what was noted, else restores; the code under test has a connection of its own
- **auto as owner**: the same, by a PostgreSQL role that owns the database and may nothing else
- **clone**: `seedbed reset --strategy clone`, from the copy that `baseline mark --strategy clone` has made. Where there
  is one, `auto` takes it for what it refuses here because the schema was changed
- **restore**: `seedbed reset --strategy restore`

*restored*: rows, counters and schema are those of the baseline. *told*: the same, but for something that somebody
still holds, which is named. *escalated*: the same, by writing all rows anew.
*refused*: an error says so, and what is left is not handed on as if it were the baseline. **gap**: something stays,
and nothing says so. "-": the engine has no such thing. Most gaps of rollback are counters, which are in no
transaction on PostgreSQL and MariaDB.

Others than these lines are in `disturbed_test.cpp`: a statement timeout in the middle of a reset, a table locked by
LOCK TABLES ... WRITE, a disk that is full (SQLite; a server's cannot be filled without rights on its machine), no
tables, and 1,000 (`many_tables_test.cpp`). In a sandbox on PostgreSQL `now()` stands still, since it is the time of the
transaction, and a NOTIFY never arrives, since it waits for the commit. A NOTIFY that was committed cannot be taken back.

`together_test.cpp` does such things at random, in several databases at once; SEEDBED_TEST_SEED repeats a run.

)";

struct Column {
  Way way;
  std::string_view engine;
  std::string_view title;
};

std::vector<Column> columns() {
  std::vector<Column> all;
  for (const auto way : kWays) {
    for (const auto& column :
         {Column{way, "sqlite", "SQLite"}, Column{way, "postgres", "PostgreSQL"},
          Column{way, "mysql", "MariaDB"}}) {
      if (exists(way, column.engine)) all.push_back(column);
    }
  }
  return all;
}

std::string line_of(const Hazard& hazard) {
  std::string line = fmt::format("| {} |", hazard.name);
  for (const auto& column : columns()) {
    const Outcome outcome = expected(hazard, column.way, column.engine);
    line += fmt::format(" {1}{0}{1} |", to_string(outcome), outcome == Outcome::gap ? "**" : "");
  }
  return line + '\n';
}

}  // namespace

std::string isolation_readme() {
  std::string text{kAbove};
  std::string head = "| hazard |";
  std::string rule = "|---|";
  for (const auto& column : columns()) {
    head += fmt::format(" {}, {} |", to_string(column.way), column.title);
    rule += "---|";
  }
  text += head + '\n' + rule + '\n';
  for (const auto& hazard : hazards()) text += line_of(hazard);
  return text;
}

}  // namespace seedbed::testing
