#include "seedbed/snapshots/store.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/snapshots/stored_snapshot.hpp"

namespace seedbed {

namespace {

constexpr std::string_view kLayout = R"({"imageLayoutVersion":"1.0.0"})";
constexpr std::size_t kMaxNameLength = 128;

// Holds the store's lock; the system lets go of it when the process dies.
class StoreLock {
 public:
  explicit StoreLock(const std::filesystem::path& root) {
    make_directories(root);
    const auto path = root / ".lock";
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    int result = descriptor_;
    while (result >= 0 && (result = ::flock(descriptor_, LOCK_EX)) < 0 && errno == EINTR)
      result = 0;
    if (result >= 0) return;
    const int number = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    throw Error{ErrorCode::unavailable, fmt::format("cannot lock '{}': {}", path.string(),
                                                    std::generic_category().message(number))};
  }
  ~StoreLock() { ::close(descriptor_); }
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;

 private:
  int descriptor_ = -1;
};

std::string read_index_file(const std::filesystem::path& path) {
  try {
    return read_file(path, detail::kMaxManifestBytes);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return {};
    throw;
  }
}

// Runs `work` on a stored file; what it finds wrong is told together with the file's name.
template <typename Work>
auto naming(const std::string& what, Work work) {
  try {
    return work();
  } catch (Error& error) {
    if (error.code() != ErrorCode::corrupt && error.code() != ErrorCode::invalid_input) throw;
    throw Error{error.code(), fmt::format("{}: {}", what, error.what())};
  }
}

std::vector<detail::IndexEntry> read_index(const std::filesystem::path& path) {
  const std::string bytes = read_index_file(path);
  if (bytes.empty() && !std::filesystem::exists(path)) return {};
  return naming(fmt::format("'{}'", path.string()), [&] { return detail::parse_index(bytes); });
}

const detail::IndexEntry* find_entry(const std::vector<detail::IndexEntry>& entries,
                                     std::string_view name) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

[[noreturn]] void throw_not_found(const std::vector<detail::IndexEntry>& entries,
                                  std::string_view name, const std::filesystem::path& root) {
  std::vector<std::string> names;
  names.reserve(entries.size());
  for (const auto& entry : entries) names.push_back(entry.name);
  throw Error{ErrorCode::not_found, fmt::format("no snapshot '{}' in '{}'{}", name, root.string(),
                                                did_you_mean(name, names))};
}

std::string read_manifest(const SnapshotStore& store, const detail::Descriptor& descriptor) {
  if (descriptor.size > detail::kMaxManifestBytes) {
    throw Error{ErrorCode::corrupt,
                fmt::format("its manifest is larger than {} bytes", detail::kMaxManifestBytes)};
  }
  return store.get_blob(descriptor.digest, descriptor.size);
}

detail::StoredSnapshot read_entry(const SnapshotStore& store, const detail::IndexEntry& entry) {
  return naming(fmt::format("snapshot '{}'", entry.name), [&] {
    detail::StoredSnapshot snapshot{.digest = entry.manifest.digest};
    snapshot.manifest = detail::parse_manifest(read_manifest(store, entry.manifest));
    const auto& config = snapshot.manifest.config;
    if (config.size > detail::kMaxConfigBytes) {
      throw Error{ErrorCode::corrupt,
                  fmt::format("its config is larger than {} bytes", detail::kMaxConfigBytes)};
    }
    const std::string bytes = store.get_blob(config.digest, config.size);
    snapshot.config = naming(fmt::format("blob {}", config.digest.to_string()),
                             [&] { return detail::parse_config(bytes); });
    return snapshot;
  });
}

SnapshotSummary summary_of(const detail::IndexEntry& entry,
                           const detail::StoredSnapshot& snapshot) {
  SnapshotSummary summary = detail::summary_of(snapshot.config);
  summary.name = entry.name;
  summary.manifest = snapshot.digest;
  return summary;
}

}  // namespace

std::vector<SnapshotSummary> SnapshotStore::list() const {
  std::vector<SnapshotSummary> summaries;
  for (const auto& entry : read_index(index_path())) {
    try {
      summaries.push_back(summary_of(entry, read_entry(*this, entry)));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_input) throw;  // an artifact of another kind
    }
  }
  return summaries;
}

