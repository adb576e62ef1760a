#include "seedbed/cleanup/ready_databases.hpp"

#include <array>
#include <atomic>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/guard/mark.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using testing::EngineTest;
using testing::ThrowsError;

class ReadyDatabasesTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (!IsSkipped()) server_ = connect_server();
  }
  void TearDown() override {
    if (server_) {
      for (const auto& key : keys_) drop_if_there(template_name(*server_, key));
    }
    server_.reset();
    EngineTest::TearDown();
  }

  [[nodiscard]] std::unique_ptr<DatabaseServer> connect_server() const {
    return engine().connect_server(url());
  }
  [[nodiscard]] DatabaseServer& server() { return *server_; }

  /// A template with one row; `fills_` counts how often it is built.
  TemplateOrder contents(const std::string& suffix = "") {
    const std::string key =
        fmt::format("{} {} {} {}", ::getpid(), ::testing::UnitTest::GetInstance()->random_seed(),
                    url().database, suffix);
    keys_.insert(key);
    return {.key = key, .fill = [this](const DatabaseUrl& address) {
              ++fills_;
              const auto connection = engine().connect(address);
              EXPECT_EQ(mark_state(*connection), MarkState::marked);
              connection->execute("CREATE TABLE t (a INT)");
              connection->execute("INSERT INTO t VALUES (1)");
            }};
  }
  std::unique_ptr<ReadyDatabases> ready(const ReadyOrder& order) {
    Progress progress;
    return std::make_unique<ReadyDatabases>(connect_server(), order, progress);
  }
  [[nodiscard]] std::int64_t count_in(const DatabaseUrl& address) const {
    return engine().connect(address)->query_value("SELECT count(*) FROM t").integer();
  }
  void drop_if_there(const std::string& name) {
    try {
      server_->drop(name);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::not_found);
    }
  }
  /// The session of a process that has databases.
  std::unique_ptr<DatabaseServer> owner_of(const std::string& id) {
    auto owner = connect_server();
    EXPECT_TRUE(owner->try_lock("run:" + id, 0));
    return owner;
  }
  /// A clone as a process leaves it that is killed; whoever looks removes it once its owner is
  /// gone.
  std::string leftover(const std::string& id, const TemplateOrder& order) {
    Progress progress;
    const auto source = ready_template(*server_, order, progress);
    auto name = fmt::format("seedbed_run_{}_0", id);
    server_->clone({.source = source.name, .target = name, .method = source.method});
    return name;
  }
  [[nodiscard]] bool is_there(const std::string& name) {
    return engine().database_exists(server_->url_of(name));
  }

  std::atomic<int> fills_{0};

 private:
  std::unique_ptr<DatabaseServer> server_;
  std::set<std::string> keys_;
};
SEEDBED_ON_ALL_ENGINES(ReadyDatabasesTest);

TEST_P(ReadyDatabasesTest, AreEachOnesOwn) {
  const auto databases = ready({.workers = 3, .contents = contents()});

  ASSERT_EQ(databases->urls().size(), 3U);
  std::set<std::string> marks;
  for (const auto& address : databases->urls()) {
    const auto connection = engine().connect(address);
    EXPECT_EQ(mark_state(*connection), MarkState::marked);
    marks.insert(engine().read_mark(*connection)->id);
    EXPECT_EQ(count_in(address), 1);
    connection->execute("INSERT INTO t VALUES (2)");
  }
  for (const auto& address : databases->urls()) EXPECT_EQ(count_in(address), 2);
  EXPECT_EQ(marks.size(), 3U);
  EXPECT_EQ(fills_, 1);
}

TEST_P(ReadyDatabasesTest, AreDroppedAtTheEnd) {
  auto databases = ready({.workers = 2, .contents = contents()});
  const auto addresses = databases->urls();
  const auto still_connected = engine().connect(addresses.front());

  databases.reset();

  for (const auto& address : addresses) EXPECT_FALSE(engine().database_exists(address));
}

TEST_P(ReadyDatabasesTest, StayWhenTheyAreKept) {
  auto databases = ready({.contents = contents(), .at_end = AtEnd::keep});
  const auto address = databases->urls().front();
  databases.reset();

  ready({.contents = contents()});

  EXPECT_EQ(count_in(address), 1);
  const auto name = server().list("seedbed_kept_");
  for (const auto& database : name) {
    if (server().url_of(database.name) == address) server().drop(database.name);
  }
  EXPECT_FALSE(engine().database_exists(address));
}

TEST_P(ReadyDatabasesTest, ShareATemplateOfEqualContents) {
  const auto first = ready({.contents = contents()});
  const auto second = ready({.contents = contents()});
  const auto other = ready({.contents = contents("other")});

  EXPECT_TRUE(first->source().built);
  EXPECT_FALSE(second->source().built);
  EXPECT_EQ(first->source().name, second->source().name);
  EXPECT_EQ(second->source().method, first->source().method);
  EXPECT_NE(first->source().name, other->source().name);
  EXPECT_EQ(fills_, 2);
}

