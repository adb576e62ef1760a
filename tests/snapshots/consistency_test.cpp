#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/snapshots/shop_fixture.hpp"

namespace seedbed {
namespace {

class Consistency : public testing::ShopTest {};

// Lets another session change two tables while the first of them was read and the second was not.
class WriteBetween : public Progress {
 public:
  explicit WriteBetween(Connection& writer) : writer_{writer} {}
  void report(const ProgressUpdate& update) override {
    if (update.table != "orders" || done_) return;
    done_ = true;
    writer_.execute("INSERT INTO order_items VALUES (2, 77, 1)");
    writer_.execute("UPDATE users SET name = 'torn'");
  }
  [[nodiscard]] bool done() const noexcept { return done_; }

 private:
  Connection& writer_;
  bool done_ = false;
};

TEST_P(Consistency, SavesTheStateOfOneInstantWhileOthersWrite) {
  const auto before = measure();
  const auto writer = connect();
  if (is("sqlite")) static_cast<void>(connection().query("PRAGMA journal_mode = WAL"));
  WriteBetween progress{*writer};

  const auto saved = save_snapshot(store(), "demo", connection(), schema(), {}, progress);

  EXPECT_TRUE(progress.done());
  EXPECT_EQ(saved.digest, before.digest);
  EXPECT_NE(measure().digest, before.digest);
}

TEST_P(Consistency, SeesWhatAnOpenTransactionOfTheCallerDid) {
  const auto before = measure();
  run({engine().begin_sql(), "DELETE FROM words"});

  const auto inside = save("inside");

  EXPECT_TRUE(connection().in_transaction());
  EXPECT_NE(inside.digest, before.digest);
  run({"ROLLBACK"});
  EXPECT_EQ(measure().digest, before.digest);
}

SEEDBED_ON_ALL_ENGINES(Consistency);

}  // namespace
}  // namespace seedbed
