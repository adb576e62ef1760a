// Counts what is allocated while rows are made; a program of its own, since it replaces `new`.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>

#include <gtest/gtest.h>

#include "seedbed/engines/sqlite/sqlite_engine.hpp"
#include "seedbed/factories/function_reference.hpp"
#include "seedbed/factories/load/data_part.hpp"
#include "seedbed/factories/load/load_steps.hpp"
#include "seedbed/factories/load/written_rows.hpp"

namespace {

std::atomic<std::uint64_t> allocations{0};  // NOLINT(*-avoid-non-const-global-variables)

}  // namespace

// NOLINTBEGIN(*-no-malloc)
void* operator new(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
// NOLINTEND(*-no-malloc)

namespace seedbed::detail {
namespace {

std::string yaml_of(std::string_view text) {
  std::string yaml = "'";
  for (const char c : text) yaml += c == '\'' ? "''" : std::string(1, c);
  return yaml + "'";
}

class Allocations : public ::testing::Test {
 protected:
  /// Allocations while the last step of a load is made, once buffers have grown; and its rows.
  struct Step {
    std::uint64_t allocations = 0;
    std::size_t rows = 0;
  };

  Step step_of(const std::string& factories, const LoadRequest& request) {
    const auto library = FactoryLibrary::parse("version: 1\nfactories:\n" + factories);
    RecipeBook book{library.definitions(), schema_, 42};
    LoadPlanner planner{library, request};
    PartNumbers numbers{0};
    const auto plan = plan_part(book, planner, numbers, {}, 0);
    const auto& entry = plan.entries.back();
    const LoadSteps steps{entry, entry.groups, {0, entry.root().count}};
    StepMaker maker{steps, 0, nullptr};
    LoadStep step;
    const auto last = steps.count() - 1;
    for (std::uint64_t warm = 0; warm < last; ++warm) maker.make(warm, step);
    const auto before = allocations.load();
    maker.make(last, step);
    return {allocations.load() - before, step.batches.front().row_count()};
  }

  Schema schema_ = [] {
    const auto engine = make_sqlite_engine();
    const auto connection = engine->connect(DatabaseUrl::parse("sqlite::memory:"));
    connection->execute("CREATE TABLE teams (id integer PRIMARY KEY, name text)");
    connection->execute(
        "CREATE TABLE members (id integer PRIMARY KEY, team_id integer NOT NULL REFERENCES teams, "
        "code text NOT NULL UNIQUE, email text, name text, first text, age integer, "
        "balance numeric(10,2), active boolean, role text, note text, token text, "
        "created_at timestamp, born date)");
    connection->execute(
        "CREATE TABLE things (id integer PRIMARY KEY, place text, day timestamp, value)");
    return engine->introspect(*connection);
  }();
};

// A step makes its rows some hundreds at once; what it allocates is for the batches.
TEST_F(Allocations, DoNotGrowWithRows) {
  const auto step = step_of(
      "  team: { set: { name: 'team {n}' } }\n"
      "  member:\n"
      "    set:\n"
      "      code: =hex(24)\n"
      "      email: 'a.member.with.a.long.name.{n}@example.com'\n"
      "      name: =full_name()\n"
      "      first: =first_name('female')\n"
      "      age: =18 .. 97\n"
      "      balance: =0.00 .. 90000.00\n"
      "      active: =boolean(70%)\n"
      "      role: =weighted(customer=95, staff=4, admin=1)\n"
      "      note: =maybe(20%, regex('[a-z]{20,40}'))\n"
      "      token: =uuid()\n"
      "      created_at: =now - 2y .. now\n"
      "      born: =birth_date()\n",
      {.entries = {{"team", 100, {}}, {"member", 4 * kBatchRows, {}}}});

  EXPECT_EQ(step.rows, kBatchRows);
  EXPECT_LT(step.allocations, step.rows / 8);
}

TEST_F(Allocations, OfNoFunctionGrowWithRows) {
  std::vector<std::string> expressions{"upper(place)",
                                       "slug(place)",
                                       "title(place)",
                                       "pad(n, 30)",
                                       "text(day)",
                                       "replace(place, 'a', '-and-')",
                                       "concat(place, n, place)"};
  for (const auto& function : functions()) {
    if (!function.example.empty()) expressions.push_back(function.example);
  }
  for (const auto& expression : expressions) {
    const auto step = step_of("  thing: { set: { place: =street_address(), day: =past(), value: " +
                                  yaml_of("=" + expression) + " } }\n",
                              {.entries = {{"thing", 2 * kBatchRows, {}}}});
    EXPECT_LT(step.allocations, step.rows / 8) << expression;
  }
}

}  // namespace
}  // namespace seedbed::detail
