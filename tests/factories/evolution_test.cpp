#include "tests/factories/evolution.hpp"

#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/core/value.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/insight/lone_rows.hpp"
#include "seedbed/factories/load.hpp"
#include "seedbed/factories/rows/fitting.hpp"
#include "tests/factories/shop_project.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed::testing {
namespace {

constexpr std::uint64_t kRows = 20;
constexpr std::uint64_t kCases = 300;

/// "column" -> the bytes of its first rows. With `alone` only those that depend on nothing but
/// their row's number.
using Cells = std::map<std::string, std::string>;

Cells cells_of(const Schema& schema, const FactoryLibrary& library, const std::string& factory,
               bool alone) {
  detail::Workshop workshop{library.definitions(), schema, shop_options()};
  detail::LoneRows rows{workshop, factory, {}, {1, kRows}};
  Cells cells;
  const auto& recipe = rows.recipe();
  for (std::size_t i = 0; i < recipe.columns.size(); ++i) {
    const auto& plan = recipe.columns[i];
    const bool cell = plan.source == detail::ColumnSource::cell;
    if (!rows.frame().knows(i)) continue;
    if (alone && (!cell || !detail::stands_alone(recipe, recipe.cells[plan.index]))) continue;
    const auto& column = recipe.table().columns[i];
    auto& text = cells[column.name];
    for (const auto& value : rows.frame().column(i)) {
      text += detail::to_cell(value, column).display() + "\n";
    }
  }
  return cells;
}

/// Fails where a column of `before` is gone or another in `after`; counts the columns.
void compare_cells(const std::string& factory, const Cells& before, const Cells& after,
                   std::uint64_t& compared) {
  for (const auto& [column, text] : before) {
    ++compared;
    const auto found = after.find(column);
    ASSERT_NE(found, after.end()) << factory << "." << column;
    ASSERT_EQ(found->second, text) << factory << "." << column;
  }
}

constexpr std::uint64_t kParts = 4;

/// A share of the cases: all of them take minutes where memory is watched.
class EvolutionPart : public ::testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(, EvolutionPart, ::testing::Range<std::uint64_t>(1, kParts + 1));

TEST_P(EvolutionPart, LeavesEveryOtherCellAsItWas) {
  std::map<std::string, std::map<bool, Cells>> before;
  for (const auto& factory : shop_library().factory_names()) {
    for (const bool alone : {false, true}) {
      before[factory][alone] = cells_of(shop_schema(), shop_library(), factory, alone);
    }
  }
  std::uint64_t compared = 0;
  for (std::uint64_t number = GetParam(); number <= kCases; number += kParts) {
    Evolution evolution{number};
    for (std::uint64_t edits = 0; edits <= number % 8; ++edits) evolution.edit();
    SCOPED_TRACE(fmt::format("case {}: {}", number, evolution.story()));
    const auto library = FactoryLibrary::parse(evolution.factories(), "evolved.json");
    const auto schema = evolution.schema();
    for (const auto& [factory, cells] : before) {
      const auto after = cells_of(schema, library, factory, evolution.adds_rows());
      compare_cells(factory, cells.at(evolution.adds_rows()), after, compared);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GT(compared, kCases / kParts * 30);
}

/// A whole scenario in a database, which holds the references too.
std::string loaded(const std::string& more_sql, const std::string& factories) {
  const auto url = DatabaseUrl::parse("sqlite::memory:");
  const auto& engine = engines().of(url);
  const auto connection = engine.connect(url);
  for (const auto& sql : shop_migrations()) connection->execute_script(sql);
  connection->execute_script(more_sql);
  const auto schema = engine.introspect(*connection);
  const auto library = FactoryLibrary::parse(factories, "evolved.json");
  Progress progress;
  load({*connection, schema, library, shop_options()}, {.scenario = "small"}, progress);
  std::string text;
  for (const auto& table : shop_schema().tables()) {
    std::string columns;
    for (const auto& name : table.column_names()) {
      columns += (columns.empty() ? "" : ", ") + engine.quote(name);
    }
    const auto rows = connection->query(
        fmt::format("SELECT {} FROM {} ORDER BY 1, 2", columns, engine.quote(table.name)));
    for (const auto& row : rows.rows) {
      for (const auto& value : row) text += value.display() + "\t";
      text += "\n";
    }
  }
  return text;
}

TEST(Evolution, LeavesALoadedScenarioAsItWas) {
  const auto before = loaded("", shop_factories());
  EXPECT_GT(before.size(), 10'000U);

  EXPECT_EQ(loaded("ALTER TABLE orders ADD COLUMN channel varchar(20);"
                   "ALTER TABLE users ADD COLUMN aaa varchar(20) NOT NULL DEFAULT 'x';"
                   "CREATE TABLE aaa_notes (id integer PRIMARY KEY, user_id integer NOT NULL, "
                   "text varchar(80) NOT NULL, FOREIGN KEY (user_id) REFERENCES users (id));",
                   shop_factories()),
            before);
  auto evolved = shop_factories();
  const auto insert = [&](const std::string& at, const std::string& text) {
    const auto place = evolved.find(at);
    ASSERT_NE(place, std::string::npos) << at;
    evolved.insert(place, text);
  };
  insert("  admin: {", "  aaa: { table: users, set: { name: A } }\n  zzz: { extends: product }\n");
  insert("      dormant:", "      sleepy: { set: { last_seen_at: null } }\n");
  insert("vip: false", "aaa: \"=1 .. 9\", ");
  insert("      name: =full_name()", "      last_seen_at: =maybe(80%, created_at .. now)\n");
  const auto old_place = evolved.rfind("      last_seen_at: =maybe(80%, created_at .. now)\n");
  evolved.erase(old_place,
                std::string{"      last_seen_at: =maybe(80%, created_at .. now)\n"}.size());
  insert("  demo:", "  aaa: [ { user: 3 } ]\n");

  EXPECT_EQ(loaded("", evolved), before);
}

}  // namespace
}  // namespace seedbed::testing
