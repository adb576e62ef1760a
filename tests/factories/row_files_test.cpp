#include "seedbed/factories/row_files.hpp"

#include <filesystem>
#include <map>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include "seedbed/core/file_io.hpp"
#include "seedbed/core/zstd_frame.hpp"
#include "seedbed/engines/sqlite/sqlite_engine.hpp"
#include "seedbed/factories/load/row_folder.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temporary_directory.hpp"

namespace seedbed::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kOddTables = R"(
CREATE TABLE parents (id INTEGER PRIMARY KEY, name text NOT NULL, note text, flag boolean NOT NULL,
  share real NOT NULL, raw blob);
CREATE TABLE "odd/name" (id INTEGER PRIMARY KEY, parent_id integer NOT NULL REFERENCES parents (id),
  "a ""column""" text NOT NULL DEFAULT 'x'))";

constexpr const char* kOddFactories = R"yaml(
version: 1
factories:
  parent:
    set: { name: "a \"quoted\", text\nof 2 lines\t{n}", flag: "=mod(n, 2) == 0", share: =1.5, raw: =null }
    traits:
      empty: { set: { name: "", note: "\\." } }
      noted: { set: { note: x } }
  child:
    table: odd/name
    traits:
      named: { set: { 'a "column"': "é" } }
  hooked:
    extends: parent
    after_create: [ { sql: "UPDATE parents SET note = 'x' WHERE id = {id}", bulk: each } ]
  skipped:
    extends: parent
    after_create: [ { sql: "UPDATE parents SET note = 'x' WHERE id = {id}", bulk: skip } ]
)yaml";

class RowFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    auto connection = engine_->connect(DatabaseUrl::parse("sqlite::memory:"));
    connection->execute_script(kOddTables);
    schema_ = engine_->introspect(*connection);
  }

  std::vector<LoadedTable> write(std::vector<LoadEntry> entries, const RowOutput& output,
                                 LoadPart part = {}) {
    return write_rows({*engine_, schema_, library_, {.seed = 42}},
                      {.entries = std::move(entries), .part = std::move(part)}, output, progress_);
  }

  /// What a stream takes, also when the call fails.
  std::string text(RowFormat format, std::vector<LoadEntry> entries, LoadPart part = {}) {
    text_.clear();
    write(std::move(entries),
          {.format = format, .stream = [this](std::string_view bytes) { text_ += bytes; }},
          std::move(part));
    return text_;
  }

  [[nodiscard]] std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator{directory_.path()}) {
      files[entry.path().filename().string()] = read_file(entry.path());
    }
    return files;
  }

  std::unique_ptr<Engine> engine_ = make_sqlite_engine();
  Schema schema_;
  FactoryLibrary library_ = FactoryLibrary::parse(kOddFactories);
  TemporaryDirectory directory_;
  Progress progress_;
  std::string text_;
};

const LoadEntry kOddParent{"parent", 1, {}};
const LoadEntry kEmptyParent{"parent", 1, {.traits = {"empty"}}};

TEST_F(RowFiles, OfCsvTellNullFromAnEmptyText) {
  EXPECT_EQ(text(RowFormat::csv, {kOddParent, kEmptyParent}),
            "id,name,note,flag,share,raw\n"
            "1,\"a \"\"quoted\"\", text\nof 2 lines\t1\",,false,1.5,\n"
            "2,\"\",\"\\.\",true,1.5,\n");
}

TEST_F(RowFiles, OfJsonHaveOneObjectForEachRow) {
  EXPECT_EQ(text(RowFormat::jsonl, {kOddParent, kEmptyParent}),
            R"({"id":1,"name":"a \"quoted\", text\nof 2 lines\t1","note":null,"flag":false,)"
            R"("share":1.5,"raw":null})"
            "\n"
            R"({"id":2,"name":"","note":"\\.","flag":true,"share":1.5,"raw":null})"
            "\n");
}

TEST_F(RowFiles, OfCopyEscapeAsPostgresReads) {
  EXPECT_EQ(text(RowFormat::copy, {kOddParent, kEmptyParent}),
            "1\ta \"quoted\", text\\nof 2 lines\\t1\t\\N\tf\t1.5\t\\N\n"
            "2\t\t\\\\.\tt\t1.5\t\\N\n");
}

