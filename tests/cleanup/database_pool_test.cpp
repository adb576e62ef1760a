#include "seedbed/cleanup/database_pool.hpp"

#include <array>
#include <atomic>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "seedbed/cleanup/ready_databases.hpp"
#include "seedbed/core/clock.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/guard/mark.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using testing::EngineTest;

/// What a process has of a pool; the server is its session.
struct Process {
  std::shared_ptr<DatabaseServer> server{};
  std::unique_ptr<PooledDatabase> database{};

  void end_well() {
    database->give_back();
    database.reset();
  }
  /// Its locks go with it, and nothing else.
  void be_killed() {
    database->leave();
    database.reset();
    server.reset();
  }
};

class DatabasePoolTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (!IsSkipped()) server_ = engine().connect_server(url());
  }
  void TearDown() override {
    if (server_) {
      for (const auto& key : keys_) drop_all(template_name(*server_, key));
    }
    server_.reset();
    EngineTest::TearDown();
  }

  /// Databases with one row; others with another suffix.
  PoolOrder order(const std::string& suffix = "") {
    const std::string key =
        fmt::format("{} {} {} {}", ::getpid(), ::testing::UnitTest::GetInstance()->random_seed(),
                    url().database, suffix);
    keys_.insert(key);
    return {.contents = {.key = key,
                         .fill =
                             [this](const DatabaseUrl& address) {
                               const auto connection = engine().connect(address);
                               connection->execute("CREATE TABLE t (a INT)");
                               connection->execute("INSERT INTO t VALUES (1)");
                             }},
            .restore = [](Connection& connection) {
              connection.execute("DELETE FROM t WHERE a <> 1");
              return true;
            }};
  }
  Process begin(const PoolOrder& wanted) {
    Process process{.server = engine().connect_server(url())};
    Progress progress;
    process.database = std::make_unique<PooledDatabase>(process.server, wanted, progress);
    return process;
  }
  void add_row(const DatabaseUrl& address) {
    engine().connect(address)->execute("INSERT INTO t VALUES (2)");
  }
  [[nodiscard]] std::int64_t rows_in(const DatabaseUrl& address) {
    return engine().connect(address)->query_value("SELECT count(*) FROM t").integer();
  }
  [[nodiscard]] bool exists(const DatabaseUrl& address) {
    return engine().database_exists(address);
  }
  /// The names of the databases that this order's pool holds.
  [[nodiscard]] std::vector<std::string> names_of(const PoolOrder& wanted) {
    const auto source = template_name(*server_, wanted.contents.key);
    std::vector<std::string> names;
    for (const auto& database :
         server_->list("seedbed_pool_" + source.substr(source.rfind('_') + 1, 16))) {
      names.push_back(database.name);
    }
    return names;
  }
  [[nodiscard]] DatabaseServer& server() { return *server_; }

 private:
  void drop_all(const std::string& source) {
    const auto digits = source.substr(source.rfind('_') + 1, 16);
    for (const auto& database : server_->list("seedbed_pool_" + digits)) {
      drop_if_there(database.name);
    }
    for (const auto& database : server_->list(source)) drop_if_there(database.name);
  }
  // Others drop what killed processes have left, too.
  void drop_if_there(const std::string& name) {
    try {
      server_->drop(name);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::not_found);
    }
  }

  std::unique_ptr<DatabaseServer> server_;
  std::set<std::string> keys_;
};
SEEDBED_ON_ALL_ENGINES(DatabasePoolTest);

TEST_P(DatabasePoolTest, GivesTheNextProcessWhatOneGaveBack) {
  auto first = begin(order());
  const auto address = first.database->url();
  EXPECT_FALSE(first.database->reused());
  EXPECT_EQ(mark_state(*engine().connect(address)), MarkState::marked);
  add_row(address);
  first.end_well();

  auto second = begin(order());

  EXPECT_TRUE(second.database->reused());
  EXPECT_EQ(second.database->url(), address);
  EXPECT_EQ(mark_state(*engine().connect(address)), MarkState::marked);
  EXPECT_EQ(rows_in(address), 1);
  add_row(address);
}

TEST_P(DatabasePoolTest, DropsWhatIsNotGivenBack) {
  auto process = begin(order());
  const auto address = process.database->url();
  const auto other = engine().connect(address);

  process.database.reset();

  EXPECT_FALSE(exists(address));
  EXPECT_FALSE(begin(order()).database->reused());
}

TEST_P(DatabasePoolTest, IsOfOneContent) {
  begin(order()).end_well();

  EXPECT_FALSE(begin(order("other")).database->reused());
  EXPECT_TRUE(begin(order()).database->reused());
}

