#include <functional>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/zstd_frame.hpp"
#include "seedbed/snapshots/chunk_limits.hpp"
#include "seedbed/snapshots/config.hpp"
#include "seedbed/snapshots/oci.hpp"
#include "tests/snapshots/shop_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using nlohmann::json;
using testing::ThrowsError;

/// Snapshots that were damaged or made up after they were saved: nothing may reach the database.
class HostileRows : public testing::ShopTest {
 protected:
  void SetUp() override {
    ShopTest::SetUp();
    save("demo");
    run({"DELETE FROM words"});
    before_ = all_rows();
  }

  [[nodiscard]] json manifest() const { return json::parse(store().get_manifest("demo")); }
  [[nodiscard]] json config() const { return json::parse(blob(manifest()["config"])); }
  [[nodiscard]] std::string blob(const json& descriptor) const {
    return store().get_blob(Digest::parse(descriptor["digest"].get<std::string>()).value(),
                            descriptor["size"].get<std::uint64_t>());
  }
  [[nodiscard]] std::filesystem::path path_of(const json& descriptor) const {
    return store().root() / "blobs" / "sha256" / descriptor["digest"].get<std::string>().substr(7);
  }

  /// Stores a config and manifest that are sound in themselves.
  void replace(json manifest, const json& config) const {
    const std::string bytes = config.dump();
    manifest["config"]["digest"] = store().put_blob(bytes).to_string();
    manifest["config"]["size"] = bytes.size();
    const std::string text = manifest.dump();
    store().tag("demo", store().put_blob(text), text.size());
  }
  /// Replaces the rows of table `words` by `raw`, with every digest as it should be.
  void forge_rows(const std::string& raw, std::uint64_t rows, const std::string& frame) const {
    const Digest pack = store().put_blob(frame);
    auto forged = detail::parse_config(config().dump());
    for (auto& table : forged.data) {
      if (table.name.name != "words") continue;
      table.rows = rows;
      table.raw_bytes = raw.size();
      table.packs = {{pack, frame.size()}};
      table.chunks = {{0, 0, frame.size(), raw.size(), rows, sha256(raw)}};
      table.state = sha256(detail::state_header(table) + raw);
    }
    forged.digest = detail::state_digest(forged);
    forged.logical_digest = detail::logical_digest(forged);
    auto changed = manifest();
    changed["layers"].push_back(
        {{"mediaType", detail::kPackType}, {"digest", pack.to_string()}, {"size", frame.size()}});
    replace(changed, json::parse(detail::write_config(forged)));
  }
  void forge_rows(const std::string& raw, std::uint64_t rows) const {
    forge_rows(raw, rows, detail::compress(raw));
  }
  void expect_refused(const std::string& what, ErrorCode code = ErrorCode::corrupt) {
    EXPECT_THAT([&] { restore("demo"); }, ThrowsError(code, what));
    EXPECT_THAT([&] { restore("demo"); }, ThrowsError(code, "snapshot 'demo'"));
    EXPECT_EQ(all_rows(), before_);
  }

 private:
  std::map<std::string, std::vector<Row>> before_;
};

TEST_P(HostileRows, NamesThePackWhenAnyOfItsBytesWasAltered) {
  const auto pack = manifest()["layers"].back();
  const auto path = path_of(pack);
  const std::string bytes = read_file(path);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string altered = bytes;
    altered[at] = static_cast<char>(altered[at] ^ 0x40);
    write_file_atomically(path, altered);
    ASSERT_THAT([&] { restore("demo", {.dry_run = true}); },
                ThrowsError(ErrorCode::corrupt, pack["digest"].get<std::string>()))
        << "byte " << at;
  }
  expect_refused("was altered");
}

TEST_P(HostileRows, NamesThePackThatIsMissingOrShort) {
  const auto pack = manifest()["layers"].front();
  std::filesystem::resize_file(path_of(pack), 3);
  expect_refused(pack["digest"].get<std::string>() + " has 3 bytes instead of");
  std::filesystem::remove(path_of(pack));
  expect_refused(pack["digest"].get<std::string>() + " cannot be read");
}

TEST_P(HostileRows, TakesNoFrameThatHoldsMoreThanItSays) {
  // NOLINTNEXTLINE(bugprone-string-constructor): it has to be large
  const std::string large = detail::compress(std::string(100'000'000, 'a') + "\n");
  auto raw = std::string{"a\t1\n"};
  forge_rows(raw, 1, large);
  expect_refused("not as large as it should be");
  forge_rows(raw, 1, detail::compress(raw) + detail::compress(raw));
  expect_refused("is not one zstd frame");
  forge_rows(raw, 1, "no zstd at all");
  expect_refused("is not one zstd frame");
}

TEST_P(HostileRows, AllocatesNoMoreThanTheFormatAllows) {
  auto changed = config();
  for (auto& table : changed["data"]) {
    for (auto& chunk : table["chunks"]) chunk["n"] = detail::kMaxChunkBytes + 1;
    table["raw_bytes"] = (detail::kMaxChunkBytes + 1) * table["chunks"].size();
  }
  replace(manifest(), changed);
  expect_refused("larger than format 1 allows");
}

TEST_P(HostileRows, CountsRowsAndCells) {
  forge_rows("a\t1\nb\t2\n", 3);
  expect_refused("does not hold the 3 rows");
  forge_rows("a\t1\nb\n", 2);
  expect_refused("table 'words': a row does not have 2 cells");
  forge_rows("a\t1\t1\n", 1);
  expect_refused("a row does not have 2 cells");
  forge_rows("a\t1", 1);
  expect_refused("does not hold the 1 rows");
}

TEST_P(HostileRows, RollsBackWhenACellIsNoneOfItsType) {
  forge_rows("a\tone\n", 1);
  expect_refused("not an integer");
  forge_rows("a\\q\t1\n", 1);
  expect_refused("not well escaped");
}

TEST_P(HostileRows, ChecksEveryDigestOfTheConfig) {
  const auto change = [&](const std::function<void(json&)>& edit) {
    auto changed = config();
    for (auto& table : changed["data"]) {
      if (table["name"] == "words") edit(table);
    }
    replace(manifest(), changed);
  };
  const auto original = config();
  change([](json& table) { table["rows"] = 7; });
  expect_refused("its digests do not match its tables");
  replace(manifest(), original);
  change([](json& table) { table["chunks"][0]["rows"] = 7; });
  expect_refused("its chunks do not add up");
  replace(manifest(), original);
  change([](json& table) { table["chunks"][0]["p"] = 5; });
  expect_refused("in a pack that is not listed");
  replace(manifest(), original);
  change([](json& table) { table["chunks"][0]["o"] = 1'000'000; });
  expect_refused("lies outside its pack");
  replace(manifest(), original);
  change([](json& table) { table["chunks"][0]["raw"] = sha256("x").to_string(); });
  expect_refused("does not match its digest");
}

TEST_P(HostileRows, TakesNoPackThatTheManifestDoesNotList) {
  auto changed = manifest();
  changed["layers"].clear();
  replace(changed, config());
  expect_refused("is no layer of the manifest");
}

SEEDBED_ON_ALL_ENGINES(HostileRows);

}  // namespace
}  // namespace seedbed
