#include "seedbed/migrations/migration_set.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "tests/migrations/migration_files.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::MigrationFiles;
using testing::ThrowsError;

std::vector<std::string> labels(const MigrationSet& set) {
  std::vector<std::string> result;
  for (const auto& migration : set.all()) result.push_back(migration.label());
  return result;
}

TEST(MigrationSet, SortsByNumberAndPairsTheDirections) {
  const MigrationFiles files{{{"10_ten.up.sql", "b"},
                              {"9_nine.up.sql", "a"},
                              {"9_nine.down.sql", "c"},
                              {"README.md", "no migration"},
                              {".hidden.sql", "no migration"}}};

  const auto set = MigrationSet::load(files.path(), "sqlite");

  EXPECT_THAT(labels(set), ElementsAre("9_nine", "10_ten"));
  ASSERT_NE(set.find(9), nullptr);
  EXPECT_EQ(set.find(9)->name, "nine");
  EXPECT_EQ(set.find(9)->up_sql, "a");
  EXPECT_EQ(set.find(9)->down_sql, "c");
  EXPECT_EQ(set.find(9)->checksum, sha256("a"));
  EXPECT_TRUE(set.find(10)->down_file.empty());
  EXPECT_EQ(set.find(11), nullptr);
}

TEST(MigrationSet, PrefersTheEnginesFolderPerDirection) {
  const MigrationFiles files{{{"1_a.up.sql", "common up"},
                              {"1_a.down.sql", "common down"},
                              {"postgres/1_a.up.sql", "postgres up"},
                              {"postgres/2_b.up.sql", "postgres only"},
                              {"mysql/3_c.up.sql", "mysql only"}}};

  const auto postgres = MigrationSet::load(files.path(), "postgres");
  EXPECT_THAT(labels(postgres), ElementsAre("1_a", "2_b"));
  EXPECT_EQ(postgres.find(1)->up_sql, "postgres up");
  EXPECT_EQ(postgres.find(1)->down_sql, "common down");
  EXPECT_THAT(labels(MigrationSet::load(files.path(), "sqlite")), ElementsAre("1_a"));
}

TEST(MigrationSet, ReadsTheTransactionDirectiveOfTheFirstLine) {
  const MigrationFiles files{
      {{"1_a.up.sql", "-- seedbed: no-transaction\r\nVACUUM;"}, {"1_a.down.sql", "VACUUM;"}}};

  const auto set = MigrationSet::load(files.path(), "postgres");

  EXPECT_FALSE(set.find(1)->in_transaction);
  EXPECT_TRUE(set.find(1)->down_in_transaction);
}

TEST(MigrationSet, ReportsAllFindingsAtOnceWithFileAndLine) {
  const MigrationFiles files{{{"1_a.up.sql", "a"},
                              {"01_a.up.sql", "a"},
                              {"2_b.down.sql", "a"},
                              {"3_c.sql", "a"},
                              {"_d.up.sql", "a"},
                              {"9000000000000000000_e.up.sql", "a"},
                              {"4_f.up.sql", "-- nothing\n;"},
                              {"5_g.up.sql", "a;\n'b"},
                              {"6_h.up.sql", "a;\nCOMMIT;"},
                              {"7_i.up.sql", "-- seedbed: no-transation\na"},
                              {"8_j.up.sql", "a;\n-- seedbed: no-transaction\n"},
                              {"9_k.up.sql", "a"},
                              {"9_l.down.sql", "a"},
                              {"postgresql/1_a.up.sql", "a"}}};
  try {
    (void)MigrationSet::load(files.path(), "postgres");
    FAIL() << "loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_EQ(error.findings().size(), 12U) << error.what();
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("1_a.up.sql: version 1 is already in '01_a.up.sql'"),
                      HasSubstr("2_b.down.sql: there is no file '2_b.up.sql'"),
                      HasSubstr("3_c.sql: the name is not <digits>_<name>.up.sql"),
                      HasSubstr("_d.up.sql: the name"), HasSubstr("_e.up.sql: the name"),
                      HasSubstr("4_f.up.sql: the file has no statement"),
                      HasSubstr("5_g.up.sql:2: the quote ' is not closed"),
                      HasSubstr("6_h.up.sql:2: COMMIT does not belong")));
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("7_i.up.sql:1: unknown directive 'no-transation'; did you mean"),
                      HasSubstr("8_j.up.sql:2: '-- seedbed: no-transaction' counts only as"),
                      HasSubstr("9_l.down.sql: version 9 has two names, 'k' and 'l'"),
                      HasSubstr("postgresql: its .sql files are not read"),
                      HasSubstr("did you mean 'postgres'?")));
  }
}