TEST_F(RowFiles, OfSqlHaveNamesQuoted) {
  EXPECT_THAT(text(RowFormat::sql, {{"child", 1, {.traits = {"named"}}}}),
              HasSubstr("INSERT INTO \"odd/name\" (\"id\", \"parent_id\", \"a \"\"column\"\"\") "
                        "VALUES\n(1, 1, 'é');\n"));
}

TEST_F(RowFiles, StandForATableEach) {
  const auto tables = write({{"child", 3, {}}}, {.directory = directory_.path() / "new"});

  EXPECT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables.front().table.name, "parents") << "parents are loaded first";
  EXPECT_EQ(read_file(directory_.path() / "new" / "odd%2Fname.csv"),
            "id,parent_id\n1,1\n2,2\n3,3\n");
  EXPECT_TRUE(std::filesystem::exists(directory_.path() / "new" / "parents.csv"));
}

TEST_F(RowFiles, HaveAnotherForRowsWithOtherColumns) {
  write({{"child", 1, {}}, {"child", 1, {.traits = {"named"}}}}, {.directory = directory_.path()});

  EXPECT_EQ(files().at("odd%2Fname.csv"), "id,parent_id\n1,1\n");
  EXPECT_EQ(files().at("odd%2Fname.2.csv"), "id,parent_id,\"a \"\"column\"\"\"\n2,1,é\n");
}

