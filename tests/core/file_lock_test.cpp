#include "seedbed/core/file_lock.hpp"

#include <array>
#include <atomic>
#include <filesystem>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/error_matchers.hpp"
#include "tests/support/temporary_directory.hpp"

namespace seedbed {
namespace {

using testing::TemporaryDirectory;
using testing::ThrowsError;

TEST(FileLock, IsHeldByOne) {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "a.lock";
  auto first = FileLock::try_take(file, 0);
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(FileLock::try_take(file, 30).has_value());

  first.reset();

  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_TRUE(FileLock::try_take(file, 0).has_value());
}

/// How many hold one lock at the moment, and whether it was ever more than one.
struct Holders {
  std::atomic<int> now{0};
  std::atomic<bool> doubled{false};
};

void take_often(const std::filesystem::path& file, Holders& holders) {
  for (int round = 0; round < 200; ++round) {
    const auto lock = FileLock::try_take(file, 0);
    if (!lock) continue;
    if (++holders.now != 1) holders.doubled = true;
    --holders.now;
  }
}

TEST(FileLock, IsNeverHeldByTwoWhileFilesComeAndGo) {
  const TemporaryDirectory directory;
  Holders holders;
  std::array<std::thread, 4> threads;
  for (auto& thread : threads) {
    thread = std::thread{[&] { take_often(directory.path() / "a.lock", holders); }};
  }
  for (auto& thread : threads) thread.join();
  EXPECT_FALSE(holders.doubled);
}

TEST(FileLock, SaysWhereItCannotBe) {
  EXPECT_THAT([] { (void)FileLock::try_take("/proc/seedbed.lock", 0); },
              ThrowsError(ErrorCode::unavailable, "/proc/seedbed.lock"));
}

}  // namespace
}  // namespace seedbed
