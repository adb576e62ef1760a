#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/schema/fingerprint.hpp"
#include "tests/engines/conformance.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

/// Constraints that are put off while a table is filled.
class Deferred : public testing::ConformanceTest {
 protected:
  void SetUp() override {
    ConformanceTest::SetUp();
    if (IsSkipped()) return;
    connection().execute("CREATE TABLE parent (id INT PRIMARY KEY)");
    connection().execute(
        "CREATE TABLE child (id INT PRIMARY KEY, code VARCHAR(40), a INT, parent_id INT NOT NULL, "
        "CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id))");
    connection().execute("CREATE UNIQUE INDEX child_code ON child (code)");
    connection().execute("CREATE UNIQUE INDEX child_a ON child (a, parent_id)");
    load("parent", {"id"}, {{1}, {2}});
  }

  /// Rows that fit, beginning with `first`.
  static std::vector<Row> children(int first = 1, int count = 5000) {
    std::vector<Row> rows;
    for (int i = first; i < first + count; ++i) {
      // Not in the order of the unique column; some without a value.
      rows.push_back(
          {i, i % 10 == 0 ? Value{} : Value{fmt::format("c{}", i * 7919 % 100'003)}, i, i % 2 + 1});
    }
    return rows;
  }

  std::unique_ptr<LoadGuard> defer() {
    return engine().defer_constraints(connection(), engine().introspect(connection()),
                                      {{{"", "child"}}});
  }

  void fill(const std::vector<Row>& rows) {
    Transaction transaction{connection()};
    const auto guard = defer();
    load("child", {"id", "code", "a", "parent_id"}, rows);
    guard->finish();
    transaction.commit();
  }

  /// That a load does not take the row among others, before the row `place`.
  void expect_refused(const Row& wrong, int place) {
    auto rows = children();
    rows.insert(rows.begin() + place, wrong);
    EXPECT_THAT([&] { fill(rows); }, ThrowsError(ErrorCode::constraint_violation, ""))
        << wrong[1].display();
    EXPECT_EQ(count("child"), 0);
  }

  /// That each constraint refuses one more row.
  void expect_constraints() {
    connection().execute("DELETE FROM child");
    connection().execute("INSERT INTO child VALUES (1, 'x', 1, 1)");
    for (const auto* row :
         {"(1, 'y', 2, 1)", "(2, 'x', 2, 1)", "(2, 'y', 1, 1)", "(2, 'y', 2, 3)"}) {
      EXPECT_THAT([&] { connection().execute(fmt::format("INSERT INTO child VALUES {}", row)); },
                  ThrowsError(ErrorCode::constraint_violation, ""))
          << row;
    }
  }
};
SEEDBED_ON_ALL_ENGINES(Deferred);

TEST_P(Deferred, HoldAfterTheLoad) {
  fill(children());

  EXPECT_EQ(count("child"), 5000);
  EXPECT_EQ(connection().query_value("SELECT COUNT(DISTINCT code) FROM child").as<int>(), 4500);
  expect_constraints();
}

TEST_P(Deferred, HoldAfterALoadThatIsGivenUp) {
  {
    const Transaction transaction{connection()};
    const auto guard = defer();
    load("child", {"id", "code", "a", "parent_id"}, children());
  }
  EXPECT_EQ(count("child"), 0);
  expect_constraints();
}

TEST_P(Deferred, RefuseWhatBreaksThem) {
  for (const auto& wrong : std::vector<Row>{{3000, "one", 1, 1},
                                            {9000, "c7919", 9000, 1},
                                            {9000, "one", 1, 2},
                                            {9000, "one", 9000, 3}}) {
    expect_refused(wrong, 1);
    expect_refused(wrong, 5000);
  }
  expect_constraints();
}

TEST_P(Deferred, RefuseRowsOfSeveralLoads) {
  EXPECT_THAT(
      [&] {
        Transaction transaction{connection()};
        const auto guard = defer();
        load("child", {"id", "code", "a", "parent_id"}, children());
        load("child", {"id", "code", "a", "parent_id"}, {{9000, "c7919", 9000, 1}});
        guard->finish();
        transaction.commit();
      },
      ThrowsError(ErrorCode::constraint_violation, ""));
  EXPECT_EQ(count("child"), 0);
}

TEST_P(Deferred, AreToldAsSqlThatDoesTheSame) {
  const auto schema = [this] { return engine().introspect(connection()); };
  const auto whole = fingerprint(schema());
  const auto sql = engine().deferred_sql(connection(), schema(), {{{"", "child"}}});
  EXPECT_EQ(fingerprint(schema()), whole);

  const auto checks = "SELECT @@unique_checks + @@foreign_key_checks";
  Transaction transaction{connection()};
  for (const auto& statement : sql.before) connection().execute(statement);
  if (is("mysql")) {
    EXPECT_EQ(connection().query_value(checks), Value{0});
  } else {
    EXPECT_TRUE(schema().at("child").unique_keys.empty());
    EXPECT_EQ(schema().at("child").foreign_keys.empty(), is("postgres"));
  }
  load("child", {"id", "code", "a", "parent_id"}, children());
  for (const auto& statement : sql.after) connection().execute(statement);
  transaction.commit();

  if (is("mysql")) {
    EXPECT_EQ(connection().query_value(checks), Value{2});
  }
  EXPECT_EQ(fingerprint(schema()), whole);
  expect_constraints();
}

}  // namespace

}  // namespace seedbed
