#include "seedbed/snapshots/store.hpp"

#include <thread>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/snapshots/store_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using Store = testing::StoreTest;
using testing::ThrowsError;

std::vector<std::string> names(const SnapshotStore& store) {
  std::vector<std::string> result;
  for (const auto& summary : store.list()) result.push_back(summary.name);
  return result;
}

TEST_F(Store, IsEmptyWhereThereIsNoDirectory) {
  EXPECT_TRUE(store().list().empty());
  EXPECT_FALSE(store().find("demo"));
  EXPECT_FALSE(std::filesystem::exists(root()));
}

TEST_F(Store, FindsWhatWasTaggedSortedByName) {
  put_snapshot("small");
  const Digest digest = put_snapshot("demo", "second");

  EXPECT_EQ(names(store()), (std::vector<std::string>{"demo", "small"}));
  EXPECT_EQ(store().at("demo").manifest, digest);
  EXPECT_EQ(store().at("demo").labels.at("label"), "second");
  EXPECT_EQ(sha256(store().get_manifest("demo")), digest);
}

TEST_F(Store, OffersTheNearestNameWhenThereIsNone) {
  put_snapshot("demo");

  EXPECT_THAT([&] { (void)store().at("dmeo"); },
              ThrowsError(ErrorCode::not_found, "did you mean 'demo'?"));
  EXPECT_THAT([&] { (void)store().get_manifest("dmeo"); },
              ThrowsError(ErrorCode::not_found, "dmeo"));
}

TEST_F(Store, IsAnImageLayoutOfTheOciSpecification) {
  const Digest digest = put_snapshot("demo");

  EXPECT_EQ(read_file(root() / "oci-layout"), R"({"imageLayoutVersion":"1.0.0"})");
  const auto index = nlohmann::json::parse(read_file(root() / "index.json"));
  EXPECT_EQ(index["schemaVersion"], 2);
  const auto& entry = index["manifests"][0];
  EXPECT_EQ(entry["mediaType"], "application/vnd.oci.image.manifest.v1+json");
  EXPECT_EQ(entry["digest"], digest.to_string());
  EXPECT_EQ(entry["size"], std::filesystem::file_size(blob(digest)));
  EXPECT_EQ(entry["annotations"]["org.opencontainers.image.ref.name"], "demo");
  const auto manifest = nlohmann::json::parse(read_file(blob(digest)));
  EXPECT_EQ(manifest["artifactType"], "application/vnd.seedbed.snapshot.v1");
  EXPECT_EQ(manifest["config"]["mediaType"], "application/vnd.seedbed.snapshot.config.v1+json");
  EXPECT_EQ(manifest["layers"].size(), 1U);
}

TEST_F(Store, ReplacesATagOnlyWhenAllowed) {
  put_snapshot("demo", "first");
  EXPECT_THAT([&] { put_config("demo", detail::write_config({}), IfTaken::refuse); },
              ThrowsError(ErrorCode::conflict, "'demo' already"));
  EXPECT_EQ(store().at("demo").labels.at("label"), "first");

  put_snapshot("demo", "second");

  EXPECT_EQ(names(store()).size(), 1U);
  EXPECT_EQ(store().at("demo").labels.at("label"), "second");
}

TEST_F(Store, LeavesOtherArtifactsOfTheLayoutAlone) {
  put_snapshot("demo");
  auto index = nlohmann::json::parse(read_file(root() / "index.json"));
  const std::string other =
      R"({"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":")" +
      sha256("{}").to_string() + R"(","size":2},"layers":[]})";
  index["manifests"].push_back({{"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                                {"digest", store().put_blob(other).to_string()},
                                {"size", other.size()},
                                {"platform", {{"os", "linux"}}},
                                {"annotations", {{"org.opencontainers.image.ref.name", "chart"}}}});
  overwrite(root() / "index.json", index.dump());

  put_snapshot("small");

  EXPECT_EQ(names(store()), (std::vector<std::string>{"demo", "small"}));
  EXPECT_NE(read_file(root() / "index.json").find(R"("platform":{"os":"linux"})"),
            std::string::npos);
  EXPECT_THAT([&] { (void)store().at("chart"); },
              ThrowsError(ErrorCode::invalid_input, "not a Seedbed snapshot"));
}

TEST_F(Store, KeepsEveryNameWhenManyTagAtOnce) {
  constexpr int kWriters = 8;
  constexpr int kEach = 5;
  std::vector<std::thread> threads;
  threads.reserve(kWriters);
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([this, i] {
      for (int j = 0; j < kEach; ++j) put_snapshot(fmt::format("s{}-{}", i, j));
    });
  }
  for (auto& thread : threads) thread.join();

  EXPECT_EQ(store().list().size(), static_cast<std::size_t>(kWriters * kEach));
}

TEST_F(Store, KeepsEveryNameWhenProcessesTagAtOnce) {
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      put_snapshot(fmt::format("p{}", i));
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }

  EXPECT_EQ(store().list().size(), children.size());
}

TEST_F(Store, ReadsBlobsBackAndNeverWritesThemTwice) {
  const Digest digest = store().put_blob("rows");
  const auto written = std::filesystem::last_write_time(blob(digest));

  EXPECT_EQ(store().put_blob("rows"), digest);

  EXPECT_EQ(std::filesystem::last_write_time(blob(digest)), written);
  EXPECT_EQ(store().get_blob(digest, 4), "rows");
}

TEST_F(Store, RepairsADamagedBlobWhenItsBytesAreStoredAgain) {
  const Digest digest = store().put_blob("rows");
  alter(blob(digest), 0);

  store().put_blob("rows");

  EXPECT_EQ(store().get_blob(digest, 4), "rows");
}

TEST(SnapshotNames, AreTagsOfTheDistributionSpecification) {
  for (const char* const good : {"a", "_", "7", "v1.2.3-rc_1", "Demo"}) {
    EXPECT_NO_THROW(check_snapshot_name(good)) << good;
  }
  EXPECT_NO_THROW(check_snapshot_name(std::string(128, 'a')));
  for (const std::string bad :
       {"", ".", "..", "../x", "a/b", "-a", ".a", "a b", "a\n", "a:b", "\xC3\xA9"}) {
    EXPECT_THAT([&] { check_snapshot_name(bad); }, ThrowsError(ErrorCode::invalid_input, "name"));
  }
  EXPECT_THAT([] { check_snapshot_name(std::string(129, 'a')); },
              ThrowsError(ErrorCode::invalid_input, "at most 128"));
}

TEST_F(Store, RefusesNamesThatAreNoTags) {
  EXPECT_THAT([&] { put_snapshot("../evil"); }, ThrowsError(ErrorCode::invalid_input, "'../evil'"));
  EXPECT_TRUE(store().list().empty());
}

}  // namespace
}  // namespace seedbed