TEST(MigrationSet, RefusesTwoNamesOfAVersionAcrossFolders) {
  const MigrationFiles files{{{"7_a.up.sql", "a"}, {"mysql/7_b.up.sql", "b"}}};

  EXPECT_THAT([&] { (void)MigrationSet::load(files.path(), "mysql"); },
              ThrowsError(ErrorCode::invalid_input, "version 7 has two names, 'a' and 'b'"));
  EXPECT_NO_THROW((void)MigrationSet::load(files.path(), "sqlite"));
}

TEST(MigrationSet, AllowsSavepointsAndTriggersInATransaction) {
  const MigrationFiles files{
      {{"1_a.up.sql",
        "SAVEPOINT x; ROLLBACK TO x; CREATE TRIGGER t AFTER INSERT ON a BEGIN b; END;"}}};
  EXPECT_NO_THROW((void)MigrationSet::load(files.path(), "sqlite"));
}

TEST(MigrationSet, MissesWhatALinkShouldLeadTo) {
  const MigrationFiles files{{{"1_one.up.sql", "a"}}};
  std::filesystem::create_symlink("/nowhere/two.sql", files.path() / "2_two.up.sql");
  EXPECT_THAT([&] { (void)MigrationSet::load(files.path(), "sqlite"); },
              ThrowsError(ErrorCode::not_found, "2_two.up.sql"));
}

TEST(MigrationSet, IsNotFoundWithoutItsDirectory) {
  EXPECT_THAT([] { (void)MigrationSet::load("no/such/place", "sqlite"); },
              ThrowsError(ErrorCode::not_found, "no/such/place"));
  const MigrationFiles files{{{"a", "b"}}};
  EXPECT_THAT([&] { (void)MigrationSet::load(files.path() / "a", "sqlite"); },
              ThrowsError(ErrorCode::invalid_input, "not a directory"));
  EXPECT_TRUE(MigrationSet::load(files.path(), "sqlite").all().empty());
}

TEST(CreateMigration, NumbersBehindTheHighestOfAnyEngine) {
  const MigrationFiles files{{{"0007_a.up.sql", "a"}, {"mysql/00012_b.up.sql", "b"}}};

  const auto created = create_migration(files.path(), "add_users");

  ASSERT_EQ(created.size(), 2U);
  EXPECT_EQ(created[0], files.path() / "00013_add_users.up.sql");
  EXPECT_EQ(created[1], files.path() / "00013_add_users.down.sql");
  EXPECT_THAT(
      [&] { (void)MigrationSet::load(files.path(), "sqlite"); },
      ThrowsError(ErrorCode::invalid_input, "00013_add_users.up.sql: the file has no statement"));
}

TEST(CreateMigration, MakesTheDirectoryAndRefusesOddNames) {
  const MigrationFiles files{{}};
  EXPECT_EQ(create_migration(files.path() / "new" / "place", "first").front().filename(),
            "0001_first.up.sql");
  for (const char* name : {"", "a b", "../a", "ä", "a.b"}) {
    EXPECT_THAT([&] { (void)create_migration(files.path(), name); },
                ThrowsError(ErrorCode::invalid_input, "only letters, digits and '_'"));
  }
}

}  // namespace
}  // namespace seedbed