std::optional<SnapshotSummary> SnapshotStore::find(std::string_view name) const {
  const auto entries = read_index(index_path());
  const auto* entry = find_entry(entries, name);
  if (entry == nullptr) return std::nullopt;
  return summary_of(*entry, read_entry(*this, *entry));
}

SnapshotSummary SnapshotStore::at(std::string_view name) const {
  const auto entries = read_index(index_path());
  const auto* entry = find_entry(entries, name);
  if (entry == nullptr) throw_not_found(entries, name, root_);
  return summary_of(*entry, read_entry(*this, *entry));
}

std::filesystem::path SnapshotStore::blob_path(const Digest& digest) const {
  return root_ / "blobs" / "sha256" / digest.hex();
}

Digest SnapshotStore::put_blob(std::string_view bytes) const {
  const Digest digest = sha256(bytes);
  const auto path = blob_path(digest);
  std::error_code absent;
  if (std::filesystem::file_size(path, absent) == bytes.size() && !absent &&
      sha256(read_file(path)) == digest) {
    return digest;
  }
  write_file_atomically(path, bytes);
  return digest;
}

std::string SnapshotStore::get_blob(const Digest& digest, std::uint64_t size) const {
  const auto path = blob_path(digest);
  const auto fail = [&](const std::string& what) {
    throw Error{ErrorCode::corrupt, fmt::format("blob {} {}", digest.to_string(), what)};
  };
  std::error_code problem;
  const auto found = std::filesystem::file_size(path, problem);
  if (problem) fail(fmt::format("cannot be read: {}", problem.message()));
  if (found != size) fail(fmt::format("has {} bytes instead of {}", found, size));
  std::string bytes = read_file(path, size);
  if (sha256(bytes) != digest) fail("was altered: its bytes do not match its name");
  return bytes;
}

void SnapshotStore::tag(std::string_view name, const Digest& manifest, std::uint64_t size,
                        IfTaken if_taken) const {
  check_snapshot_name(name);
  const StoreLock lock{root_};
  const auto entries = read_index(index_path());
  if (if_taken == IfTaken::refuse && find_entry(entries, name) != nullptr) {
    throw Error{ErrorCode::conflict, fmt::format("there is a snapshot '{}' already", name)};
  }
  const detail::IndexEntry entry{std::string{name},
                                 {std::string{detail::kManifestType}, manifest, size, {}}};
  const std::string index = detail::index_with(read_index_file(index_path()), entry);
  if (!std::filesystem::exists(root_ / "oci-layout"))
    write_file_atomically(root_ / "oci-layout", kLayout);
  write_file_atomically(index_path(), index);
}

std::string SnapshotStore::get_manifest(std::string_view name) const {
  const auto entries = read_index(index_path());
  const auto* entry = find_entry(entries, name);
  if (entry == nullptr) throw_not_found(entries, name, root_);
  return naming(fmt::format("snapshot '{}'", name),
                [&] { return read_manifest(*this, entry->manifest); });
}

void check_snapshot_name(std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  const bool good = !name.empty() && name.size() <= kMaxNameLength && is_word(name.front()) &&
                    std::all_of(name.begin(), name.end(),
                                [&](char c) { return is_word(c) || c == '.' || c == '-'; });
  if (good) return;
  throw Error{
      ErrorCode::invalid_input,
      fmt::format("'{}' is no name for a snapshot: use letters, digits, '_', '.' and '-', at "
                  "most {}, the first a letter, a digit or '_'",
                  name, kMaxNameLength)};
}

namespace detail {

StoredSnapshot read_snapshot(const SnapshotStore& store, std::string_view name) {
  const auto path = store.root() / "index.json";
  const auto entries = read_index(path);
  const auto* entry = find_entry(entries, name);
  if (entry == nullptr) throw_not_found(entries, name, store.root());
  return read_entry(store, *entry);
}

}  // namespace detail

}  // namespace seedbed
