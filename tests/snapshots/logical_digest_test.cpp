#include <gtest/gtest.h>

#include "tests/snapshots/shop_fixture.hpp"

namespace seedbed {
namespace {

class LogicalDigest : public testing::ShopTest {};

TEST_P(LogicalDigest, IsThatOfTheSameContentOnEveryEngine) {
  EXPECT_EQ(measure().logical_digest.to_string(),
            "sha256:d59abe64f347c7d105d9698ce132177e49ad3784b6d0511af587c048b339b54d");
  EXPECT_EQ(measure().opaque_columns, 0U);
}

TEST_P(LogicalDigest, LeavesOutOpaqueColumnsAndCountsThem) {
  const auto before = measure();
  run({"ALTER TABLE words ADD COLUMN shape " + pick("SHAPE", "point", "POINT")});
  const auto with = measure();
  run({"UPDATE words SET shape = " + pick("'(1,2)'", "'(1,2)'", "POINT(1, 2)")});
  const auto filled = measure();

  EXPECT_EQ(with.opaque_columns, 1U);
  EXPECT_EQ(filled.logical_digest, before.logical_digest);
  EXPECT_NE(filled.digest, with.digest);
}

TEST_P(LogicalDigest, DoesNotDependOnCounters) {
  const auto before = measure();
  run({"INSERT INTO users (email) VALUES ('next@example.com')",
       "DELETE FROM users WHERE email = 'next@example.com'"});
  const auto after = measure();

  EXPECT_EQ(after.logical_digest, before.logical_digest);
  EXPECT_NE(after.digest, before.digest);
}

SEEDBED_ON_ALL_ENGINES(LogicalDigest);

}  // namespace
}  // namespace seedbed
