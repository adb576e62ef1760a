#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include "seedbed/cleanup/sandbox.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/guard/mark.hpp"
#include "seedbed/workspace/workspace.hpp"
#include "tests/isolation/state.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_database.hpp"

// Resets that are disturbed from outside, and databases out of the ordinary.
namespace seedbed {

namespace {

using testing::EngineTest;
using testing::ThrowsError;

class Disturbed : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (!IsSkipped()) mark_database(connection());
  }

  /// `count` tables of some rows each.
  void make_tables(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      connection().execute_script(fmt::format(
          "CREATE TABLE t{0} (id INT NOT NULL PRIMARY KEY, a VARCHAR(20)); INSERT INTO t{0} VALUES "
          "(1, 'x'), (2, 'y')",
          i));
    }
  }
  /// So many that changing them back takes a while.
  void make_rows() {
    connection().execute("CREATE TABLE many (id INT NOT NULL PRIMARY KEY, a VARCHAR(200))");
    connection().execute(
        "INSERT INTO many WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i "
        "< 900) SELECT a.i * 1000 + b.i, 'x' FROM n a, n b WHERE a.i <= 20");
  }
  void mark() { workspace_.mark_baseline(target(), {ResetStrategy::rewind}); }
  ResetReport reset(const std::string& parameters = {}) {
    return workspace_.reset(target() + parameters);
  }
  [[nodiscard]] std::vector<std::string> state() { return testing::database_state(*connect()); }
  [[nodiscard]] std::string target() const { return url().to_string(); }
  [[nodiscard]] Workspace& workspace() noexcept { return workspace_; }

 private:
  testing::TemporaryDirectory directory_;
  Progress progress_;
  Workspace workspace_{testing::engines(), default_project(directory_.path()), progress_};
};
SEEDBED_ON_ALL_ENGINES(Disturbed);

TEST_P(Disturbed, HasNothingToDoWithoutTables) {
  mark();
  const auto before = state();
  EXPECT_TRUE(reset().changes.none());
  connect()->execute("CREATE TABLE extra (id INT)");
  EXPECT_FALSE(reset().changes.none());
  EXPECT_EQ(state(), before);
  workspace().mark_baseline(target(), {ResetStrategy::restore});
  reset();
  EXPECT_EQ(state(), before);
}

// A role's or a URL's limit, which is meant for the code under test.
class PostgresDisturbed : public Disturbed {};
INSTANTIATE_TEST_SUITE_P(, PostgresDisturbed, ::testing::Values("postgres"));

TEST_P(PostgresDisturbed, ChangesNothingWhenAStatementTakesTooLong) {
  make_rows();
  mark();
  const auto before = state();
  connect()->execute("UPDATE many SET a = repeat('y', 200)");
  const auto changed = state();
  EXPECT_THAT([&] { reset("?options=-c%20statement_timeout%3D20"); },
              ThrowsError(ErrorCode::unavailable, "statement timeout"));
  EXPECT_EQ(state(), changed);
  reset();
  EXPECT_EQ(state(), before);
}

class MysqlDisturbed : public Disturbed {};
INSTANTIATE_TEST_SUITE_P(, MysqlDisturbed, ::testing::Values("mysql"));

TEST_P(MysqlDisturbed, DoesNotWaitForALockedTableWithoutEnd) {
  make_tables(2);
  mark();
  const auto before = state();
  const auto other = connect();
  other->execute("DELETE FROM t1");
  other->execute("LOCK TABLES t1 WRITE");
  EXPECT_THAT([&] { reset(); }, ThrowsError(ErrorCode::unavailable, ""));
  other->execute("UNLOCK TABLES");
  reset();
  EXPECT_EQ(state(), before);
}

/// As a full disk, but for this process: no file grows or is written beyond so many bytes.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::uint64_t bytes) : handler_{std::signal(SIGXFSZ, SIG_IGN)} {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    static_cast<void>(std::signal(SIGXFSZ, handler_));
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  using Handler = void (*)(int);
  Handler handler_;
  rlimit before_{};
};

class SqliteDisturbed : public Disturbed {};
INSTANTIATE_TEST_SUITE_P(, SqliteDisturbed, ::testing::Values("sqlite"));

TEST_P(SqliteDisturbed, BringsEverythingBackBehindAFullDisk) {
  make_rows();
  mark();
  const auto before = state();
  connect()->execute("DELETE FROM many WHERE id > 5000");
  {
    const FileSizeLimit limit{std::filesystem::file_size(url().database) / 2};
    EXPECT_THROW(reset(), Error);
  }
  reset();
  EXPECT_EQ(state(), before);
}

// A clock is part of no state, but code that waits for it to move waits for ever.
TEST_P(Disturbed, SeesTheClockStandStillInASandboxOnPostgres) {
  const auto now = [this] {
    return connection().query_value(pick("SELECT strftime('%f', 'now')",
                                         "SELECT CAST(now() AS text)",
                                         "SELECT CAST(NOW(6) AS CHAR)"));
  };
  const auto pause = [] {
    const auto start = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - start < std::chrono::milliseconds{5}) {
    }
  };
  const Sandbox sandbox{connection()};
  const Value first = now();
  pause();
  EXPECT_EQ(now() == first, is("postgres"));
}

}  // namespace

}  // namespace seedbed
