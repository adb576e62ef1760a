#include <algorithm>
#include <array>
#include <barrier>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <random>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/guard/mark.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tests/isolation/hazards.hpp"
#include "tests/isolation/state.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {

namespace {

using testing::Hazard;
using testing::Outcome;
using testing::Way;

constexpr unsigned kWorkers = 4;
constexpr unsigned kSteps = 6;

/// From SEEDBED_TEST_SEED, else another one each time.
unsigned chosen_seed() {
  const char* text = std::getenv("SEEDBED_TEST_SEED");  // NOLINT(concurrency-mt-unsafe)
  return text != nullptr ? static_cast<unsigned>(std::stoul(text)) : std::random_device{}();
}

/// Decides what one worker does in one step, and nothing else does.
class Dice {
 public:
  Dice(unsigned seed, unsigned worker, unsigned step)
      : generator_{seed + (7919 * worker) + (104729 * step)} {}
  unsigned below(std::size_t limit) { return static_cast<unsigned>(generator_() % limit); }

 private:
  std::mt19937 generator_;
};

enum class Ending : unsigned char { committed, rolled_back, killed, left_open };

std::string random_write(Dice& dice) {
  constexpr std::array kWrites{
      "INSERT INTO author (name) VALUES ('w{0}')", "UPDATE book SET title = 't{0}' WHERE id < {1}",
      "DELETE FROM review WHERE id = {1}",         "DELETE FROM author WHERE id = {1}",
      "INSERT INTO node VALUES ({0}, 1)",          "INSERT INTO hen VALUES ({0}, NULL)",
      "UPDATE node SET parent_id = NULL",
  };
  const auto* write = kWrites.at(dice.below(kWrites.size()));
  return fmt::format(fmt::runtime(write), 10 + dice.below(1000), 1 + dice.below(4)) + ';';
}

/// One database with its baseline, and what happens to it.
class Worker {
 public:
  Worker(std::string_view engine, unsigned seed, unsigned number)
      : database_{engine}, seed_{seed}, number_{number} {
    const auto connection = database_.connect();
    mark_database(*connection);
    connection->execute_script(testing::baseline_sql(engine));
    workspace_.mark_baseline(database_.url().to_string(), {ResetStrategy::rewind});
    baseline_ = state();
  }

  /// The worker does not wait for others in here, so that they meet whatever goes wrong.
  void damage(unsigned step) {
    step_ = step;
    attempt("damage", [&] {
      EXPECT_EQ(state(), baseline_) << place("before the damage");
      Dice dice{seed_, number_, step};
      end_transactions(dice.below(2) == 0 ? "COMMIT" : "ROLLBACK");
      const auto ending = static_cast<Ending>(dice.below(4));
      const bool open = ending == Ending::left_open;
      std::set<std::string> met;
      for (auto i = dice.below(3); i > 0; --i) {
        const Hazard& hazard = random_hazard(dice, open);
        if (met.insert(hazard.name).second) meet(hazard);  // some make what can be made once only
      }
      for (auto i = dice.below(3); i > 0; --i) write(dice, Ending{});
      write(dice, ending);
      damaged_ = state();
    });
  }

  void expect_damage() {
    attempt("look", [&] { EXPECT_EQ(state(), damaged_) << place("others were reset"); });
  }
  void expect_baseline() {
    attempt("look", [&] { EXPECT_EQ(state(), baseline_) << place("others were reset"); });
  }

  void reset() {
    attempt("reset", [&] {
      try {
        workspace_.reset(database_.url().to_string());
      } catch (const Error& error) {
        if (open_ == nullptr || error.code() != ErrorCode::unavailable) throw;
        end_transactions("ROLLBACK");
        workspace_.reset(database_.url().to_string());
      }
      EXPECT_EQ(state(), baseline_) << place("after the reset");
    });
  }

 private:
  template <typename Work>
  void attempt(std::string_view what, const Work& work) {
    try {
      work();
    } catch (const std::exception& error) {
      ADD_FAILURE() << place(what) << ": " << error.what();
    }
  }

  [[nodiscard]] std::string place(std::string_view what) const {
    return fmt::format("{}: SEEDBED_TEST_SEED={} worker {} step {}", what, seed_, number_, step_);
  }
  [[nodiscard]] std::string_view engine() const { return database_.engine().name(); }