TEST_F(RowFiles, CompressedHoldTheSame) {
  const std::vector<LoadEntry> entries{{"parent", 100'000, {}}};
  write(entries, {.directory = directory_.path(), .zstd = true});

  const auto file = directory_.path() / "parents.csv.zst";
  ASSERT_LT(std::filesystem::file_size(file), 2'000'000U);
  const auto packed = read_file(file);
  std::string plain;
  for (std::string_view rest = packed; !rest.empty();) {
    const auto frame = rest.substr(0, ZSTD_findFrameCompressedSize(rest.data(), rest.size()));
    plain += detail::decompress(frame, ZSTD_getFrameContentSize(frame.data(), frame.size()));
    rest.remove_prefix(frame.size());
  }
  EXPECT_EQ(plain, text(RowFormat::csv, entries));
}

TEST_F(RowFiles, AreNotOverwritten) {
  write({kOddParent}, {.directory = directory_.path()});
  const auto before = files();

  EXPECT_THAT(
      [&] {
        write({{"child", 2, {}}}, {.directory = directory_.path()});
      },
      ThrowsError(ErrorCode::conflict, "parents.csv exists; remove it"));
  EXPECT_EQ(files(), before) << "nothing half-done is left";
}

TEST_F(RowFiles, AreGoneAfterAnInterrupt) {
  progress_.interrupt();

  EXPECT_THAT(
      [&] {
        write({{"parent", 100'000, {}}}, {.directory = directory_.path()});
      },
      ThrowsError(ErrorCode::unavailable, "interrupted"));
  EXPECT_TRUE(files().empty());
}

TEST_F(RowFiles, AppearTogetherOrNotAtAll) {
  const auto file = [&](const char* name) { return directory_.path() / name; };
  {
    detail::RowFolder folder{directory_.path()};
    for (const auto* name : {"a.csv", "b.csv"}) {
      write_file_atomically(folder.place_for(name), "made");
    }
    EXPECT_FALSE(std::filesystem::exists(file("a.csv")));
    write_file_atomically(file("b.csv"), "mine");

    EXPECT_THAT([&] { folder.publish(); }, ThrowsError(ErrorCode::conflict, "b.csv exists"));
  }
  EXPECT_EQ(files(), (std::map<std::string, std::string>{{"b.csv", "mine"}}));
}

TEST_F(RowFiles, OfADeadRunGoWhenTheNextBeginsAndOthersStay) {
  const auto dead = directory_.path() / ".seedbed-part-dead00";
  for (const auto* name : {"a.csv", "b.csv"}) write_file_atomically(dead / name, "made");
  // It was killed when one of its files had appeared; the other is somebody else's.
  std::filesystem::create_hard_link(dead / "a.csv", directory_.path() / "a.csv");
  write_file_atomically(directory_.path() / "b.csv", "mine");
  detail::RowFolder living{directory_.path()};
  const auto place = living.place_for("c.csv");
  write_file_atomically(place, "made");

  const detail::RowFolder next{directory_.path()};

  EXPECT_FALSE(std::filesystem::exists(dead));
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "a.csv"));
  EXPECT_EQ(read_file(directory_.path() / "b.csv"), "mine");
  EXPECT_TRUE(std::filesystem::exists(place)) << "of a run that goes on";
  living.publish();
  EXPECT_EQ(read_file(directory_.path() / "c.csv"), "made");
  EXPECT_FALSE(std::filesystem::exists(place.parent_path()));
}

TEST_F(RowFiles, OfSeveralTablesDoNotFitOneStream) {
  EXPECT_THAT(
      [&] {
        text(RowFormat::csv, {{"child", 1, {}}});
      },
      ThrowsError(ErrorCode::invalid_input,
                  "there are rows of 'parents' and 'odd/name', and csv in one "
                  "stream has room for one table"));
  EXPECT_EQ(text_, "") << "found before the first row";
  EXPECT_EQ(text(RowFormat::csv, {{"child", 1, {}}}, {.tables = {"odd/name"}}),
            "id,parent_id\n1,1\n");
}

TEST_F(RowFiles, CannotRunHooks) {
  EXPECT_THAT(
      [&] {
        text(RowFormat::csv, {kOddParent, {"hooked", 1, {}}});
      },
      ThrowsError(ErrorCode::invalid_input, "an 'after_create' runs in a database, not for files"));
  EXPECT_EQ(text_, "") << "found before the first row";
  EXPECT_NE(text(RowFormat::csv, {{"skipped", 1, {}}}), "");
}

TEST_F(RowFiles, OfOneRowAreThoseOfTheWhole) {
  const std::vector<LoadEntry> entries{{"parent", 1'000'000, {}}};
  const auto row = text(RowFormat::copy, entries, {.rows = RowRange{765'432, 765'432}});

  EXPECT_THAT(row, HasSubstr("765432\ta \"quoted\", text\\nof 2 lines\\t765432\t"));
  EXPECT_EQ(std::count(row.begin(), row.end(), '\n'), 1);
}

TEST(Shards, AreNumberedFromOne) {
  EXPECT_EQ(parse_shard("2/8"), (Shard{2, 8}));
  for (const auto* text : {"", "2", "/", "a/2", "3/2", "-1/2", "1/2/3", "1/0", "1 / 2"}) {
    EXPECT_THAT([&] { static_cast<void>(parse_shard(text)); },
                ThrowsError(ErrorCode::invalid_input, "write NUMBER/COUNT"))
        << text;
  }
  EXPECT_THAT(
      [] { static_cast<void>(parse_shard("0/4")); },
      ThrowsError(ErrorCode::invalid_input, "'0/4' is no shard; shards count from 1: 1/4 to 4/4"));
}

TEST(Certificates, AreRefusedWhenTheyAreDamaged) {
  const Certificate certificate{{{{"", "users"}, {"id"}, {"made"}, {3, 1, 2}}}};
  const auto text = to_json(certificate);

  EXPECT_EQ(parse_certificate(text, "c.json"), certificate);
  for (const auto& damaged :
       {std::string{}, std::string{"[]"}, text.substr(0, text.size() / 2),
        std::string{R"({"seedbed_certificate": 1})"},
        std::string{R"({"seedbed_certificate": 2, "tables": {}})"},
        std::string{R"({"seedbed_certificate": 1, "tables": {"t": {"rows": -1}}})"},
        std::string{R"({"seedbed_certificate": 1, "tables": {"t": {"rows": 1, "hash": "12",
                       "columns": [], "left_out": []}}})"}}) {
    EXPECT_THAT([&] { static_cast<void>(parse_certificate(damaged, "c.json")); },
                ThrowsError(ErrorCode::invalid_input, ""))
        << damaged;
  }
}

TEST(Certificates, OfOtherColumnsDoNotAddUp) {
  const std::vector<Certificate> parts{{{{{"", "users"}, {"id"}, {}, {1, 1, 1}}}},
                                       {{{{"", "users"}, {"id", "name"}, {}, {1, 1, 1}}}}};
  EXPECT_THAT([&] { static_cast<void>(sum_of(parts)); },
              ThrowsError(ErrorCode::invalid_input, "disagree about the columns of table 'users'"));
}

TEST(Certificates, CarryIntoTheHigherHalf) {
  RowSum sum{1, ~std::uint64_t{0}, 5};
  sum.add({2, 2, 7});

  EXPECT_EQ(sum, (RowSum{3, 1, 13}));
  EXPECT_EQ(sum.hex(), "000000000000000d0000000000000001");
}

}  // namespace
}  // namespace seedbed::testing
