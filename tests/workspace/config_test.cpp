#include "seedbed/workspace/config.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::ThrowsError;

constexpr const char* kFile = "/project/seedbed.yaml";

ProjectConfig parsed(std::string_view body) {
  return parse_project("version: 1\n" + std::string{body}, kFile);
}

TEST(Project, ReadsTheDocumentedFile) {
  const auto project = parsed(
      "seed: 42\n"
      "now: 2026-01-01T00:00:00Z\n"
      "databases:\n"
      "  default: sqlite:build/shop.db\n"
      "  postgres: ${SEEDBED_POSTGRES_URL}\n"
      "migrations: db/migrations\n"
      "factories: db/factories\n"
      "snapshots: db/snapshots\n"
      "baseline: { scenario: small }\n");

  EXPECT_EQ(project.root, "/project");
  EXPECT_EQ(project.seed, 42U);
  EXPECT_EQ(project.now_micros, 1'767'225'600'000'000);
  ASSERT_EQ(project.databases.size(), 2U);
  EXPECT_EQ(project.databases[1].name, "postgres");
  EXPECT_EQ(project.databases[1].where.line, 6);
  EXPECT_EQ(project.migrations, "/project/db/migrations");
  EXPECT_EQ(project.baseline.scenario, "small");
}

TEST(Project, FillsInWhatIsNotStated) {
  const auto project = parsed("");

  EXPECT_EQ(project.seed, 0U);
  EXPECT_EQ(project.now_micros, kDefaultNowMicros);
  EXPECT_EQ(project.factories, "/project/factories");
  EXPECT_TRUE(project.databases.empty());
}

TEST(Project, TakesTheWholeRangeOfSeeds) {
  EXPECT_EQ(parsed("seed: 18446744073709551615\n").seed, UINT64_MAX);
  EXPECT_THAT([] { (void)parsed("seed: -1\n"); },
              ThrowsError(ErrorCode::invalid_input, "seedbed.yaml:2:7"));
}

TEST(Project, ReportsEveryMistakeAtItsPlace) {
  try {
    (void)parse_project("version: 2\nsede: 1\nnow: yesterday\nbaseline: { scenaro: small }\n",
                        kFile);
    FAIL() << "no error";
  } catch (const Error& error) {
    ASSERT_EQ(error.findings().size(), 4U);
    EXPECT_THAT(error.what(), HasSubstr("seedbed.yaml:1:10"));
    EXPECT_THAT(error.what(), HasSubstr("no key 'sede'; did you mean 'seed'?"));
    EXPECT_THAT(error.what(), HasSubstr("'now' is a time such as"));
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'scenario'?"));
  }
}

TEST(Project, NeedsItsVersion) {
  EXPECT_THAT([] { (void)parse_project("seed: 1\n", kFile); },
              ThrowsError(ErrorCode::invalid_input, "'version: 1' is missing"));
}

TEST(Project, RefusesABaselineOfTwoKinds) {
  EXPECT_THAT([] { (void)parsed("baseline: { scenario: a, snapshot: b }\n"); },
              ThrowsError(ErrorCode::invalid_input, "state one"));
}

TEST(Project, IsFoundInADirectoryAbove) {
  const auto root =
      std::filesystem::temp_directory_path() / ("seedbed-config-" + std::to_string(::getpid()));
  std::filesystem::create_directories(root / "a/b");
  std::ofstream{root / "seedbed.yaml"} << "version: 1\n";

  EXPECT_EQ(find_project_file(root / "a/b"), root / "seedbed.yaml");

  std::filesystem::remove_all(root);
}

TEST(ResolveDatabase, TakesSqlitePathsFromTheProject) {
  const auto project =
      parsed("databases:\n  default: sqlite:build/shop.db\n  memory: 'sqlite::memory:'\n");

  EXPECT_EQ(resolve_database(project, "").database, "/project/build/shop.db");
  EXPECT_EQ(resolve_database(project, "memory").database, ":memory:");
  EXPECT_EQ(resolve_database(project, "sqlite:other.db").database, "other.db");
}

TEST(ResolveDatabase, ReadsTheEnvironmentOnlyWhenAsked) {
  const auto project =
      parsed("databases:\n  default: sqlite:x.db\n  pg: '${SEEDBED_NO_SUCH_VARIABLE}'\n");

  EXPECT_NO_THROW((void)resolve_database(project, "default"));
  EXPECT_THAT([&] { (void)resolve_database(project, "pg"); },
              ThrowsError(ErrorCode::invalid_input,
                          "seedbed.yaml:4:7: database 'pg': the environment variable "
                          "'SEEDBED_NO_SUCH_VARIABLE' is not set"));
}

TEST(ResolveDatabase, PutsVariablesAnywhereInTheUrl) {
  ::setenv("SEEDBED_TEST_PART", "ada", 1);  // NOLINT(concurrency-mt-unsafe)
  const auto project = parsed(
      "databases:\n  pg: 'postgresql://${SEEDBED_TEST_PART}:x@localhost/${SEEDBED_TEST_PART}s'\n");

  const auto url = resolve_database(project, "pg");

  EXPECT_EQ(url.user, "ada");
  EXPECT_EQ(url.database, "adas");
}

TEST(ResolveDatabase, NeverShowsThePasswordOfABadUrl) {
  const auto project = parsed("databases:\n  pg: 'postgresql://ada:s3cret@localhost:port/x'\n");

  try {
    (void)resolve_database(project, "pg");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("seedbed.yaml:3:7"));
    EXPECT_THAT(error.what(), Not(HasSubstr("s3cret")));
  }
}

TEST(ResolveDatabase, SuggestsTheNearestName) {
  const auto project = parsed("databases:\n  postgres: sqlite:x.db\n");

  EXPECT_THAT([&] { (void)resolve_database(project, "postgers"); },
              ThrowsError(ErrorCode::not_found, "did you mean 'postgres'?"));
  EXPECT_THAT([&] { (void)resolve_database(project, ""); },
              ThrowsError(ErrorCode::not_found, "database 'default' is not in"));
}

}  // namespace
}  // namespace seedbed
