// A suite as a user writes it; suites_test.py runs it on every engine, also many times at once. The
// tests named Fails... are run one by one.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include <gtest/gtest.h>

#include "seedbed/engines/mysql/mysql_engine.hpp"
#include "seedbed/engines/postgres/postgres_engine.hpp"
#include "seedbed/engines/sqlite/sqlite_engine.hpp"
#include "seedbed/testing/gtest.hpp"

namespace {

using seedbed::Connection;
using seedbed::TestIsolation;
using seedbed::testing::DatabaseTest;

const bool kSqlite = seedbed::testing::use_engine(seedbed::make_sqlite_engine());
const bool kPostgres = seedbed::testing::use_engine(seedbed::make_postgres_engine());
const bool kMysql = seedbed::testing::use_engine(seedbed::make_mysql_engine());

/// Code under test that has a connection of its own, and commits.
class Shop {
 public:
  explicit Shop(seedbed::Database& database)
      : connection_{database.engine().connect(database.url())} {}

  void delete_all_items() { connection_->execute("DELETE FROM order_items"); }

 private:
  std::unique_ptr<seedbed::Connection> connection_;
};

class RolledBack : public DatabaseTest {
 protected:
  [[nodiscard]] TestIsolation isolation() const override { return TestIsolation::rollback; }
  std::int64_t users() {
    return connection().query_value("SELECT count(*) FROM users").as<std::int64_t>();
  }
};

class Rewound : public RolledBack {
 protected:
  [[nodiscard]] TestIsolation isolation() const override { return TestIsolation::rewind; }
  std::int64_t items() {
    return connection().query_value("SELECT count(*) FROM order_items").as<std::int64_t>();
  }
};

class Cloned : public Rewound {
 protected:
  [[nodiscard]] TestIsolation isolation() const override { return TestIsolation::clone; }
};

class Automatic : public Rewound {
 protected:
  [[nodiscard]] TestIsolation isolation() const override { return TestIsolation::automatic; }
};

// Each of a pair finds the baseline, whichever runs first.
TEST_F(RolledBack, CreatesAUser) {
  const auto before = users();
  auto ada = db().create("user", {.set = {{"name", "Ada"}}});
  EXPECT_EQ(ada["name"].text(), "Ada");
  EXPECT_EQ(users(), before + 1);
  EXPECT_EQ(before, 21);
}
TEST_F(RolledBack, CreatesAUserAgain) {
  db().create("user");
  EXPECT_EQ(users(), 22);
}

TEST_F(Automatic, AltersATable) {
  EXPECT_EQ(users(), 21);
  connection().execute("ALTER TABLE users ADD COLUMN extra INT");
}
TEST_F(Automatic, AltersATableAgain) {
  connection().execute("ALTER TABLE users ADD COLUMN extra INT");
  Shop{db()}.delete_all_items();
}
TEST_F(Automatic, HasItems) {
  EXPECT_GT(items(), 0);
}

TEST_F(Rewound, LosesAllItems) {
  EXPECT_GT(items(), 0);
  Shop{db()}.delete_all_items();
  EXPECT_EQ(items(), 0);
}
TEST_F(Rewound, LosesAllItemsAgain) {
  EXPECT_GT(items(), 0);
  Shop{db()}.delete_all_items();
  db().create("user");
  EXPECT_EQ(users(), 22);
}
TEST_F(Rewound, LeavesATransactionOpen) {
  connection().execute(db().engine().begin_sql());
  connection().execute("DELETE FROM order_items");
}
TEST_F(Rewound, ChangesTheSchema) {
  connection().execute("CREATE TABLE extra (id INT)");
}
TEST_F(Rewound, ChangesTheSchemaAgain) {
  connection().execute("CREATE TABLE extra (id INT)");
}

TEST_F(Rewound, NamesItsDatabase) {
  std::cout << "in database " << connection().database_name() << '\n';
  EXPECT_EQ(users(), 21);
  EXPECT_GT(items(), 0);
}
TEST_F(Rewound, SurvivesAForkThatExits) {
  db().create("user");
  EXPECT_EXIT(std::exit(0), ::testing::ExitedWithCode(0), "");  // NOLINT(concurrency-mt-unsafe)
  EXPECT_EQ(users(), 22);
}

TEST_F(Cloned, ChangesTheSchema) {
  connection().execute("DROP TABLE order_items");
}
TEST_F(Cloned, ChangesTheSchemaAgain) {
  connection().execute("DROP TABLE order_items");
}

bool asked_to(const char* variable) {
  return std::getenv(variable) != nullptr;  // NOLINT(concurrency-mt-unsafe)
}
bool asked_to_fail() {
  return asked_to("SHOP_SUITE_FAILS");
}

TEST_F(RolledBack, FailsWhenTheCodeCommits) {
  if (!asked_to_fail()) GTEST_SKIP() << "suites_test.py asks for it";
  db().create("user");
  connection().execute("COMMIT");
}
// As no program does that leaves the notes alone.
TEST_F(Rewound, WritesWhatIsNotNoted) {
  if (!asked_to("SHOP_SUITE_HIDES")) GTEST_SKIP() << "suites_test.py asks for it";
  const auto writer = db().engine().connect(db().url());
  const std::string engine{db().engine().name()};
  std::vector<std::string> triggers;
  if (engine == "sqlite") {
    const auto found = writer->query(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit_log'");
    for (const auto& trigger : found.rows) {
      writer->execute("DROP TRIGGER " + trigger[0].text());
      triggers.push_back(trigger[1].text());
    }
  } else {
    writer->execute_script(engine == "postgres" ? "SET seedbed.undoing = 'hidden'"
                                                : "SET @seedbed_undoing = 1");
  }
  writer->execute(
      "INSERT INTO audit_log (action, happened_at) VALUES ('hidden', '2026-01-01 00:00:00')");
  for (const auto& trigger : triggers) writer->execute(trigger);
}
TEST_F(Rewound, EndsItsProcess) {
  const char* how = std::getenv("SHOP_SUITE_ENDS");  // NOLINT(concurrency-mt-unsafe)
  if (how == nullptr) GTEST_SKIP() << "suites_test.py asks for it";
  Shop{db()}.delete_all_items();
  if (std::string_view{how} == "killed") std::raise(SIGKILL);
  std::exit(3);  // NOLINT(concurrency-mt-unsafe)
}
TEST_F(Rewound, LeavesSomebodyConnected) {
  if (!asked_to("SHOP_SUITE_STAYS")) GTEST_SKIP() << "suites_test.py asks for it";
  // Until the process ends, behind all that the suite closes.
  static const Connection* const kOther = db().engine().connect(db().url()).release();
  EXPECT_NE(kOther, nullptr);
}
TEST_F(Rewound, FailsAndTellsWhatItChanged) {
  if (!asked_to_fail()) GTEST_SKIP() << "suites_test.py asks for it";
  db().create("user", {.set = {{"email", "ada@example.com"}}});
  Shop{db()}.delete_all_items();
  FAIL();
}

}  // namespace
