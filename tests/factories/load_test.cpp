#include <atomic>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "seedbed/engines/transaction.hpp"
#include "tests/factories/factory_fixture.hpp"

namespace seedbed::testing {
namespace {

constexpr const char* kUserColumns =
    "email, name, role, balance, nickname, created_at, last_seen, preferences";
constexpr const char* kOrderColumns = "number, status, total, placed_at";
constexpr const char* kItemColumns = "line, quantity, unit_price";

class Load : public FactoryTest {
 protected:
  std::vector<LoadedTable> load_rows(const FactoryLibrary& library,
                                     std::vector<LoadEntry> entries) {
    Progress progress;
    return load({connection(), schema(), library, options()}, {.entries = std::move(entries)},
                progress);
  }
  std::vector<LoadedTable> load_rows(std::vector<LoadEntry> entries) {
    return load_rows(library(), std::move(entries));
  }
  /// Creates ten orders over a connection of its own and notes their rows; whether it could.
  [[nodiscard]] bool create_orders(std::vector<std::uint64_t>& rows) const {
    try {
      const auto other = connect();
      FactorySession session{*other, schema(), library(), options()};
      for (int i = 0; i < 10; ++i) rows.push_back(session.create("order").row());
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
      return false;
    }
    return true;
  }
};
SEEDBED_ON_ALL_ENGINES(Load);

TEST_P(Load, WritesAScenarioWithItsReferences) {
  const auto tables = load_scenario("small");

  EXPECT_EQ(count("users"), 24);
  EXPECT_EQ(count("users", "role = 'admin'") >= 3, true);
  EXPECT_EQ(count("orders"), 40);
  EXPECT_EQ(count("payments"), 30);
  EXPECT_EQ(count("orders", "status = 'cancelled'"), 10);
  EXPECT_GT(number("SELECT COUNT(DISTINCT customer_id) FROM orders"), 10) << "customers are picked";
  EXPECT_EQ(
      number("SELECT COUNT(*) FROM orders o WHERE ABS(total - (SELECT SUM(quantity * unit_price) "
             "FROM order_items i WHERE i.order_id = o.id)) > 0.001"),
      0);
  EXPECT_EQ(
      number("SELECT COUNT(*) FROM order_items i JOIN products p ON p.id = i.product_id WHERE "
             "i.unit_price <> p.price"),
      0);
  EXPECT_EQ(number("SELECT COUNT(*) FROM orders o JOIN users u ON u.id = o.customer_id WHERE "
                   "o.placed_at < u.created_at"),
            0);
  EXPECT_EQ(tables.front(), (LoadedTable{{"", "products"}, 10, 1, 10}));
  EXPECT_EQ(db().record("john").row(), 24U) << "the loaded record is found again";
}

TEST_P(Load, GivesEachRowOfAnotherFactoryItsOwn) {
  load_scenario("per_user");

  const auto orders = count("orders");
  EXPECT_GT(orders, 2500);
  EXPECT_LT(orders, 3500);
  EXPECT_EQ(count("users"), 2000);
  EXPECT_LE(number("SELECT MAX(c) FROM (SELECT COUNT(*) AS c FROM orders GROUP BY customer_id) t"),
            3);
}

TEST_P(Load, EqualsCreateForEqualRowNumbers) {
  const auto dump_all = [&] {
    return dump("users", kUserColumns, "email") + dump("orders", kOrderColumns, "number") +
           dump("order_items", kItemColumns, "order_id, line");
  };
  load_rows({{"order", 5, {}}});
  const auto loaded = dump_all();
  for (const auto* table : {"order_items", "orders", "products", "users"}) {
    connection().execute(fmt::format("DELETE FROM {}", table));
  }
  connection().execute(fmt::format("DELETE FROM {}", engine().own_table("rows")));
  db().create_list("order", 5);

  EXPECT_EQ(dump_all(), loaded);
}

TEST_P(Load, GivesTheSameValuesOnEveryEngine) {
  load_rows({{"user", 5, {}}, {"product", 8, {}}, {"order", 5, {}}});

  EXPECT_EQ(dump("users", kUserColumns, "email") + dump("orders", kOrderColumns, "number") +
                dump("order_items", kItemColumns, "order_id, line"),
            test_data("golden.txt"));
}

TEST_P(Load, LeavesOtherCellsWhenAFactoryGrows) {
  auto text = test_data("shop.yaml");
  load_rows({{"user", 5, {}}});
  const auto before = dump("users", "email, name, balance, created_at, last_seen", "email");
  connection().execute("DELETE FROM users");
  connection().execute(fmt::format("DELETE FROM {}", engine().own_table("rows")));
  const std::string nickname = "nickname: =maybe(70%, word())";
  text.replace(text.find(nickname), nickname.size(), "nickname: =concat(word(), word())");
  text.replace(text.find("factories:\n"), 11, "factories:\n  another: { table: tenants }\n");

  load_rows(FactoryLibrary::parse(text), {{"user", 5, {}}});

  EXPECT_EQ(dump("users", "email, name, balance, created_at, last_seen", "email"), before);
}

TEST_P(Load, ContinuesAfterRowsThatAreThere) {
  db().create_list("user", 3);
  connection().execute(
      "INSERT INTO users (id, email, name, role, balance, created_at) VALUES "
      "(500, 'x', 'x', 'staff', 1, '2026-01-01 00:00:00')");

  const auto tables = load_rows({{"user", 4, {}}});
  const auto after = db().create("user");

  EXPECT_EQ(tables.front(), (LoadedTable{{"", "users"}, 4, 4, 7}));
  EXPECT_EQ(count("users", "id > 500"), 5);
  EXPECT_EQ(after.row(), 8U);
  EXPECT_EQ(load_rows({{"user", 1, {}}}).front().first_row, 9U);
}

class StopAfter : public Progress {
 public:
  void report(const ProgressUpdate& /*update*/) override { interrupt(); }
};

TEST_P(Load, LeavesEverythingAsItWasWhenInterrupted) {
  StopAfter progress;

  EXPECT_THAT(
      [&] {
        load({connection(), schema(), library(), options()}, {.entries = {{"user", 40'000, {}}}},
             progress);
      },
      ThrowsError(ErrorCode::unavailable, "interrupted"));

  EXPECT_EQ(count("users"), 0);
  EXPECT_FALSE(connection().in_transaction());
  EXPECT_EQ(db().create("user").row(), 1U);
}

TEST_P(Load, LeavesEverythingAsItWasWhenARowIsRefused) {
  db().create("order", {.set = {{"number", "ORD-000004"}}});

  EXPECT_THAT(
      [&] {
        load_rows({{"user", 10, {}}, {"order", 10, {}}});
      },
      ThrowsError(ErrorCode::constraint_violation, ""));

  EXPECT_EQ(count("users"), 1);
  EXPECT_EQ(count("orders"), 1);
}

// Threads make the rows of a long load in steps; which step a row falls into must not show.
TEST_P(Load, GivesTheSameRowsHoweverItIsCut) {
  const auto reset = [&] {
    for (const auto* table : {"order_items", "orders", "products", "users"}) {
      connection().execute(fmt::format("DELETE FROM {}", table));
    }
    connection().execute(fmt::format("DELETE FROM {}", engine().own_table("rows")));
  };
  load_rows({{"user", 9500, {}}});
  const auto whole = dump("users", kUserColumns, "email");
  reset();
  for (int part = 0; part < 19; ++part) load_rows({{"user", 500, {}}});
  EXPECT_TRUE(dump("users", kUserColumns, "email") == whole);

  reset();
  load_rows({{"order", 4000, {}}});
  const auto graphs = dump("orders", kOrderColumns, "number");
  const auto items = count("order_items");
  reset();
  for (int part = 0; part < 4; ++part) load_rows({{"order", 1000, {}}});
  EXPECT_TRUE(dump("orders", kOrderColumns, "number") == graphs);
  EXPECT_EQ(count("order_items"), items);
}

TEST_P(Load, LeavesNothingWhenALateRowCannotBeMade) {
  const auto broken = FactoryLibrary::parse(
      "version: 1\nfactories:\n  user: { set: { email: '{n}@example.com', name: x, "
      "balance: '=if(n == 9001, 1 / (n - n), 1)' } }\n");

  EXPECT_THAT(
      [&] {
        load_rows(broken, {{"user", 9500, {}}});
      },
      ThrowsError(ErrorCode::invalid_input, "division by zero"));

  EXPECT_EQ(count("users"), 0);
  load_rows({{"user", 10, {}}});
  EXPECT_EQ(count("users"), 10) << "the connection is usable";
}

TEST_P(Load, PlansWithoutWriting) {
  const auto planned =
      plan_load({connection(), schema(), library(), options()}, {.scenario = "small"});

  EXPECT_EQ(count("users"), 0);
  std::vector<LoadedTable> tables;
  for (const auto& table : planned.tables) tables.push_back(table.rows);
  EXPECT_EQ(load_scenario("small"), tables);
}

TEST_P(Load, PlansTheStatementsOfAPart) {
  const auto planned = plan_load({connection(), schema(), library(), options()},
                                 {.entries = {{"user", 10, {}}}, .part = {.rows = RowRange{3, 5}}})
                           .statements;

  ASSERT_FALSE(planned.empty());
  EXPECT_EQ(planned.front().table.name, "users");
  EXPECT_EQ(planned.front().rows, 3U);
  EXPECT_THAT(planned.front().sql,
              ::testing::StartsWith(pick("INSERT INTO \"users\" (", "COPY \"public\".\"users\" (",
                                         "LOAD DATA LOCAL INFILE 'seedbed' INTO TABLE `users`")));
}

TEST_P(Load, SaysWhatARequestGetsWrong) {
  EXPECT_THAT([&] { load_scenario("smal"); },
              ThrowsError(ErrorCode::not_found, "did you mean 'small'"));
  EXPECT_THAT(
      [&] {
        load_rows({{"usr", 1, {}}});
      },
      ThrowsError(ErrorCode::not_found, "did you mean 'user'"));
  EXPECT_THAT([] { static_cast<void>(parse_load_entry("user=lots")); },
              ThrowsError(ErrorCode::invalid_input, "user=10k"));
  EXPECT_EQ(parse_load_entry("user=10k").count, 10'000U);
}

TEST_P(Load, FiresNoTriggersOrRefusesBeforeItWrites) {
  connection().execute("CREATE TABLE heard (product_id BIGINT)");
  connection().execute_script(
      pick("CREATE TRIGGER loud AFTER INSERT ON products BEGIN INSERT INTO heard VALUES (NEW.id); "
           "END;",
           "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO heard "
           "VALUES (NEW.id); RETURN NEW; END $$; "
           "CREATE TRIGGER loud AFTER INSERT ON products FOR EACH ROW EXECUTE FUNCTION shout()",
           "CREATE TRIGGER loud AFTER INSERT ON products FOR EACH ROW INSERT INTO heard VALUES "
           "(NEW.id)"));
  const auto found = engine().introspect(connection());
  const FactoryTarget target{connection(), found, library(), options()};
  Progress progress;
  if (GetParam() == "mysql") {
    EXPECT_THAT([&] { load(target, {.scenario = "small"}, progress); },
                ThrowsError(ErrorCode::unsupported, "table 'products' has triggers (loud)"));
    EXPECT_EQ(count("users"), 0);
    load(target, {.entries = {{"user", 10, {}}}}, progress);
    EXPECT_EQ(count("users"), 10) << "other tables can be loaded";
    return;
  }
  for (const auto mode : {ConstraintMode::defer, ConstraintMode::keep}) {
    load(target, {.scenario = "small", .constraints = mode}, progress);
    EXPECT_EQ(count("heard"), 0);
  }
  EXPECT_EQ(count("products"), 20);
  FactorySession{connection(), found, library(), options()}.create("product");
  EXPECT_EQ(count("heard"), 1) << "the trigger is back";
}

TEST_P(Load, GivesConcurrentCreatesRowsOfTheirOwn) {
  db().create("user");
  std::vector<std::vector<std::uint64_t>> rows(4);
  std::vector<std::thread> threads;
  threads.reserve(rows.size());
  std::atomic<int> failures{0};
  for (auto& own : rows) {
    threads.emplace_back([&own, &failures, this] {
      if (!create_orders(own)) ++failures;
    });
  }
  for (auto& thread : threads) thread.join();

  std::set<std::uint64_t> distinct;
  for (const auto& own : rows) distinct.insert(own.begin(), own.end());
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(distinct.size(), 40U);
  EXPECT_EQ(count("orders"), 40);
}

}  // namespace
}  // namespace seedbed::testing
