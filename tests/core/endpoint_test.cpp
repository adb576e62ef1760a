#include "seedbed/core/endpoint.hpp"

#include <gtest/gtest.h>

#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

TEST(Endpoint, ReadsItsParts) {
  const auto tcp = Endpoint::parse("tcp://db.example:5432");
  EXPECT_FALSE(tcp.http);
  EXPECT_EQ(tcp.host, "db.example");
  EXPECT_EQ(tcp.port, 5432);

  const auto http = Endpoint::parse("http://[::1]:8080/health?a=b");
  EXPECT_TRUE(http.http);
  EXPECT_EQ(http.host, "::1");
  EXPECT_EQ(http.port, 8080);
  EXPECT_EQ(http.path, "/health?a=b");

  EXPECT_EQ(Endpoint::parse("http://[::1]/").port, 80);
  EXPECT_EQ(Endpoint::parse("http://shop").path, "/");
}

TEST(Endpoint, IsToldFromADatabase) {
  EXPECT_TRUE(Endpoint::is_one("tcp://a:1"));
  EXPECT_TRUE(Endpoint::is_one("https://a"));
  EXPECT_FALSE(Endpoint::is_one("mysql://a/b"));
  EXPECT_FALSE(Endpoint::is_one("default"));
}

TEST(Endpoint, RefusesLinesInItsPath) {
  EXPECT_THAT([] { (void)Endpoint::parse("http://a/b\r\nX: y"); },
              ThrowsError(ErrorCode::invalid_input, "percent-encoded"));
}

TEST(Endpoint, SaysThatAHostIsNotKnown) {
  EXPECT_THAT(
      [] { Endpoint::parse("tcp://no-such-host.invalid:1").reach(std::chrono::seconds{5}); },
      ThrowsError(ErrorCode::unavailable, "no-such-host.invalid"));
}

}  // namespace
}  // namespace seedbed
