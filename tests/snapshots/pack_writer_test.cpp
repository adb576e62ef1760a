#include "seedbed/snapshots/pack_writer.hpp"

#include <fmt/format.h>

#include "seedbed/core/zstd_frame.hpp"
#include "seedbed/snapshots/chunk_limits.hpp"
#include "seedbed/snapshots/stored_rows.hpp"
#include "tests/snapshots/store_fixture.hpp"

namespace seedbed {
namespace {

using detail::PackWriter;
using detail::TableData;

class Packs : public testing::StoreTest {
 protected:
  static void add(PackWriter& packs, const std::string& raw) {
    packs.add({.raw = raw.size(), .rows = 1, .digest = sha256(raw)}, detail::compress(raw));
  }
  /// A chunk that counts as large, whatever it holds.
  static void add_large(PackWriter& packs, const std::string& raw) {
    packs.add({.raw = detail::kMaxChunkBytes, .rows = 1, .digest = sha256(raw)},
              detail::compress(raw));
  }
  static TableData table(const std::string& name) {
    return {.name = {"", name}, .columns = {{"c", TypeClass::text, false}}};
  }
  /// The canonical text that the stored chunks of a table hold together.
  [[nodiscard]] std::string stored(TableData table, const std::vector<std::size_t>& sizes) const {
    for (std::size_t i = 0; i < sizes.size(); ++i) table.chunks[i].raw = sizes[i];
    const SnapshotStore here = store();
    detail::StoredRows rows{here, table};
    std::string all;
    while (const auto chunk = rows.next_chunk()) all += *chunk;
    return all;
  }
};

TEST_F(Packs, HoldOneTableEach) {
  PackWriter packs{store(), 2};
  add(packs, "a\n");
  packs.finish_table(table("first"));
  packs.finish_table(table("empty"));
  add(packs, "b\n");
  packs.finish_table(table("second"));
  const auto tables = packs.finish();

  ASSERT_EQ(tables.size(), 3U);
  EXPECT_EQ(packs.layers().size(), 2U);
  EXPECT_EQ(packs.layers()[1].annotations.at("vnd.seedbed.table"), "second");
  EXPECT_TRUE(tables[1].packs.empty());
  EXPECT_EQ(stored(tables[0], {2}), "a\n");
  EXPECT_EQ(stored(tables[2], {2}), "b\n");
}

TEST_F(Packs, StayBelowTheLayersThatRegistriesAllow) {
  constexpr std::size_t kCount = 1000;
  PackWriter packs{store(), kCount};
  for (std::size_t i = 0; i < kCount; ++i) {
    add(packs, fmt::format("row of {}\n", i));
    packs.finish_table(table(fmt::format("t{}", i)));
  }
  const auto tables = packs.finish();

  EXPECT_LE(packs.layers().size(), 256U);
  for (const std::size_t i : {std::size_t{0}, std::size_t{5}, kCount - 1}) {
    const auto text = fmt::format("row of {}\n", i);
    EXPECT_EQ(stored(tables[i], {text.size()}), text);
  }
}

TEST_F(Packs, GiveLargeChunksPacksOfTheirOwnAndKeepTheOrder) {
  PackWriter packs{store(), 1};
  add_large(packs, "1\n");
  add(packs, "2\n");
  add_large(packs, "3\n");
  add(packs, "4\n");
  packs.finish_table(table("large"));
  const auto tables = packs.finish();

  EXPECT_EQ(tables[0].packs.size(), 3U);
  EXPECT_EQ(packs.layers().size(), 3U);
  EXPECT_EQ(stored(tables[0], {2, 2, 2, 2}), "1\n2\n3\n4\n");
}

TEST_F(Packs, ForgetTheTableAtHandWhenItStartsOver) {
  PackWriter packs{store(), 1};
  add(packs, "void\n");
  add_large(packs, "void too\n");
  packs.restart();
  add(packs, "a\n");
  packs.finish_table(table("t"));
  const auto tables = packs.finish();

  EXPECT_EQ(packs.layers().size(), 1U);
  EXPECT_EQ(stored(tables[0], {2}), "a\n");
}

TEST_F(Packs, ShareABlobBetweenTablesOfEqualRows) {
  PackWriter packs{store(), 2};
  for (const char* const name : {"a", "b"}) {
    add(packs, "same\n");
    packs.finish_table(table(name));
  }
  const auto tables = packs.finish();

  EXPECT_EQ(tables[0].packs, tables[1].packs);
  ASSERT_EQ(packs.layers().size(), 1U);
  EXPECT_EQ(packs.layers()[0].annotations.at("vnd.seedbed.table"), "a, b");
}

}  // namespace
}  // namespace seedbed
