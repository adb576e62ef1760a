#include "seedbed/cleanup/baseline.hpp"

#include <string>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/test_database.hpp"

namespace seedbed {
namespace {

using testing::EngineTest;
using testing::ThrowsError;

class BaselineTest : public EngineTest {};
SEEDBED_ON_ALL_ENGINES(BaselineTest);

TEST_P(BaselineTest, IsReadAsWrittenAndReplaced) {
  EXPECT_FALSE(read_baseline(connection()).has_value());
  write_baseline(connection(), {"first", sha256("1"), "2026-01-01T00:00:00Z"});
  write_baseline(connection(), {"second", sha256("2"), "2026-01-02T00:00:00Z", true});

  const auto baseline = read_baseline(*connect());

  ASSERT_TRUE(baseline.has_value());
  EXPECT_EQ(baseline->snapshot, "second");
  EXPECT_EQ(baseline->digest, sha256("2"));
  EXPECT_EQ(baseline->marked_at, "2026-01-02T00:00:00Z");
  EXPECT_TRUE(baseline->noted);
  EXPECT_TRUE(engine().introspect(connection()).tables().empty());
}

TEST_P(BaselineTest, KeepsHowItComesBack) {
  for (const auto by : {EmptyBy::delete_, EmptyBy::truncate}) {
    write_baseline(connection(), {"first", sha256("1"), "2026-01-01T00:00:00Z", false, by});
    const auto baseline = require_baseline(connection());
    EXPECT_EQ(baseline.emptied_by, by);
    EXPECT_FALSE(baseline.noted);
  }
}

TEST_P(BaselineTest, IsGoneWhenRemoved) {
  remove_baseline(connection());
  write_baseline(connection(), {"first", sha256("1"), "2026-01-01T00:00:00Z"});
  remove_baseline(connection());
  EXPECT_FALSE(read_baseline(connection()).has_value());
}

TEST_P(BaselineTest, IsRequired) {
  EXPECT_THAT([&] { static_cast<void>(require_baseline(connection())); },
              ThrowsError(ErrorCode::not_found, "seedbed baseline mark"));
}

}  // namespace
}  // namespace seedbed