  std::vector<std::string> state() { return testing::database_state(*database_.connect()); }

  /// One that a reset brings back; by a rewind, where an open transaction would refuse a restore.
  const Hazard& random_hazard(Dice& dice, bool rewound) {
    std::vector<const Hazard*> fitting;
    for (const auto& hazard : testing::hazards()) {
      const auto outcome = testing::expected(hazard, Way::automatic, engine());
      const bool fits = outcome == Outcome::restored || (outcome == Outcome::escalated && !rewound);
      if (fits && !hazard.alone && hazard.rival.empty()) fitting.push_back(&hazard);
    }
    return *fitting.at(dice.below(fitting.size()));
  }

  /// Its connection stays open. Two that do not go together are as one that is rolled back.
  void meet(const Hazard& hazard) {
    auto connection = database_.connect();
    try {
      connection->execute_script(hazard.script(engine()));
      connections_.push_back(std::move(connection));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::constraint_violation) throw;
    }
  }

  /// A transaction of one to three statements.
  void write(Dice& dice, Ending ending) {
    auto connection = database_.connect();
    try {
      connection->execute(database_.engine().begin_sql());
      for (auto i = dice.below(3) + 1; i > 0; --i) connection->execute(random_write(dice));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::constraint_violation) throw;
      ending = Ending::rolled_back;
    }
    if (ending == Ending::committed) connection->execute("COMMIT");
    if (ending == Ending::rolled_back) connection->execute("ROLLBACK");
    if (ending == Ending::killed) kill(*connection);
    if (ending == Ending::left_open) leave_open(*connection);
    if (ending != Ending::killed) connections_.push_back(std::move(connection));
  }

  /// SQLite's ends with its connection.
  void kill(Connection& connection) {
    if (engine() == "sqlite") return;
    const bool postgres = engine() == "postgres";
    const auto number =
        connection.query_value(postgres ? "SELECT pg_backend_pid()" : "SELECT CONNECTION_ID()");
    database_.connect()->execute_script(
        fmt::format(fmt::runtime(postgres ? "SELECT pg_terminate_backend({})" : "KILL {}"),
                    number.as<std::int64_t>()));
  }

  /// One that holds no row that a reset must have. On SQLite any open one refuses every reset.
  void leave_open(Connection& connection) {
    connection.execute("ROLLBACK");
    if (engine() == "sqlite") return;
    connection.execute(database_.engine().begin_sql());
    connection.execute(fmt::format("INSERT INTO hen VALUES ({}, NULL)", 5000 + step_));
    open_ = &connection;
  }

  /// Open ones live through the reset, so that what they commit is for the next one.
  void end_transactions(const std::string& ending) {
    if (open_ != nullptr) open_->execute(ending);
    open_ = nullptr;
    connections_.clear();
  }

  testing::TestDatabase database_;
  testing::TemporaryDirectory directory_;
  Progress progress_;
  Workspace workspace_{testing::engines(), default_project(directory_.path()), progress_};
  std::vector<std::unique_ptr<Connection>> connections_;  // of the code under test
  Connection* open_ = nullptr;                            // one of them
  std::vector<std::string> baseline_;
  std::vector<std::string> damaged_;
  unsigned seed_;
  unsigned number_;
  unsigned step_ = 0;
};

class Together : public testing::EngineTest {};
SEEDBED_ON_ALL_ENGINES(Together);

// Half of the workers reset their databases while the others look at theirs, then the other half.
TEST_P(Together, WorkersAreResetWithoutDisturbingEachOther) {
  const unsigned seed = chosen_seed();
  std::cout << "SEEDBED_TEST_SEED=" << seed << '\n';
  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned i = 0; i < kWorkers; ++i) {
    workers.push_back(std::make_unique<Worker>(GetParam(), seed, i));
  }
  std::barrier together{std::ssize(workers)};
  const auto work = [&](Worker& worker, unsigned number) {
    for (unsigned step = 0; step < kSteps; ++step) {
      const bool first = (number + step) % 2 == 0;
      worker.damage(step);
      together.arrive_and_wait();
      first ? worker.reset() : worker.expect_damage();
      together.arrive_and_wait();
      first ? worker.expect_baseline() : worker.reset();
      together.arrive_and_wait();
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < kWorkers; ++i) threads.emplace_back(work, std::ref(*workers[i]), i);
}

}  // namespace

}  // namespace seedbed
