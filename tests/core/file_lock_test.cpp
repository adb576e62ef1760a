#include "seedbed/core/file_lock.hpp"

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

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

TEST(FileLock, IsNeverHeldByTwoWhileFilesComeAndGo) {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "a.lock";
  std::atomic<int> holders{0};
  std::atomic<bool> doubled{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const auto lock = FileLock::try_take(file, 0);
        if (!lock) continue;
        if (++holders != 1) doubled = true;
        --holders;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_FALSE(doubled);
}

TEST(FileLock, SaysWhereItCannotBe) {
  EXPECT_THAT([] { (void)FileLock::try_take("/proc/seedbed.lock", 0); },
              ThrowsError(ErrorCode::unavailable, "/proc/seedbed.lock"));
}

}  // namespace
}  // namespace seedbed
