#include "seedbed/core/process.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <unistd.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temporary_directory.hpp"

namespace seedbed {
namespace {

using testing::TemporaryDirectory;
using testing::ThrowsError;

std::vector<std::string> shell(const std::string& script) {
  return {"sh", "-c", script};
}

TEST(Process, GivesItsExitStatus) {
  EXPECT_EQ(Process{{.command = shell("exit 7")}}.wait(), 7);
  EXPECT_EQ(Process{{.command = shell("kill -TERM $$")}}.wait(), 128 + SIGTERM);
}

TEST(Process, TakesItsEnvironmentDirectoryAndOutput) {
  const TemporaryDirectory directory;
  Process process{{.command = shell("echo \"$SEEDBED_X,$HOME,$(pwd)\"; echo wrong >&2"),
                   .environment = {{"SEEDBED_X", "a=b c"}, {"HOME", std::nullopt}},
                   .directory = directory.path(),
                   .output = directory.path() / "out"}};
  EXPECT_EQ(process.wait(), 0);
  EXPECT_EQ(read_file(directory.path() / "out"),
            "a=b c,," + directory.path().string() + "\nwrong\n");
}

TEST(Process, SaysWhatCannotBeRun) {
  EXPECT_THAT([] { Process{{.command = {"no-such-program"}}}; },
              ThrowsError(ErrorCode::not_found, "no-such-program"));
  EXPECT_THAT([] { Process{{.command = {"/no/such/program"}}}; },
              ThrowsError(ErrorCode::not_found, "/no/such/program"));
  EXPECT_THAT([] { Process{{.command = {"/etc/passwd"}}}; },
              ThrowsError(ErrorCode::unavailable, "/etc/passwd"));
}

TEST(Process, EndsWithItsObject) {
  const TemporaryDirectory directory;
  {
    Process process{{.command = {"sleep", "60"}}};
    EXPECT_EQ(process.poll(), std::nullopt);
  }  // does not wait for a minute
}

TEST(Process, TakesSignalsThatItsParentBlocks) {
  sigset_t terminate;
  sigemptyset(&terminate);
  sigaddset(&terminate, SIGTERM);
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &terminate, &before);
  Process process{{.command = {"sleep", "60"}}};
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 128 + SIGTERM);
  process.signal(SIGTERM);  // it has ended: nothing happens
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace
}  // namespace seedbed
