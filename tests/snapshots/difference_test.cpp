#include "seedbed/snapshots/difference.hpp"

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/snapshots/writer.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::ThrowsError;

class Differences : public testing::EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped()) return;
    make(connection());
    schema_ = engine().introspect(connection());
    save_snapshot(store_, "before", connection(), schema_, {}, progress_);
  }

  static void make(Connection& connection) {
    connection.execute_script(
        "CREATE TABLE orders (id INT NOT NULL PRIMARY KEY, state VARCHAR(400));"
        "CREATE TABLE notes (text VARCHAR(20));"
        "INSERT INTO orders VALUES (2, 'paid'), (10, NULL), (30, 'open');"
        "INSERT INTO notes VALUES ('a'), ('a'), ('b')");
  }

  std::vector<DifferingRows> find() {
    return find_differing_rows(store_, "before", connection(), schema_);
  }
  testing::TemporaryDirectory directory_;
  SnapshotStore store_{directory_.path()};
  Schema schema_;
  Progress progress_;
};
SEEDBED_ON_ALL_ENGINES(Differences);

TEST_P(Differences, AreNoneInTheSameState) {
  connection().execute("DELETE FROM orders WHERE id = 10");
  connection().execute("INSERT INTO orders VALUES (10, NULL)");

  EXPECT_THAT(find(), IsEmpty());
}

TEST_P(Differences, AreNamedByTheirRows) {
  connection().execute_script(
      "INSERT INTO orders VALUES (1, 'new'); DELETE FROM orders WHERE id = 10;"
      "UPDATE orders SET state = 'sent' WHERE id = 30");

  const auto rows = find();

  ASSERT_EQ(rows.size(), 1U);
  EXPECT_THAT(rows[0].missing_rows, ElementsAre("(10, NULL)", "(30, open)"));
  EXPECT_THAT(rows[0].unexpected_rows, ElementsAre("(1, new)", "(30, sent)"));
  EXPECT_EQ(describe(rows[0]),
            "orders: missing (10, NULL), (30, open); unexpected (1, new), (30, sent)");
}

TEST_P(Differences, CountEqualRowsOfATableWithoutAKey) {
  connection().execute_script("INSERT INTO notes VALUES ('a'), ('c')");

  const auto rows = find();

  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].missing, 0U);
  EXPECT_THAT(rows[0].unexpected_rows, ElementsAre("(a)", "(c)"));
}

TEST_P(Differences, ShowTheFirstRowsOnly) {
  connection().execute("DELETE FROM orders");
  connection().execute("INSERT INTO orders VALUES (7, '" + std::string(198, 'x') + "éé')");
  for (int id = 40; id < 45; ++id) {
    connection().execute("INSERT INTO orders VALUES (" + std::to_string(id) + ", 'x')");
  }

  const auto rows = find();

  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].unexpected, 6U);
  EXPECT_EQ(rows[0].unexpected_rows.at(0), "(7, " + std::string(197, 'x') + "...)")
      << "cut, but not within a character";
  EXPECT_THAT(describe(rows[0]), ::testing::EndsWith("(40, x), (41, x) and 3 more"));
}

TEST_P(Differences, OfTwoDatabasesAreTheSame) {
  const testing::TestDatabase other{GetParam()};
  const auto wanted = other.connect();
  make(*wanted);
  EXPECT_THAT(find_differing_rows(*wanted, connection(), schema_), IsEmpty());
  wanted->execute("DELETE FROM notes WHERE text = 'b'");
  connection().execute("DELETE FROM orders WHERE id < 20");

  const auto rows = find_differing_rows(*wanted, connection(), schema_);

  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(describe(rows[0]), "notes: unexpected (b)");
  EXPECT_EQ(describe(rows[1]), "orders: missing (2, paid), (10, NULL)");
}

TEST_P(Differences, NeedTheirSnapshot) {
  EXPECT_THAT(
      [&] { static_cast<void>(find_differing_rows(store_, "other", connection(), schema_)); },
      ThrowsError(ErrorCode::not_found, "other"));
}

}  // namespace

}  // namespace seedbed
