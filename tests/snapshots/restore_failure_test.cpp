#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "tests/snapshots/shop_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

class FailingRestore : public testing::ShopTest {};

// Interrupts when work on a table is reported.
class InterruptAt : public Progress {
 public:
  explicit InterruptAt(std::string table) : table_{std::move(table)} {}
  void report(const ProgressUpdate& update) override {
    if (update.table == table_) interrupt();
  }

 private:
  std::string table_;
};

TEST_P(FailingRestore, LeavesTheRowsWhenItIsInterrupted) {
  save("demo");
  run({"UPDATE users SET name = 'changed'", "DELETE FROM words"});
  const auto before = all_rows();
  InterruptAt progress{"words"};

  EXPECT_THAT([&] { restore_snapshot(store(), "demo", connection(), schema(), {}, progress); },
              ThrowsError(ErrorCode::unavailable, "interrupted"));

  EXPECT_EQ(all_rows(), before);
  EXPECT_FALSE(connection().in_transaction());
  EXPECT_NO_THROW(restore("demo"));
}

TEST_P(FailingRestore, LeavesTheListWhenASaveIsInterrupted) {
  InterruptAt progress{"orders"};

  EXPECT_THAT([&] { save_snapshot(store(), "demo", connection(), schema(), {}, progress); },
              ThrowsError(ErrorCode::unavailable, "interrupted"));

  EXPECT_TRUE(store().list().empty());
  EXPECT_FALSE(connection().in_transaction());
  EXPECT_NO_THROW(save("demo"));
}

TEST_P(FailingRestore, LeavesTheRowsWhenAConstraintRefusesOne) {
  // An orphan that got in with checks off.
  if (is("mysql")) run({"SET foreign_key_checks = 0"});
  if (is("sqlite")) run({"PRAGMA foreign_keys = OFF"});
  if (is("postgres")) run({"SET session_replication_role = replica"});
  run({"INSERT INTO order_items VALUES (12345, 1, 1)"});
  if (is("mysql")) run({"SET foreign_key_checks = 1"});
  if (is("sqlite")) run({"PRAGMA foreign_keys = ON"});
  if (is("postgres")) run({"RESET session_replication_role"});
  save("broken");
  run({"DELETE FROM order_items", "UPDATE users SET name = 'kept'"});
  const auto before = all_rows();

  EXPECT_THAT([&] { restore("broken"); },
              ThrowsError(ErrorCode::constraint_violation, "order_items"));

  EXPECT_EQ(all_rows(), before);
}

TEST_P(FailingRestore, ListsWhatDiffersInTheSchema) {
  save("demo");
  run({"ALTER TABLE users ADD COLUMN nick VARCHAR(20)", "DROP TABLE order_items",
       "CREATE TABLE later (id INT PRIMARY KEY)", "UPDATE words SET word = 'kept'"});
  const auto before = all_rows();

  const auto expect = [&](const std::string& difference) {
    EXPECT_THAT([&] { restore("demo"); }, ThrowsError(ErrorCode::conflict, difference));
  };

  expect("column 'nick' of table 'users' is not in the snapshot");
  expect("table 'order_items' is not in the database");
  expect("table 'later' is not in the snapshot");
  expect("migrate the database");
  EXPECT_EQ(all_rows(), before);
}

TEST_P(FailingRestore, TellsAChangedTypeFromAChangedKey) {
  save("demo");
  run({"DROP TABLE empty_table", "CREATE TABLE empty_table (id BIGINT NOT NULL PRIMARY KEY)",
       "CREATE UNIQUE INDEX one_uid ON users (uid)"});

  EXPECT_THAT([&] { restore("demo"); },
              ThrowsError(ErrorCode::conflict, "column 'id' of table 'empty_table' is"));
  EXPECT_THAT([&] { restore("demo"); },
              ThrowsError(ErrorCode::conflict, "table 'users' differs in its keys"));
}

TEST_P(FailingRestore, FiresNoTriggersOrRefusesBeforeItWrites) {
  if (is("postgres")) {
    run(
        {"CREATE FUNCTION rewrite() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
         "NEW.word := 'rewritten'; RETURN NEW; END $$",
         "CREATE TRIGGER rewrite BEFORE INSERT ON words FOR EACH ROW EXECUTE FUNCTION rewrite()"});
  } else {
    run({fmt::format("CREATE TRIGGER rewrite {} INSERT ON words FOR EACH ROW {}",
                     is("mysql") ? "BEFORE" : "AFTER",
                     is("mysql") ? "SET NEW.word = 'rewritten'"
                                 : "BEGIN UPDATE words SET word = 'rewritten'; END")});
  }
  save("demo");
  const auto saved = all_rows();
  run({"DELETE FROM words WHERE weight = 9"});
  const auto before = all_rows();

  if (is("mysql")) {
    EXPECT_THAT([&] { restore("demo"); },
                ThrowsError(ErrorCode::unsupported, "'words' has triggers"));
    EXPECT_EQ(all_rows(), before);
    return;
  }
  restore("demo");
  EXPECT_EQ(all_rows(), saved);
  run({"INSERT INTO words VALUES ('new', 100)"});
  EXPECT_EQ(connection().query_value("SELECT word FROM words WHERE weight = 100"),
            Value{"rewritten"});
}

TEST_P(FailingRestore, WorksInsideATransactionOfTheCallerOrRefusesTo) {
  const auto before = all_rows();
  save("demo");
  run({engine().begin_sql(), "DELETE FROM words"});
  const auto changed = all_rows();

  if (is("mysql")) {
    EXPECT_THAT([&] { restore("demo"); }, ThrowsError(ErrorCode::unsupported, "open transaction"));
    EXPECT_EQ(all_rows(), changed);
  } else {
    restore("demo");
    EXPECT_EQ(all_rows(), before);
  }
  EXPECT_TRUE(connection().in_transaction());
  run({"ROLLBACK"});
  EXPECT_EQ(all_rows(), before);
}

SEEDBED_ON_ALL_ENGINES(FailingRestore);

}  // namespace
}  // namespace seedbed
