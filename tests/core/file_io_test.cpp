#include "seedbed/core/file_io.hpp"

#include <atomic>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

class FileIo : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::size_t files_in_folder() const {
    const std::filesystem::directory_iterator files{folder_};
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() /
      fmt::format("sbtest_file_io_{}_{}", ::getpid(),
                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(FileIo, ReadsBackEveryByte) {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i);

  write_file_atomically(folder_ / "file", bytes);

  EXPECT_EQ(read_file(folder_ / "file"), bytes);
  EXPECT_EQ(files_in_folder(), 1U);
}

TEST_F(FileIo, CreatesMissingDirectories) {
  write_file_atomically(folder_ / "a/b c/d", "x");

  EXPECT_EQ(read_file(folder_ / "a/b c/d"), "x");
}

TEST_F(FileIo, ReplacesAFileAsAWhole) {
  const auto path = folder_ / "file";
  const std::string first(300'000, 'a');
  const std::string second(300'000, 'b');
  write_file_atomically(path, first);
  std::atomic<bool> done{false};
  std::thread writer{[&] {
    for (int i = 0; i < 20; ++i) write_file_atomically(path, i % 2 == 0 ? second : first);
    done = true;
  }};

  int torn = 0;
  while (!done) {
    const std::string seen = read_file(path);
    if (seen != first && seen != second) ++torn;
  }
  writer.join();

  EXPECT_EQ(torn, 0);
  EXPECT_EQ(files_in_folder(), 1U);
}

TEST_F(FileIo, ReplacesALinkNotItsTarget) {
  write_file_atomically(folder_ / "target", "target");
  std::filesystem::create_symlink("target", folder_ / "link");

  write_file_atomically(folder_ / "link", "new");

  EXPECT_EQ(read_file(folder_ / "target"), "target");
  EXPECT_EQ(read_file(folder_ / "link"), "new");
}

TEST_F(FileIo, SaysNotFoundForAMissingFile) {
  EXPECT_THAT([&] { static_cast<void>(read_file(folder_ / "missing")); },
              ThrowsError(ErrorCode::not_found, "missing"));
  write_file_atomically(folder_ / "file", "x");
  EXPECT_THAT([&] { static_cast<void>(read_file(folder_ / "file/below")); },
              ThrowsError(ErrorCode::not_found, "below"));
}

TEST_F(FileIo, RefusesADirectory) {
  EXPECT_THAT([&] { static_cast<void>(read_file(folder_)); },
              ThrowsError(ErrorCode::invalid_input, "is a directory"));
}

TEST_F(FileIo, RefusesAFileOverTheLimit) {
  write_file_atomically(folder_ / "file", "12345");

  EXPECT_EQ(read_file(folder_ / "file", 5), "12345");
  EXPECT_THAT([&] { static_cast<void>(read_file(folder_ / "file", 4)); },
              ThrowsError(ErrorCode::invalid_input, "larger than 4 bytes"));
}

TEST_F(FileIo, LeavesNothingBehindWhenItCannotWrite) {
  std::filesystem::create_directory(folder_ / "taken");
  std::ofstream{folder_ / "taken/inside"} << "x";

  EXPECT_THAT([&] { write_file_atomically(folder_ / "taken", "x"); },
              ThrowsError(ErrorCode::unavailable, "taken"));

  EXPECT_EQ(files_in_folder(), 1U);
}

TEST_F(FileIo, SaysWhyADirectoryCannotBeMade) {
  write_file_atomically(folder_ / "file", "x");

  EXPECT_THAT([&] { make_directories(folder_ / "file/below"); },
              ThrowsError(ErrorCode::unavailable, "file/below"));
}

}  // namespace

}  // namespace seedbed
