// How often creating waits for the server.
#include <memory>

#include <gmock/gmock.h>

#include "seedbed/engines/transaction.hpp"
#include "tests/factories/factory_fixture.hpp"

namespace seedbed {

namespace {

/// Counts what goes to the server: on PostgreSQL a call is a round trip.
class CountingConnection final : public Connection {
 public:
  explicit CountingConnection(Connection& connection) : connection_{connection} {}

  [[nodiscard]] int calls() const noexcept { return calls_; }
  [[nodiscard]] const Engine& engine() const noexcept override { return connection_.engine(); }
  [[nodiscard]] std::string database_name() override { return connection_.database_name(); }
  std::uint64_t execute(std::string_view sql, std::span<const Value> arguments) override {
    ++calls_;
    return connection_.execute(sql, arguments);
  }
  void execute_script(std::string_view sql) override {
    ++calls_;
    connection_.execute_script(sql);
  }
  [[nodiscard]] std::unique_ptr<RowStream> stream(std::string_view sql,
                                                  std::span<const Value> arguments) override {
    ++calls_;
    return connection_.stream(sql, arguments);
  }
  std::vector<std::vector<Row>> run_all(std::span<const BoundStatement> statements,
                                        const Brackets& brackets) override {
    ++calls_;
    return connection_.run_all(statements, brackets);
  }
  std::uint64_t bulk_load(const BulkTarget& target, const BatchSource& next) override {
    ++calls_;
    return connection_.bulk_load(target, next);
  }
  [[nodiscard]] bool in_transaction() override { return connection_.in_transaction(); }
  void cancel() noexcept override { connection_.cancel(); }

 private:
  Connection& connection_;
  int calls_ = 0;
};

class RoundTrips : public testing::FactoryTest {
 protected:
  /// How many calls a second run of `create` takes in a sandbox.
  template <typename Create>
  int calls_of(const Create& create) {
    CountingConnection counting{connection()};
    FactorySession session{counting, schema(), library(), options()};
    session.prepare();
    const Transaction test{connection()};
    session.enter_sandbox();
    create(session);
    const int before = counting.calls();
    create(session);
    return counting.calls() - before;
  }
};
INSTANTIATE_TEST_SUITE_P(, RoundTrips, ::testing::Values("postgres"),
                         [](const auto& instance) { return std::string{instance.param}; });

TEST_P(RoundTrips, OfOneRowAreOne) {
  EXPECT_EQ(calls_of([](auto& session) { static_cast<void>(session.create("user")); }), 1);
}

TEST_P(RoundTrips, OfOneRowWithOverridesAreOne) {
  EXPECT_EQ(calls_of([](auto& session) {
              static_cast<void>(session.create("user", {.set = {{"name", "Ada"}}}));
            }),
            1);
}

TEST_P(RoundTrips, OfAGraphAreTwo) {
  EXPECT_EQ(calls_of([](auto& session) {
              const auto order = session.create("order", {.has = {{"items", 2}}});
              EXPECT_EQ(order.children("items").size(), 2U);
              EXPECT_GT(order.relation("customer").id().template as<int>(), 0);
            }),
            2);
}

TEST_P(RoundTrips, OfManyRowsAreTwo) {
  EXPECT_EQ(calls_of([](auto& session) { static_cast<void>(session.create_list("user", 1200)); }),
            2);
}

}  // namespace

}  // namespace seedbed
