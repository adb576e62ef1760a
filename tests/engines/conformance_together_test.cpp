// Statements that run together.
#include <chrono>
#include <future>
#include <thread>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/conformance.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::ThrowsError;

class Together : public testing::ConformanceTest {
 protected:
  void SetUp() override {
    ConformanceTest::SetUp();
    if (IsSkipped()) return;
    connection().execute("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40))");
  }

  [[nodiscard]] BoundStatement insert(int id, Value name = "x") const {
    return {with_placeholders("INSERT INTO item (id, name) VALUES (?, ?)"), {id, std::move(name)}};
  }
  [[nodiscard]] static BoundStatement names() {
    return {"SELECT id, name FROM item ORDER BY id", {}};
  }
  void run(std::vector<BoundStatement> statements) {
    static_cast<void>(run_atomically(connection(), std::move(statements)));
  }
};
SEEDBED_ON_ALL_ENGINES(Together);

TEST_P(Together, GiveTheRowsOfEach) {
  const std::vector<BoundStatement> statements{
      insert(1, "a"), insert(2, Null{}), names(), {"SELECT 7", {}}};
  const auto results = run_atomically(connection(), statements);
  ASSERT_THAT(results, SizeIs(4));
  EXPECT_THAT(results[0], IsEmpty());
  EXPECT_THAT(results[2], ElementsAre(Row{1, "a"}, Row{2, Null{}}));
  EXPECT_EQ(results[3].at(0).at(0).as<int>(), 7);
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(Together, AreUndoneWhenOneFails) {
  run({insert(1)});
  EXPECT_THAT(
      [&] {
        run({insert(2), insert(1), insert(3)});
      },
      ThrowsError(ErrorCode::constraint_violation, ""));
  EXPECT_EQ(count("item"), 1);
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(Together, LeaveTheTransactionAroundThemUsable) {
  Transaction transaction{connection()};
  run({insert(1)});
  EXPECT_THAT(
      [&] {
        run({insert(2), insert(2)});
      },
      ThrowsError(ErrorCode::constraint_violation, ""));
  EXPECT_THAT(
      [&] {
        run({insert(3), {"SELECT nothing FROM nowhere", {}}});
      },
      ThrowsError(ErrorCode::invalid_input, ""));
  run({insert(4)});
  transaction.commit();
  EXPECT_EQ(count("item"), 2);
}

TEST_P(Together, EndWithTheTransactionAroundThem) {
  {
    const Transaction transaction{connection()};
    run({insert(1)});
  }
  EXPECT_EQ(count("item"), 0);
}

TEST_P(Together, MayBeNone) {
  run({});
  EXPECT_THAT(connection().run_all({}), IsEmpty());
}

TEST_P(Together, MayRepeatAStatementThatFailed) {
  EXPECT_THAT(
      [&] {
        run({{"INSERT INTO later (id) VALUES (1)", {}}});
      },
      ThrowsError(ErrorCode::invalid_input, ""));
  connection().execute("CREATE TABLE later (id INT)");
  run({{"INSERT INTO later (id) VALUES (1)", {}}, {"INSERT INTO later (id) VALUES (1)", {}}});
  EXPECT_EQ(count("later"), 2);
}

TEST_P(Together, ReadAColumnWhoseTypeHasChanged) {
  run({insert(1, "12"), names()});
  connection().execute("DROP TABLE item");
  connection().execute("CREATE TABLE item (id INT PRIMARY KEY, name INT)");
  Transaction transaction{connection()};
  const std::vector<BoundStatement> statements{insert(1, 12), names()};
  const auto results = run_atomically(connection(), statements);
  EXPECT_THAT(results.at(1), ElementsAre(Row{1, 12}));
  transaction.commit();
}

TEST_P(Together, MayBeMoreThanTheServersBuffersHold) {
  const std::string text(40, 'x');
  std::vector<BoundStatement> statements;
  for (int i = 0; i < 3000; ++i) {
    statements.push_back(insert(i, text));
    if (i % 100 == 0) statements.push_back(names());
  }
  const auto results = run_atomically(connection(), statements);
  EXPECT_EQ(results.size(), statements.size());
  EXPECT_EQ(count("item"), 3000);
}

TEST_P(Together, EndWhenTheyAreCancelled) {
  std::promise<void> ended;
  std::thread canceller{[this, over = ended.get_future()] {
    // Cancelling before the statement has begun is harmless, so it is done until it takes effect.
    do connection().cancel();
    while (over.wait_for(std::chrono::milliseconds{20}) != std::future_status::ready);
  }};
  EXPECT_THAT(
      [&] {
        run({insert(1), {endless_sql(), {}}, insert(2)});
      },
      ThrowsError(ErrorCode::unavailable, ""));
  ended.set_value();
  canceller.join();
  EXPECT_EQ(count("item"), 0);
  run({insert(3)});
  EXPECT_EQ(count("item"), 1);
}

TEST_P(Together, RefuseAnArgumentThatTheEngineCannotHold) {
  if (!is("postgres")) GTEST_SKIP() << "a NUL is text elsewhere";
  Transaction transaction{connection()};
  EXPECT_THAT(
      [&] {
        run({insert(1), insert(2, std::string("a\0b", 3))});
      },
      ThrowsError(ErrorCode::invalid_input, "NUL"));
  run({insert(3)});
  transaction.commit();
  EXPECT_EQ(count("item"), 1);
}

class InsertedRows : public testing::ConformanceTest {
 protected:
  void insert(const std::string& create, const std::vector<std::size_t>& columns,
              const std::vector<Row>& rows) {
    connection().execute(create);
    const auto schema = engine().introspect(connection());
    const auto& table = schema.at("item");
    const std::vector<BoundStatement> statements{
        engine().insert_statement({table, columns, {}}, rows)};
    static_cast<void>(run_atomically(connection(), statements));
  }
};
SEEDBED_ON_ALL_ENGINES(InsertedRows);

TEST_P(InsertedRows, ArriveAsTheyAre) {
  insert(pick("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, price NUMERIC, data BLOB)",
              "CREATE TABLE item (id int PRIMARY KEY, name varchar(60), price numeric(10,2), data "
              "bytea)",
              "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(60), price DECIMAL(10,2), data "
              "BLOB)"),
         {0, 1, 2, 3},
         {{1, "plain", "1.50", Bytes{std::string("\x00\xff\\", 3)}},
          {2, R"(a "quoted" \ back {brace}, comma)", "-2.25", Null{}},
          {3, "NULL", Null{}, Bytes{""}},
          {4, "", "0.00", Bytes{"null"}},
          {5, Null{}, "3.00", Bytes{"x"}},
          {6, "line\nbreak \xc3\xa9 \xf0\x9f\x98\x80 ", "4.00", Bytes{"y"}}});
  const auto found = connection().query("SELECT name, data FROM item ORDER BY id");
  EXPECT_EQ(found.rows.at(0), (Row{"plain", Bytes{std::string("\x00\xff\\", 3)}}));
  EXPECT_EQ(found.rows.at(1), (Row{R"(a "quoted" \ back {brace}, comma)", Null{}}));
  EXPECT_EQ(found.rows.at(2), (Row{"NULL", Bytes{""}}));
  EXPECT_EQ(found.rows.at(3), (Row{"", Bytes{"null"}}));
  EXPECT_EQ(found.rows.at(4), (Row{Null{}, Bytes{"x"}}));
  EXPECT_EQ(found.rows.at(5), (Row{"line\nbreak \xc3\xa9 \xf0\x9f\x98\x80 ", Bytes{"y"}}));
}

TEST_P(InsertedRows, AreRefusedWhenATextIsTooLong) {
  const auto create =
      pick("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT CHECK (length(name) < 4))",
           "CREATE TABLE item (id int PRIMARY KEY, name character(3))",
           "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(3))");
  EXPECT_THAT(
      [&] {
        insert(create, {0, 1}, {{1, "abc"}, {2, "abcd"}});
      },
      ThrowsError(ErrorCode::constraint_violation, ""));
}

}  // namespace

}  // namespace seedbed
