#include <csignal>
#include <functional>
#include <iostream>

#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/snapshots/store_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::ThrowsError;

/// Stores that were damaged, or made to do damage.
class HostileStore : public testing::StoreTest {
 protected:
  [[nodiscard]] nlohmann::json index() const {
    return nlohmann::json::parse(read_file(root() / "index.json"));
  }
  void set_index(const nlohmann::json& index) const {
    overwrite(root() / "index.json", index.dump());
  }
  /// The only snapshot's config, changed by `change`, under the name "demo".
  void put_changed_config(const std::function<void(nlohmann::json&)>& change) {
    auto config = nlohmann::json::parse(detail::write_config({.engine = "sqlite"}));
    change(config);
    put_config("demo", config.dump());
  }
  void expect_corrupt(const std::string& what) const {
    EXPECT_THAT([&] { (void)store().at("demo"); }, ThrowsError(ErrorCode::corrupt, what));
    EXPECT_THAT([&] { (void)store().list(); }, ThrowsError(ErrorCode::corrupt, "'demo'"));
  }
};

TEST_F(HostileStore, NamesSnapshotAndBlobWhenAByteOfTheManifestWasAltered) {
  const Digest digest = put_snapshot("demo");
  alter(blob(digest), 30);
  expect_corrupt("snapshot 'demo': blob " + digest.to_string() + " was altered");
}

TEST_F(HostileStore, NamesSnapshotAndBlobWhenAByteOfTheConfigWasAltered) {
  put_snapshot("demo");
  const auto manifest = nlohmann::json::parse(store().get_manifest("demo"));
  const auto digest = Digest::parse(manifest["config"]["digest"].get<std::string>()).value();
  alter(blob(digest), 10);
  expect_corrupt("snapshot 'demo': blob " + digest.to_string() + " was altered");
}

TEST_F(HostileStore, NamesTheBlobThatIsMissing) {
  const Digest digest = put_snapshot("demo");
  std::filesystem::remove(blob(digest));
  expect_corrupt(digest.to_string() + " cannot be read: No such file");
}

TEST_F(HostileStore, ChecksTheSizeBeforeTheBytes) {
  const Digest digest = put_snapshot("demo");
  const auto size = std::filesystem::file_size(blob(digest));
  overwrite(blob(digest), std::string(size + 1, 'x'));
  expect_corrupt("bytes instead of");
}

TEST_F(HostileStore, ReadsNoManifestBeyondTheLimit) {
  const Digest digest = put_snapshot("demo");
  auto changed = index();
  changed["manifests"][0]["size"] = detail::kMaxManifestBytes + 1;
  set_index(changed);
  std::filesystem::resize_file(blob(digest), detail::kMaxManifestBytes + 1);
  expect_corrupt("its manifest is larger than");
}

TEST_F(HostileStore, ReadsNoConfigBeyondTheLimit) {
  put_config("demo", std::string(detail::kMaxConfigBytes + 1, ' '));
  expect_corrupt("its config is larger than");
}

TEST_F(HostileStore, NamesTheIndexThatIsBroken) {
  put_snapshot("demo");
  for (const std::string bytes :
       {"", "{", "[]", "null", R"({"schemaVersion":1,"manifests":[]})", R"({"schemaVersion":2})",
        R"({"schemaVersion":2,"manifests":[7]})", R"({"schemaVersion":2,"manifests":{}})"}) {
    overwrite(root() / "index.json", bytes);
    const auto expected = ThrowsError(ErrorCode::corrupt, (root() / "index.json").string());
    EXPECT_THAT([&] { (void)store().list(); }, expected) << bytes;
    EXPECT_THAT([&] { (void)store().find("demo"); }, expected) << bytes;
    EXPECT_THAT([&] { put_snapshot("other"); }, expected) << bytes;
    EXPECT_EQ(read_file(root() / "index.json"), bytes);
  }
}

TEST_F(HostileStore, FollowsNoPathInPlaceOfADigest) {
  put_snapshot("demo");
  for (const char* const digest :
       {"sha256:../../../etc/passwd", "sha256:", "md5:d41d8cd98f00b204e9800998ecf8427e", "../x"}) {
    auto changed = index();
    changed["manifests"][0]["digest"] = digest;
    set_index(changed);
    EXPECT_THAT([&] { (void)store().at("demo"); },
                ThrowsError(ErrorCode::corrupt, "'digest' is not a SHA-256 digest"));
  }
}

TEST_F(HostileStore, RefusesAConfigWhoseJsonNestsToExhaustTheStack) {
  put_config("demo", std::string(1'000'000, '['));
  expect_corrupt("nests deeper than 64");
}

TEST_F(HostileStore, TellsWhichMemberOfTheConfigIsWrong) {
  put_changed_config([](auto& config) { config.erase("data"); });
  expect_corrupt("'data' is missing");
  put_changed_config([](auto& config) { config["digest"] = "sha256:abc"; });
  expect_corrupt("'digest' is not a SHA-256 digest");
  put_changed_config([](auto& config) {
    config["sequences"] = {{{"name", "s"}, {"next", "1e3"}}};
  });
  expect_corrupt("'next' is not an integer");
  put_changed_config([](auto& config) { config["row_numbers"] = 7; });
  expect_corrupt("'row_numbers' is not an array");
  put_changed_config([](auto& config) { config["labels"] = {{"a", 1}}; });
  expect_corrupt("'labels' is not an object of strings");
}

TEST_F(HostileStore, ReadsNoNewerFormat) {
  put_changed_config([](auto& config) { config["format"] = 2; });
  EXPECT_THAT([&] { (void)store().at("demo"); },
              ThrowsError(ErrorCode::unsupported, "format 2, this program reads format 1"));
}

// Runs `body` in a child process, so that its limits and rights are not ours.
int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int code_of(const std::function<void()>& work, const std::string& reason) {
  try {
    work();
  } catch (const Error& error) {
    if (std::string{error.what()}.find(reason) == std::string::npos)
      std::cerr << error.what() << '\n';
    return exit_code(error.code());
  }
  return 0;
}

TEST_F(HostileStore, SaysWhyItCannotWriteToAReadOnlyDirectory) {
  put_snapshot("demo");
  using std::filesystem::perms;
  const auto read_only =
      perms::owner_read | perms::owner_exec | perms::others_read | perms::others_exec;
  std::filesystem::permissions(root().parent_path(), read_only);
  std::filesystem::permissions(root(), read_only);
  std::filesystem::permissions(root() / "blobs" / "sha256", read_only);

  const int code = in_child([&] {
    if (::geteuid() == 0 && ::seteuid(65534) != 0) return -1;  // root may write anywhere
    return code_of([&] { store().put_blob("new bytes"); }, "Permission denied");
  });

  std::filesystem::permissions(root().parent_path(), perms::owner_all);
  std::filesystem::permissions(root(), perms::owner_all);
  EXPECT_EQ(code, exit_code(ErrorCode::unavailable));
  EXPECT_EQ(store().list().size(), 1U);
}

TEST_F(HostileStore, KeepsTheListWhenTheDiskIsFull) {
  put_snapshot("demo");
  const std::string before = read_file(root() / "index.json");

  const int code = in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);  // then the write fails with EFBIG
    const rlimit limit{4096, 4096};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return -1;
    return code_of([&] { store().put_blob(std::string(100'000, 'x')); }, "File too large");
  });

  EXPECT_EQ(code, exit_code(ErrorCode::unavailable));
  EXPECT_EQ(read_file(root() / "index.json"), before);
  for (const auto& entry : std::filesystem::recursive_directory_iterator{root()}) {
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
  }
}

}  // namespace
}  // namespace seedbed
