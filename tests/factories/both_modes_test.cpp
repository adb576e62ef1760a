// A row is the same whether it is created by itself or loaded among others, whatever makes its
// cells.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/function_reference.hpp"
#include "tests/factories/relation_fixture.hpp"

namespace seedbed::testing {
namespace {

/// What is no function: operators, ranges, choices, templates and conditions.
const std::vector<std::string> kOtherForms{
    "=n * 3 + 1",
    "=mod(n, 7) / 2",
    "=1 .. 1000",
    "=0.00 .. 99.99",
    "=now - 2y .. now",
    "=if(mod(n, 2) == 0, 'even', 'odd')",
    "=if(n > 3 and not (n < 9), 1, null)",
    "=maybe(50%, word())",
    "=weighted(a=90, b=9, c=1)",
    "=concat(c0, '/', c1)",
    "{first_name()}-{n}@example.com",
    "a literal",
};

class BothModes : public RelationTest {
 protected:
  void SetUp() override {
    RelationTest::SetUp();
    if (IsSkipped()) return;
    for (const auto& function : functions()) {
      if (function.example.empty()) continue;
      cells_.push_back("=" + std::string{function.example});
    }
    cells_.insert(cells_.end(), kOtherForms.begin(), kOtherForms.end());
    std::string columns;
    std::string set;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      columns += fmt::format(", c{} text", i);
      set += fmt::format("      c{}: '{}'\n", i, doubled(cells_[i]));
    }
    make_tables("CREATE TABLE facts (id {id}" + columns + ")");
    define("factories:\n  fact:\n    set:\n" + set);
  }

  static std::string doubled(const std::string& text) {
    std::string result;
    for (const char c : text) result.append(c == '\'' ? 2 : 1, c);
    return result;
  }

  std::vector<Row> rows() { return connection().query("SELECT * FROM facts ORDER BY id").rows; }

  std::vector<std::string> cells_{};
};
SEEDBED_ON_ALL_ENGINES(BothModes);

TEST_P(BothModes, GiveEveryCellTheSameValue) {
  ASSERT_GT(cells_.size(), 100U);
  load_rows({{"fact", 40, {}}});
  const auto loaded = rows();
  connection().execute("DELETE FROM facts");
  connection().execute(fmt::format("DELETE FROM {}", engine().own_table("rows")));

  for (int row = 1; row <= 5; ++row) db().create("fact");
  db().create_list("fact", 35);

  const auto created = rows();
  ASSERT_EQ(created.size(), loaded.size());
  for (std::size_t row = 0; row < loaded.size(); ++row) {
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      EXPECT_EQ(created[row][i + 1], loaded[row][i + 1])
          << "row " << row + 1 << " of " << cells_[i];
    }
  }
}

}  // namespace
}  // namespace seedbed::testing
