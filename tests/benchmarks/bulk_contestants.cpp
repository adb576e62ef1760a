// Bulk loads, for run_bulk.py: reads "CONTEST ROWS" from standard input, does it once in the
// database of the URL given, and answers with the seconds it took. What prepares and tidies up is
// not counted.
#include <atomic>
#include <cstdint>
#include <ctime>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/copy_text.hpp"
#include "seedbed/engines/mysql/mysql_engine.hpp"
#include "seedbed/engines/postgres/postgres_engine.hpp"
#include "seedbed/engines/sqlite/sqlite_engine.hpp"
#include "seedbed/factories/load.hpp"
#include "seedbed/factories/load/load_plan.hpp"
#include "seedbed/factories/load/load_steps.hpp"
#include "seedbed/factories/load/written_rows.hpp"
#include "seedbed/factories/session_state.hpp"
#include "tests/benchmarks/contest_loop.hpp"
#include "tests/benchmarks/sqlite_loop.hpp"

namespace {

constexpr std::string_view kFactories = R"yaml(
version: 1
factories:
  event:
    set:
      id: =n
      email: "user{n}@example.com"
      name: =full_name()
      age: =18 .. 97
      balance: =0.00 .. 90000.00
      active: =one_of(true, false)
      note: =hex(24)
      created_at: =now - 2y .. now
  team:
    set: { name: "team {n}" }
  member:
    set:
      email: "{hex(16)}@example.com"
      name: =full_name()
      age: =18 .. 97
      balance: =0.00 .. 90000.00
      active: =one_of(true, false)
      created_at: =now - 2y .. now
  single:
    set:
      email: "{hex(16)}@example.com"
      name: =full_name()
      age: =18 .. 97
      balance: =0.00 .. 90000.00
      active: =one_of(true, false)
      created_at: =now - 2y .. now
  account:
    table: pgbench_accounts
    set: { aid: =n, bid: "=floor((n - 1) / 100000) + 1", abalance: 0, filler: "" }
  wide:
    set:
      id: =n
      email: "user{n}@example.com"
      first_name: =first_name()
      last_name: =last_name()
      age: =18 .. 97
      balance: =0.00 .. 90000.00
      active: =one_of(true, false)
      role: =weighted(customer=95, staff=4, admin=1)
      city: =city()
      created_at: =now - 2y .. now
  lineitem:
    set:
      l_orderkey: "=floor((n - 1) / 4) + 1"
      l_partkey: =1 .. 200000
      l_suppkey: =1 .. 10000
      l_linenumber: "=mod(n - 1, 4) + 1"
      l_quantity: =1 .. 50
      l_extendedprice: "=l_quantity * (900.00 .. 2000.00)"
      l_discount: =0.00 .. 0.10
      l_tax: =0.00 .. 0.08
      l_returnflag: "=one_of('R', 'A', 'N')"
      l_linestatus: "=one_of('O', 'F')"
      l_shipdate: =1992-01-02 .. 1998-12-01
      l_commitdate: =1992-01-31 .. 1998-10-31
      l_receiptdate: "=l_shipdate + (1d .. 30d)"
      l_shipinstruct: "=one_of('DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN')"
      l_shipmode: "=one_of('REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB')"
      l_comment: "=filler(10 .. 43)"
)yaml";

constexpr std::uint64_t kTeams = 1000;
constexpr auto kAnySize = std::numeric_limits<std::size_t>::max();

using seedbed::ConstraintMode;
using seedbed::benchmarks::Seconds;
using seedbed::benchmarks::timed;

void on_threads(unsigned count, const std::function<void(unsigned)>& work) {
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (auto& thread : threads) thread.join();
}

std::uint64_t mixed(std::uint64_t state, std::uint64_t rounds) {
  for (std::uint64_t i = 0; i < rounds; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
  }
  return state;
}

/// What two threads gain at best on this machine: arithmetic that touches no memory.
Seconds arithmetic(std::uint64_t rounds, unsigned threads) {
  std::atomic<std::uint64_t> sum{0};
  return timed([&] {
    on_threads(threads, [&](unsigned own) { sum += mixed(own + 1, rounds * 100 / threads); });
  });
}

/// Makes every step whose number is `own` modulo `threads`, as the lines of a COPY.
void make_steps(const seedbed::detail::LoadSteps& steps, std::int64_t now_micros, unsigned own,
                unsigned threads) {
  seedbed::detail::StepMaker maker{steps, now_micros, nullptr};
  seedbed::detail::LoadStep step;
  std::string lines;
  for (std::uint64_t number = own; number < steps.count(); number += threads) {
    maker.make(number, step);
    lines.clear();
    const auto& batch = step.batches.front();
    const auto written = seedbed::detail::append_copy_lines(lines, batch, 0, kAnySize);
    if (written != batch.row_count()) std::abort();
  }
}

