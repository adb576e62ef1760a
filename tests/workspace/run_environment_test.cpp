#include "seedbed/workspace/run_environment.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace seedbed {
namespace {

using ::testing::IsSupersetOf;
using ::testing::Pair;

EnvironmentChanges changes_for(std::string_view url, std::vector<std::string> inherited = {}) {
  const std::array<DatabaseUrl, 1> databases{DatabaseUrl::parse(url)};
  return run_environment(databases, inherited);
}

TEST(RunEnvironment, NumbersTheDatabases) {
  const std::array<DatabaseUrl, 2> databases{DatabaseUrl::parse("postgresql://ada@h:1/a"),
                                             DatabaseUrl::parse("postgresql://ada@h:1/b")};
  const auto changes = run_environment(databases, {});
  EXPECT_THAT(changes, IsSupersetOf({Pair("DATABASE_URL", "postgresql://ada@h:1/a"),
                                     Pair("SEEDBED_DATABASE", "postgresql://ada@h:1/a"),
                                     Pair("DATABASE_URL_0", "postgresql://ada@h:1/a"),
                                     Pair("DATABASE_URL_1", "postgresql://ada@h:1/b"),
                                     Pair("PGDATABASE", "a")}));
}

TEST(RunEnvironment, GivesPostgresWhatItsClientsRead) {
  const auto changes =
      changes_for("postgresql://ada:s%40crets@db.example:5433/shop?sslmode=disable");
  EXPECT_THAT(
      changes,
      IsSupersetOf({Pair("DATABASE_URL", "postgresql://ada:s%40crets@db.example:5433/shop"),
                    Pair("PGHOST", "db.example"), Pair("PGPORT", "5433"), Pair("PGUSER", "ada"),
                    Pair("PGPASSWORD", "s@crets"), Pair("PGSSLMODE", "disable")}));
  EXPECT_EQ(changes.at("PGSERVICE"), std::nullopt);
  EXPECT_FALSE(changes.contains("MYSQL_HOST"));
}

TEST(RunEnvironment, KeepsADemandForTls) {
  EXPECT_EQ(changes_for("postgresql://h/a?sslmode=require").at("DATABASE_URL"),
            "postgresql://h/a?sslmode=require");
}

TEST(RunEnvironment, LeavesOpenWhatTheUrlLeavesOpen) {
  const auto changes = changes_for("postgresql:///shop?host=/run/pg");
  EXPECT_EQ(changes.at("PGHOST"), "/run/pg");
  EXPECT_FALSE(changes.contains("PGPORT"));
  EXPECT_FALSE(changes.contains("PGUSER"));
  EXPECT_FALSE(changes.contains("PGPASSWORD"));
}

TEST(RunEnvironment, GivesMysqlWhatItsClientsRead) {
  EXPECT_THAT(changes_for("mysql://ada:s3cret@h:3307/shop"),
              IsSupersetOf({Pair("MYSQL_HOST", "h"), Pair("MYSQL_TCP_PORT", "3307"),
                            Pair("MYSQL_USER", "ada"), Pair("MYSQL_PWD", "s3cret"),
                            Pair("MYSQL_DATABASE", "shop")}));
}

TEST(RunEnvironment, SpellsAFileSoThatMostClientsTakeIt) {
  const auto changes = changes_for("sqlite:/tmp/a b%25/shop.db");
  EXPECT_EQ(changes.at("DATABASE_URL"), "sqlite:////tmp/a b%25/shop.db");
  EXPECT_EQ(changes.at("DATABASE_PATH"), "/tmp/a b%/shop.db");
  EXPECT_EQ(changes.at("DATABASE_PATH_0"), "/tmp/a b%/shop.db");
  EXPECT_EQ(DatabaseUrl::parse(*changes.at("DATABASE_URL")).database, "/tmp/a b%/shop.db");
}

TEST(RunEnvironment, TakesStaleNumbersAway) {
  const auto changes = changes_for(
      "mysql://h/a", {"DATABASE_URL_0", "DATABASE_URL_7", "DATABASE_URL_TEST", "DATABASE_URL_"});
  EXPECT_EQ(changes.at("DATABASE_URL_7"), std::nullopt);
  EXPECT_EQ(changes.at("DATABASE_URL_0"), "mysql://h/a");
  EXPECT_FALSE(changes.contains("DATABASE_URL_TEST"));
  EXPECT_FALSE(changes.contains("DATABASE_URL_"));
}

}  // namespace
}  // namespace seedbed
