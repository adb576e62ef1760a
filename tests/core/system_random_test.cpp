#include "seedbed/core/system_random.hpp"

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

TEST(SystemRandomBytes, DifferEachTime) {
  EXPECT_EQ(system_random_bytes(16).size(), 16U);
  EXPECT_NE(system_random_bytes(16), system_random_bytes(16));
  EXPECT_THAT([] { static_cast<void>(system_random_bytes(257)); },
              ThrowsError(ErrorCode::unavailable, "no random bytes"));
}

}  // namespace

}  // namespace seedbed