/// What the threads of this process take altogether.
Seconds processor_time(const std::function<void()>& work) {
  const auto start = std::clock();
  work();
  return Seconds{static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC};
}

seedbed::EngineRegistry all_engines() {
  seedbed::EngineRegistry engines;
  engines.add(seedbed::make_sqlite_engine());
  engines.add(seedbed::make_postgres_engine());
  engines.add(seedbed::make_mysql_engine());
  return engines;
}

class Contestants {
 public:
  explicit Contestants(const std::string& url)
      : url_{seedbed::DatabaseUrl::parse(url)},
        connection_{engine_.connect(url_)},
        schema_{engine_.introspect(*connection_)},
        library_{seedbed::FactoryLibrary::parse(kFactories)} {}

  Seconds run(const std::string& contest, std::uint64_t rows) {
    if (contest == "generate") return generate("wide", rows, 1);
    if (contest == "generate_by_two") return generate("wide", rows, 2);
    if (contest == "generate_lineitem") return generate("lineitem", rows, 1);
    if (contest == "arithmetic") return arithmetic(rows, 1);
    if (contest == "arithmetic_by_two") return arithmetic(rows, 2);
    if (contest == "load") return load({.entries = {{"event", rows, {}}}}, {"events"});
    if (contest == "load_keeping_single") {
      return load({.entries = {{"single", rows, {}}}}, {"singles"});
    }
    if (contest == "load_keeping") return load_members(rows, ConstraintMode::keep);
    if (contest == "load_deferring") return load_members(rows, ConstraintMode::defer);
    if (contest == "load_accounts") return load_accounts(rows);
    if (contest == "load_accounts_processor") return processor_time([&] { load_accounts(rows); });
    if (contest == "sqlite_loop") return load_by_loop();
    throw std::invalid_argument{"unknown contest " + contest};
  }

 private:
  Seconds generate(const std::string& factory, std::uint64_t rows, unsigned threads) {
    namespace detail = seedbed::detail;
    detail::SessionState state{*connection_, schema_, library_, {}};
    const seedbed::LoadRequest request{{}, {{factory, rows, {}}}};
    detail::LoadPlanner planner{library_, request};
    detail::PartNumbers numbers{0};
    const auto plan = plan_part(state.book, planner, numbers, {}, state.options.now_micros);
    const auto& entry = plan.entries.front();
    const detail::LoadSteps steps{entry, entry.groups, {0, rows}};
    return timed([&] {
      on_threads(threads,
                 [&](unsigned own) { make_steps(steps, state.options.now_micros, own, threads); });
    });
  }

  Seconds load_members(std::uint64_t rows, ConstraintMode mode) {
    return load({.entries = {{"team", kTeams, {}}, {"member", rows, {}}}, .constraints = mode},
                {"members", "teams"});
  }

  /// The rows that pgbench makes.
  Seconds load_accounts(std::uint64_t rows) {
    return load({.entries = {{"account", rows, {}}}}, {"pgbench_accounts"});
  }

  /// The rows that `events` holds once more, by SQLite's own interface.
  Seconds load_by_loop() {
    const seedbed::benchmarks::SqliteLoop loop{url_.database};
    empty({"events"});
    return timed([&] { loop.load(); });
  }

  void empty(const std::vector<std::string>& tables) {
    std::vector<seedbed::TableName> names;
    names.reserve(tables.size());
    for (const auto& table : tables) names.push_back({"", table});
    for (const auto& sql : engine_.truncate_sql(schema_, names)) connection_->execute(sql);
  }

  Seconds load(const seedbed::LoadRequest& request, const std::vector<std::string>& tables) {
    empty(tables);
    seedbed::Progress progress;
    return timed([&] {
      const auto loaded = seedbed::load({*connection_, schema_, library_, {}}, request, progress);
      if (loaded.back().rows != request.entries.back().count) std::abort();
    });
  }

  seedbed::DatabaseUrl url_;
  seedbed::EngineRegistry engines_ = all_engines();
  const seedbed::Engine& engine_ = engines_.of(url_);
  std::unique_ptr<seedbed::Connection> connection_;
  seedbed::Schema schema_;
  seedbed::FactoryLibrary library_;
};

}  // namespace

int main(int argc, char** argv) {
  return seedbed::benchmarks::answer_contests<Contestants>(argc, argv);
}
