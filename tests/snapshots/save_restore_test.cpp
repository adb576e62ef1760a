#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/core/error.hpp"
#include "tests/snapshots/shop_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

class SaveRestore : public testing::ShopTest {};

TEST_P(SaveRestore, BringsEveryCellBackAfterEverythingWasDeleted) {
  const auto before = all_rows();
  const auto saved = save("demo");
  delete_everything();
  ASSERT_NE(all_rows(), before);

  const auto restored = restore("demo");

  EXPECT_EQ(all_rows(), before);
  EXPECT_EQ(restored.digest, saved.digest);
  EXPECT_EQ(saved.rows(), 18U);
}

TEST_P(SaveRestore, GivesTheSameDigestsWhenCapturedAgain) {
  const auto first = save("first");
  delete_everything();
  EXPECT_NE(measure().digest, first.digest);
  restore("first");

  const auto second = save("second");

  EXPECT_EQ(second.digest, first.digest);
  EXPECT_EQ(second.logical_digest, first.logical_digest);
  EXPECT_EQ(measure().digest, first.digest);
}

TEST_P(SaveRestore, RemovesRowsThatTheSnapshotDoesNotHave) {
  const auto before = all_rows();
  save("demo");
  run({"INSERT INTO empty_table VALUES (1), (2)", "INSERT INTO words VALUES ('new', 1)",
       "UPDATE users SET name = 'changed'"});

  restore("demo");

  EXPECT_EQ(all_rows(), before);
}

TEST_P(SaveRestore, DoesNotDependOnTheOrderInWhichRowsWereWritten) {
  const auto before = measure();
  run({"UPDATE users SET name = name", "UPDATE words SET weight = weight"});
  if (is("postgres")) run({"VACUUM FULL"});
  if (is("sqlite")) run({"VACUUM"});
  if (is("mysql")) run({"ALTER TABLE users FORCE", "ALTER TABLE words FORCE"});
  EXPECT_EQ(measure().digest, before.digest);

  run({"DELETE FROM words WHERE weight IS NULL",
       "INSERT INTO words (weight, word) VALUES (NULL, 'a')"});

  EXPECT_EQ(measure().digest, before.digest);
  run({"UPDATE words SET weight = 2 WHERE weight IS NULL"});
  EXPECT_NE(measure().digest, before.digest);
  EXPECT_NE(measure().logical_digest, before.logical_digest);
}

TEST_P(SaveRestore, PutsIdentitiesBackWhereTheyWere) {
  const std::string insert = "INSERT INTO users (email) VALUES ('next@example.com')";
  const auto last = [&] { return connection().query_value("SELECT max(id) FROM users").integer(); };
  run({insert});
  const auto used = last();
  run({"DELETE FROM users WHERE email LIKE 'next%'"});
  save("demo");
  run({insert});
  ASSERT_EQ(last(), used + 1);

  restore("demo");
  run({insert});

  EXPECT_EQ(last(), used + 1);
}

TEST_P(SaveRestore, RefusesANameThatIsTakenUnlessToldToReplace) {
  save("demo");
  run({"DELETE FROM words"});

  EXPECT_THAT([&] { save("demo"); }, ThrowsError(ErrorCode::conflict, "'demo' already"));

  const auto replaced = save("demo", {.replace = true, .labels = {{"team", "a"}}});
  EXPECT_EQ(store().at("demo").digest, replaced.digest);
  EXPECT_EQ(store().at("demo").labels.at("team"), "a");
}

TEST_P(SaveRestore, StoresEqualRowsOnce) {
  const auto first = save("first");
  run({"UPDATE words SET weight = 77 WHERE word = 'a'"});
  const auto second = save("second");

  const auto packs = [&] {
    std::size_t count = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator{store().root() / "blobs" / "sha256"}) {
      count += entry.is_regular_file() ? 1U : 0U;
    }
    return count;
  }();

  EXPECT_NE(first.digest, second.digest);
  // Seven tables with rows (two of them alike), one of them twice; two configs and manifests.
  EXPECT_EQ(packs, 6U + 1U + 4U);
}

TEST_P(SaveRestore, VerifiesOnlyWhenRunDry) {
  save("demo");
  run({"DELETE FROM words"});
  const auto before = all_rows();

  restore("demo", {.dry_run = true});

  EXPECT_EQ(all_rows(), before);
}

TEST_P(SaveRestore, CarriesTheRowNumbersAndRewindsThem) {
  const auto plain = save("plain");
  engine().prepare_own_tables(connection());
  const std::string numbers = engine().own_table("rows");
  run({fmt::format(
           "CREATE TABLE {} (table_name VARCHAR(200) PRIMARY KEY, next_row BIGINT NOT NULL)",
           numbers),
       fmt::format("INSERT INTO {} VALUES ('users', 4), ('orders', 3)", numbers)});
  const auto with = save("with");
  run({fmt::format("UPDATE {} SET next_row = 1000", numbers),
       fmt::format("INSERT INTO {} VALUES ('words', 9)", numbers)});

  restore("with");

  const auto rows =
      connection()
          .query(fmt::format("SELECT table_name, next_row FROM {} ORDER BY table_name", numbers))
          .rows;
  EXPECT_EQ(rows, (std::vector<Row>{{"orders", 3}, {"users", 4}}));
  EXPECT_EQ(plain.digest, with.digest);
}

SEEDBED_ON_ALL_ENGINES(SaveRestore);

}  // namespace
}  // namespace seedbed
