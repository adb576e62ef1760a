#include "seedbed/workspace/private_server.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"
#include "seedbed/core/system_random.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/workspace/private_directory.hpp"

namespace seedbed {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStartTimeout{60};
constexpr std::chrono::milliseconds kPollInterval{20};
constexpr int kPortAttempts = 3;
constexpr std::string_view kRecordPrefix = "server_";
constexpr std::string_view kRecordEnding = ".place";

// Another process may take the port before the server does; then it is started again.
std::uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  void* const place = &address;
  const bool found = descriptor >= 0 &&
                     ::bind(descriptor, static_cast<const sockaddr*>(place), size) == 0 &&
                     ::getsockname(descriptor, static_cast<sockaddr*>(place), &size) == 0;
  const int problem = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (found) return ntohs(address.sin_port);
  throw Error{ErrorCode::unavailable,
              fmt::format("there is no free port: {}", std::generic_category().message(problem))};
}

// PostgreSQL refuses to be run by root, and MariaDB should not be.
std::optional<ProcessUser> server_user() {
  if (::geteuid() != 0) return std::nullopt;
  const passwd* const nobody = ::getpwnam("nobody");  // NOLINT(concurrency-mt-unsafe)
  if (nobody == nullptr) {
    throw Error{ErrorCode::unavailable,
                "a server is not run by root, and there is no user 'nobody' to run it"};
  }
  return ProcessUser{nobody->pw_uid, nobody->pw_gid};
}

FileLock lock_of(const fs::path& record) {
  // Nobody else's, but somebody may just look whether it is held.
  constexpr int kLockPatienceMilliseconds = 5000;
  auto lock =
      FileLock::try_take(fs::path{record}.replace_extension(".lock"), kLockPatienceMilliseconds);
  if (lock) return std::move(*lock);
  throw Error{ErrorCode::internal, fmt::format("'{}' is taken", record.string())};
}

bool answers(const Engine& engine, const DatabaseUrl& url) {
  try {
    static_cast<void>(engine.connect(url));
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    return false;
  }
}

void remove_tree(const fs::path& directory) noexcept {
  std::error_code ignored;
  fs::remove_all(directory, ignored);
}

}  // namespace

std::unique_ptr<PrivateServer> PrivateServer::start(const Engine& engine, Progress& progress) {
  // A recipe without a place tells whether one is needed, and whether it can be made.
  if (!engine.server_recipe({})) return nullptr;
  reap_private_servers();
  std::unique_ptr<PrivateServer> server{new PrivateServer{engine, progress}};
  server->make_directory();
  server->prepare();
  for (int attempt = 1; !server->serve(); ++attempt) {
    if (attempt == kPortAttempts) server->throw_with_log("does not start");
  }
  return server;
}

PrivateServer::PrivateServer(const Engine& engine, Progress& progress)
    : engine_{engine},
      progress_{progress},
      record_{private_directory() /
              fmt::format("{}{}{}", kRecordPrefix, to_hex(system_random_bytes(8)), kRecordEnding)},
      lock_{lock_of(record_)},
      user_{server_user()} {}

PrivateServer::~PrivateServer() {
  if (process_) {
    process_->signal(recipe_.stop_signal);
    process_->wait();
  }
  if (!directory_.empty()) remove_tree(directory_);
  std::error_code ignored;
  fs::remove(record_, ignored);
}

void PrivateServer::make_directory() {
  const auto path =
      private_directory().parent_path() / ("seedbed-server-" + to_hex(system_random_bytes(8)));
  write_file_atomically(record_, path.string());
  const bool made = ::mkdir(path.c_str(), 0700) == 0;
  if (made) directory_ = path;
  if (!made || (user_ && ::chown(path.c_str(), user_->user, user_->group) != 0)) {
    throw Error{ErrorCode::unavailable,
                fmt::format("cannot create directory '{}': {}", path.string(),
                            std::generic_category().message(errno))};
  }
  recipe_ = engine_
                .server_recipe({.directory = directory_,
                                .port = free_port(),
                                .password = to_hex(system_random_bytes(12))})
                .value();
}

void PrivateServer::write(const std::vector<RecipeFile>& files) const {
  for (const auto& file : files) {
    write_file_atomically(file.path, file.text);
    std::error_code ignored;
    fs::permissions(file.path, fs::perms::owner_read | fs::perms::owner_write, ignored);
    if (user_) static_cast<void>(::chown(file.path.c_str(), user_->user, user_->group) == 0);
  }
}

ProcessOptions PrivateServer::options_for(const std::vector<std::string>& command) const {
  return {.command = command,
          .environment = {{"HOME", directory_.string()}, {"TMPDIR", directory_.string()}},
          .directory = directory_,
          .output = directory_ / "log",
          .user = user_,
          .own_session = true,
          .death_signal = recipe_.stop_signal};
}

void PrivateServer::prepare() {
  write(recipe_.before);
  progress_.report({.phase = "prepare a server:", .table = std::string{engine_.name()}});
  Process preparation{options_for(recipe_.prepare)};
  while (!preparation.poll()) {
    progress_.check();
    std::this_thread::sleep_for(kPollInterval);
  }
  if (preparation.wait() != 0) throw_with_log("cannot be prepared");
  write(recipe_.after);
}

// False when the server ended by itself, as it does when somebody has taken its port.
bool PrivateServer::serve() {
  process_ = std::make_unique<Process>(options_for(recipe_.serve));
  const auto start = Clock::now();
  while (!process_->poll()) {
    progress_.check();
    if (answers(engine_, recipe_.url)) return true;
    if (Clock::now() - start > kStartTimeout) throw_with_log("does not answer");
    std::this_thread::sleep_for(kPollInterval);
  }
  const auto port = free_port();
  const ServerPlace place{directory_, port, recipe_.url.password};
  recipe_ = engine_.server_recipe(place).value();
  return false;
}

void PrivateServer::throw_with_log(const std::string& what) const {
  constexpr std::size_t kShown = 2000;
  std::string log;
  try {
    log = read_file(directory_ / "log");
  } catch (const Error&) {
    log = "there is no log";
  }
  if (log.size() > kShown) log.erase(0, log.size() - kShown);
  throw Error{ErrorCode::unavailable,
              fmt::format("the private {} server {}:\n{}", engine_.name(), what, trimmed(log)),
              {.engine = std::string{engine_.name()}}};
}

void reap_private_servers() {
  for (const auto& entry : fs::directory_iterator{private_directory()}) {
    const auto& record = entry.path();
    if (record.extension() != kRecordEnding) continue;
    try {
      const auto lock = FileLock::try_take(fs::path{record}.replace_extension(".lock"), 0);
      if (!lock) continue;
      remove_tree(read_file(record));
      std::error_code ignored;
      fs::remove(record, ignored);
    } catch (const Error&) {
      // Left to the next time.
    }
  }
}

}  // namespace seedbed