TEST_P(ReadyDatabasesTest, HaveNamesThatFitWhateverTheKey) {
  const auto order = contents(std::string(1000, 'x'));
  const auto databases = ready({.contents = order});

  EXPECT_LE(databases->source().name.size(), 63U);
  EXPECT_NE(template_name(server(), order.key), template_name(server(), order.key + "x"));
  EXPECT_TRUE(is_there(databases->source().name));
}

TEST_P(ReadyDatabasesTest, LeaveNothingWhenFillingFails) {
  auto order = contents();
  order.fill = [&](const DatabaseUrl& address) {
    engine().connect(address)->execute("CREATE TABLE half (a INT)");
    throw Error{ErrorCode::invalid_input, "the third migration is broken"};
  };

  EXPECT_THAT([&] { ready({.contents = order}); },
              ThrowsError(ErrorCode::invalid_input, "the third migration is broken"));

  EXPECT_FALSE(is_there(template_name(server(), order.key)));
  EXPECT_EQ(ready({.contents = contents()})->urls().size(), 1U);
}

TEST_P(ReadyDatabasesTest, BuildATemplateAgainThatWasLeftHalf) {
  const auto order = contents();
  const auto name = template_name(server(), order.key);
  {
    // Whoever looks removes it once its builder is gone.
    const auto builder = connect_server();
    ASSERT_TRUE(builder->try_lock(name, 0));
    builder->create(name);
    const auto half = engine().connect(builder->url_of(name));
    mark_database(*half);
    half->execute("CREATE TABLE half (a INT)");
  }

  const auto databases = ready({.contents = order});

  EXPECT_EQ(count_in(databases->urls().front()), 1);
  EXPECT_EQ(fills_, 1);
}

TEST_P(ReadyDatabasesTest, BuildATemplateOnceHoweverManyAskForIt) {
  const auto order = contents();
  std::atomic<int> built{0};
  const auto ask = [&] {
    const auto databases = ready({.contents = order});
    if (databases->source().built) ++built;
    EXPECT_EQ(count_in(databases->urls().front()), 1);
  };
  std::array<std::thread, 4> threads;
  for (auto& thread : threads) thread = std::thread{ask};
  for (auto& thread : threads) thread.join();

  EXPECT_EQ(built, 1);
  EXPECT_EQ(fills_, 1);
}

TEST_P(ReadyDatabasesTest, RemoveWhatADeadOwnerLeft) {
  const auto order = contents();
  const std::string dead_id = fmt::format("{:016x}", ::getpid() * 16);
  const std::string alive_id = fmt::format("{:016x}", ::getpid() * 16 + 1);
  auto dying = owner_of(dead_id);
  const auto owner = owner_of(alive_id);
  const auto dead = leftover(dead_id, order);
  const auto alive = leftover(alive_id, order);
  dying.reset();

  ready({.contents = order});

  EXPECT_FALSE(is_there(dead));
  EXPECT_TRUE(is_there(alive));
  server().drop(alive);
}

TEST_P(ReadyDatabasesTest, LeaveWhatIsNotSeedbeds) {
  if (is("mysql")) GTEST_SKIP() << "only what is recorded is looked at";
  const auto id = fmt::format("{:016x}", ::getpid() * 16 + 2);
  const auto name = fmt::format("seedbed_run_{}_0", id);
  {
    // Others look as well, to whom an empty one is nobody's.
    const auto owner = owner_of(id);
    server().create(name);
    engine().connect(server().url_of(name))->execute("CREATE TABLE precious (a INT)");
  }

  ready({.contents = contents()});

  EXPECT_TRUE(is_there(name));
  server().drop(name);
}

TEST_P(ReadyDatabasesTest, RemoveTemplatesThatNobodyUses) {
  const auto order = contents();
  const auto used = ready({.contents = order})->source().name;
  const auto old = ready({.contents = contents("old")})->source().name;
  server().seal(old, R"({"seedbed":"template","used_day":20000,"method":"","key":""})");

  reap_templates(server());

  EXPECT_TRUE(is_there(used));
  EXPECT_FALSE(is_there(old));
}

TEST_P(ReadyDatabasesTest, KeepTheTemplateFromBeingChanged) {
  const auto source = ready({.contents = contents()})->source().name;

  EXPECT_THAT(
      [&] {
        const auto connection = engine().connect(server().url_of(source));
        require_mark(*connection);
        connection->execute("DELETE FROM t");
      },
      ::testing::Throws<Error>());
}

}  // namespace
}  // namespace seedbed