TEST_P(DatabasePoolTest, ReplacesWhatAKilledProcessLeft) {
  auto killed = begin(order());
  const auto address = killed.database->url();
  add_row(address);
  killed.be_killed();

  auto next = begin(order());

  EXPECT_FALSE(next.database->reused());
  EXPECT_NE(next.database->url(), address);
  EXPECT_FALSE(exists(address));
  EXPECT_EQ(rows_in(next.database->url()), 1);
}

TEST_P(DatabasePoolTest, ReplacesWhatCannotBeRestored) {
  begin(order()).end_well();
  auto wanted = order();
  for (const bool throws : {false, true}) {
    wanted.restore = [throws](Connection& /*connection*/) -> bool {
      if (throws) throw Error{ErrorCode::conflict, "somebody holds a row"};
      return false;
    };

    auto next = begin(wanted);

    EXPECT_FALSE(next.database->reused());
    EXPECT_EQ(names_of(wanted).size(), 1U);
    EXPECT_EQ(rows_in(next.database->url()), 1);
    next.end_well();
  }
}

TEST_P(DatabasePoolTest, DropsWhatSomebodyIsStillConnectedTo) {
  auto process = begin(order());
  const auto address = process.database->url();
  const auto daemon = engine().connect(address);
  static_cast<void>(daemon->query("SELECT * FROM t"));

  process.end_well();

  EXPECT_FALSE(exists(address));
  EXPECT_FALSE(begin(order()).database->reused());
}

TEST_P(DatabasePoolTest, LeavesOneForALookUntilTheNextProcess) {
  auto process = begin(order());
  const auto address = process.database->url();
  process.database->leave();
  EXPECT_EQ(rows_in(address), 1);

  reap_ready_databases(server());
  EXPECT_TRUE(exists(address));
  process.database.reset();

  reap_ready_databases(server());
  EXPECT_FALSE(exists(address));
}

TEST_P(DatabasePoolTest, DropsWhatIsOlderThanADay) {
  auto process = begin(order());
  const auto address = process.database->url();
  process.end_well();
  const auto name = names_of(order()).at(0);
  const auto seal = [&](std::int64_t made_micros) {
    server().seal(name, fmt::format(R"({{"seedbed":"pool","made_micros":{}}})", made_micros));
  };

  seal(system_now_micros() - kMicrosPerDay + 60 * kMicrosPerSecond);
  reap_pools(server());
  EXPECT_TRUE(exists(address));

  seal(system_now_micros() - kMicrosPerDay);
  reap_pools(server());
  EXPECT_FALSE(exists(address));
  EXPECT_FALSE(begin(order()).database->reused());
}

// Old ones are not taken either.
TEST_P(DatabasePoolTest, MakesANewOneOnceADay) {
  auto process = begin(order());
  const auto address = process.database->url();
  process.end_well();
  server().seal(names_of(order()).at(0), R"({"seedbed":"pool","made_micros":1})");

  EXPECT_FALSE(begin(order()).database->reused());
  EXPECT_FALSE(exists(address));
}

TEST_P(DatabasePoolTest, LeavesWhatIsNotSeedbeds) {
  if (is("mysql")) GTEST_SKIP() << "only what is recorded is looked at";
  const auto wanted = order();
  const auto source = template_name(server(), wanted.contents.key);
  const auto place = source.substr(source.rfind('_') + 1, 16) + "_0";
  const auto name = fmt::format("seedbed_pool_{}_00000000", place);
  // Others look as well, to whom an empty one is nobody's.
  ASSERT_TRUE(server().try_lock("pool:" + place, 0));
  server().create(name);
  engine().connect(server().url_of(name))->execute("CREATE TABLE precious (a INT)");
  server().unlock("pool:" + place);

  begin(wanted).end_well();

  EXPECT_TRUE(exists(server().url_of(name)));
}

TEST_P(DatabasePoolTest, GivesNoDatabaseToTwo) {
  const auto wanted = order();
  std::atomic<int> reused{0};
  const auto run_process = [&](bool killed) {
    auto process = begin(wanted);
    const auto address = process.database->url();
    if (process.database->reused()) ++reused;
    EXPECT_EQ(rows_in(address), 1);
    add_row(address);
    EXPECT_EQ(rows_in(address), 2);
    killed ? process.be_killed() : process.end_well();
  };
  const auto work = [&] {
    for (int round = 0; round < 6; ++round) run_process(round % 3 == 1);
  };
  std::array<std::thread, 4> threads;
  for (auto& thread : threads) thread = std::thread{work};
  for (auto& thread : threads) thread.join();

  EXPECT_GT(reused, 0);
  // Others may have looked at a place while one was let go of, which then made another.
  EXPECT_LE(names_of(wanted).size(), 8U);
}

}  // namespace
}  // namespace seedbed
