#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/engines/conformance.hpp"

namespace seedbed::testing {

/// Authors with books with pages, whose changes an `UndoLog` notes.
class UndoTest : public ConformanceTest {
 protected:
  void SetUp() override;

  /// Begins to note, and remembers the state.
  void begin();
  /// By a connection of its own.
  void run(std::string_view script) { connect()->execute_script(script); }
  [[nodiscard]] Changes undo() { return log().undo(connection()); }
  void expect_restored();

  [[nodiscard]] const UndoLog& log() const { return engine().undo_log(); }
  /// All rows and counters.
  [[nodiscard]] std::vector<std::string> state();
  [[nodiscard]] const std::vector<std::string>& before() const noexcept { return before_; }

 private:
  std::vector<std::string> before_;
};

/// "author +1 ~1 -0" for each table.
[[nodiscard]] std::vector<std::string> told(const Changes& changes);

}  // namespace seedbed::testing
