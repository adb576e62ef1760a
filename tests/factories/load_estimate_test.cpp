#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/factories/row_files.hpp"
#include "tests/factories/factory_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace seedbed::testing {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

/// At most so many times too small or too large.
auto about(double expected, double factor) {
  return AllOf(Ge(expected / factor), Le(expected * factor));
}

class LoadEstimates : public FactoryTest {
 protected:
  [[nodiscard]] FactoryTarget target() { return {connection(), schema(), library(), options()}; }

  /// What the database's tables take, with their indexes.
  [[nodiscard]] double stored_bytes() {
    if (GetParam() == "mysql") {
      static_cast<void>(connection().query("ANALYZE TABLE users, products, orders, order_items"));
    }
    return static_cast<double>(number(pick(
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        "SELECT SUM(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname "
        "IN ('users', 'products', 'orders', 'order_items')",
        "SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE "
        "table_schema = DATABASE() AND table_name IN ('users', 'products', 'orders', "
        "'order_items')")));
  }

  [[nodiscard]] std::vector<LoadedTable> load(const LoadRequest& request) {
    Progress progress;
    return seedbed::load(target(), request, progress);
  }

  TemporaryDirectory directory_;
};
SEEDBED_ON_ALL_ENGINES(LoadEstimates);

TEST_P(LoadEstimates, AreAboutWhatTheDatabaseGrowsBy) {
  const LoadRequest request{.entries = {{"user", 20'000, {}}, {"order", 10'000, {}}}};
  // MariaDB's tables grow by a megabyte or more at a time.
  const auto factor = GetParam() == "mysql" ? 1.6 : 1.25;
  const auto before = stored_bytes();

  const auto preview = plan_load(target(), request);
  EXPECT_EQ(count("users"), 0);
  const auto tables = load(request);

  ASSERT_EQ(preview.tables.size(), tables.size());
  const auto grown = stored_bytes() - before;
  EXPECT_THAT(static_cast<double>(preview.bytes()), about(grown, factor))
      << static_cast<double>(preview.bytes()) / grown << " of " << grown;
  EXPECT_EQ(preview.method, pick("INSERT", "COPY", "LOAD DATA LOCAL"));
}

TEST_P(LoadEstimates, GrowWithTheRowsAndKeepTheirMemory) {
  const auto some = plan_load(target(), {.entries = {{"product", 200'000, {}}}});
  const auto many = plan_load(target(), {.entries = {{"product", 200'000'000, {}}}});

  EXPECT_THAT(static_cast<double>(many.bytes()),
              about(1000.0 * static_cast<double>(some.bytes()), 1.25));
  EXPECT_THAT(static_cast<double>(many.memory), about(static_cast<double>(some.memory), 1.1));
  EXPECT_GT(some.memory, 1'000'000U);
  EXPECT_LT(some.memory, 200'000'000U);
}

TEST_P(LoadEstimates, OfRowsWithoutRoomRefuseALoadOnADiskAtHand) {
  const LoadRequest request{.entries = {{"product", 900'000'000'000, {}}}};
  const auto preview = plan_load(target(), request);

  EXPECT_EQ(preview.room.has_value(), GetParam() == "sqlite");
  if (!preview.room) return;
  EXPECT_EQ(preview.room->place, connection().database_name());
  const auto refusal =
      ThrowsError(ErrorCode::unavailable, " TB in " + connection().database_name());
  EXPECT_THAT([&] { require_room(preview); }, refusal);
  EXPECT_THAT([&] { static_cast<void>(load(request)); }, refusal);
  EXPECT_EQ(count("products"), 0);
  EXPECT_FALSE(connection().in_transaction());
}

TEST_P(LoadEstimates, OfFilesAreAboutTheirSizes) {
  const LoadRequest request{.entries = {{"user", 4'000, {}}, {"order", 1'000, {}}}};
  const FileTarget files{engine(), schema(), library(), options()};
  Progress progress;
  for (const bool zstd : {false, true}) {
    for (const auto* name : {"csv", "jsonl", "sql", "copy"}) {
      const RowOutput output{parse_row_format(name), directory_.path() / "rows", {}, zstd};
      const auto preview = plan_rows(files, request, output);
      EXPECT_FALSE(std::filesystem::exists(output.directory)) << "nothing is written";

      write_rows(files, request, output, progress);

      double bytes = 0;
      for (const auto& file : std::filesystem::directory_iterator{output.directory}) {
        bytes += static_cast<double>(file.file_size());
      }
      EXPECT_THAT(static_cast<double>(preview.bytes()), about(bytes, zstd ? 1.3 : 1.05))
          << name << ", compressed: " << zstd << ": "
          << static_cast<double>(preview.bytes()) / bytes;
      EXPECT_EQ(preview.method, name);
      std::filesystem::remove_all(output.directory);
    }
  }
}

TEST_P(LoadEstimates, OfRowsWithoutRoomRefuseFiles) {
  const RowOutput output{.directory = directory_.path() / "a" / "b"};
  Progress progress;

  EXPECT_THAT(
      [&] {
        write_rows({engine(), schema(), library(), options()},
                   {.entries = {{"product", 900'000'000'000, {}}}}, output, progress);
      },
      ThrowsError(ErrorCode::unavailable, " TB in " + output.directory.string() + ", where "));
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
}

TEST(Room, ThatIsEnoughIsNoReasonToRefuse) {
  LoadPreview preview{.tables = {{{}, 600, 400}}, .room = DiskRoom{"build", 1'000}};
  require_room(preview);
  preview.room->free = 999;
  EXPECT_THAT([&] { require_room(preview); },
              ThrowsError(ErrorCode::unavailable,
                          "these rows take about 1.0 kB in build, where 999 bytes are free; load "
                          "fewer of them, make room, or name a place that has it"));
  preview.room.reset();
  require_room(preview);
}

}  // namespace
}  // namespace seedbed::testing
