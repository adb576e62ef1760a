#include "seedbed/cleanup/reset.hpp"

#include <string>

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using testing::EngineTest;
using testing::ThrowsError;

class ResetTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped()) return;
    connection().execute("CREATE TABLE item (id INT NOT NULL PRIMARY KEY, name VARCHAR(20))");
    connection().execute("INSERT INTO item VALUES (1, 'one'), (2, 'two')");
  }

  void mark(bool noted = true) {
    if (noted) begin_notes(connection());
    write_baseline(connection(), {"first", sha256("1"), "2026-01-01T00:00:00Z", noted});
  }

  ResetReport reset(ResetStrategy strategy = ResetStrategy::automatic) {
    const auto require = [&](const Baseline&) {
      if (gone_) throw Error{ErrorCode::not_found, "the snapshot is gone"};
    };
    return reset_to_baseline(
        connection(), strategy,
        {require, [&](const Baseline& baseline) {
           ++rebuilt_;
           EXPECT_EQ(baseline.snapshot, "first");
           connection().execute("DELETE FROM item");
           connection().execute("INSERT INTO item VALUES (1, 'one'), (2, 'two')");
         }});
  }

  std::int64_t rows() {
    return connection().query_value("SELECT count(*) FROM item").as<std::int64_t>();
  }

  int rebuilt_ = 0;
  bool gone_ = false;  // what to rebuild from
};
SEEDBED_ON_ALL_ENGINES(ResetTest);

TEST_P(ResetTest, NeedsABaseline) {
  EXPECT_THAT([&] { reset(); }, ThrowsError(ErrorCode::not_found, "seedbed baseline mark"));
}

TEST_P(ResetTest, RewindsWhatChanged) {
  mark();
  connect()->execute("INSERT INTO item VALUES (3, 'three')");

  const auto report = reset();

  EXPECT_EQ(report.used, ResetStrategy::rewind);
  EXPECT_EQ(report.reason, "");
  ASSERT_EQ(report.changes.tables.size(), 1U);
  EXPECT_EQ(report.changes.tables.front().inserted, 1U);
  EXPECT_EQ(rebuilt_, 0);
  EXPECT_EQ(rows(), 2);
}

TEST_P(ResetTest, RestoresWhatCannotBeRewound) {
  mark();
  engine().undo_log().end(connection());
  connect()->execute("DELETE FROM item");
  EXPECT_THAT([&] { reset(ResetStrategy::rewind); },
              ThrowsError(ErrorCode::conflict, "seedbed reset"));
  EXPECT_EQ(rebuilt_, 0);

  const auto report = reset();

  EXPECT_EQ(report.used, ResetStrategy::restore);
  EXPECT_NE(report.reason, "");
  EXPECT_EQ(rows(), 2);
  connect()->execute("DELETE FROM item");
  EXPECT_EQ(reset().used, ResetStrategy::rewind) << "changes are noted again";
  EXPECT_EQ(rows(), 2);
}

TEST_P(ResetTest, KeepsItsNotesWhenThereIsNothingToRestoreFrom) {
  mark();
  gone_ = true;
  connect()->execute("INSERT INTO item VALUES (3, 'three')");
  EXPECT_THAT([&] { reset(ResetStrategy::restore); }, ThrowsError(ErrorCode::not_found, "gone"));
  EXPECT_EQ(reset().used, ResetStrategy::rewind);
  EXPECT_EQ(rows(), 2);
}

TEST_P(ResetTest, RefusesAChangedSchema) {
  mark();
  connect()->execute("CREATE TABLE other (id INT)");
  EXPECT_THAT([&] { reset(ResetStrategy::restore); }, ThrowsError(ErrorCode::conflict, "other"));
  EXPECT_EQ(reset().changes.dropped.size(), 1U) << "what is new is dropped";
  connect()->execute("ALTER TABLE item ADD COLUMN more INT");
  EXPECT_THAT([&] { reset(); }, ThrowsError(ErrorCode::conflict, "item"));
  EXPECT_EQ(rebuilt_, 0);
}

TEST_P(ResetTest, RestoresWhenAskedTo) {
  mark();
  connect()->execute("DELETE FROM item");
  EXPECT_EQ(reset(ResetStrategy::restore).used, ResetStrategy::restore);
  EXPECT_TRUE(engine().undo_log().changes(connection(), 0).none());
}

TEST_P(ResetTest, RestoresABaselineWithoutNotes) {
  mark(false);
  connect()->execute("DELETE FROM item");
  EXPECT_EQ(reset().used, ResetStrategy::restore);
  EXPECT_FALSE(engine().undo_log().begun(connection()));
}

// What a restore leaves half-done must not pass for the baseline.
TEST_P(ResetTest, RestoresAgainAfterARestoreThatFailed) {
  mark();
  connect()->execute("DELETE FROM item");
  EXPECT_THAT(
      [&] {
        reset_to_baseline(connection(), ResetStrategy::restore,
                          {[](const Baseline&) {},
                           [](const Baseline&) {
                             throw Error{ErrorCode::unavailable, "the disk is full"};
                           }});
      },
      ThrowsError(ErrorCode::unavailable, "disk"));

  EXPECT_EQ(reset().used, ResetStrategy::restore);
  EXPECT_EQ(rows(), 2);
}

TEST(ResetStrategyTest, IsReadByName) {
  EXPECT_EQ(parse_reset_strategy("auto"), ResetStrategy::automatic);
  EXPECT_EQ(parse_reset_strategy("rewind"), ResetStrategy::rewind);
  EXPECT_EQ(parse_reset_strategy("truncate"), ResetStrategy::truncate);
  EXPECT_EQ(parse_reset_strategy("delete"), ResetStrategy::delete_);
  EXPECT_EQ(to_string(ResetStrategy::delete_), "delete");
  EXPECT_THAT([] { static_cast<void>(parse_reset_strategy("rewnd")); },
              ThrowsError(ErrorCode::invalid_input, "did you mean 'rewind'"));
}

}  // namespace
}  // namespace seedbed
