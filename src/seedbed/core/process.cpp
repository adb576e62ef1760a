#include "seedbed/core/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/file_io.hpp"

namespace seedbed {

namespace {

std::vector<std::string> merged_environment(
    const std::map<std::string, std::optional<std::string>>& changes) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    if (!changes.contains(std::string{text.substr(0, text.find('='))})) merged.emplace_back(text);
  }
  for (const auto& [name, value] : changes) {
    if (value) merged.push_back(fmt::format("{}={}", name, *value));
  }
  return merged;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// What the new process needs, made before it: between fork and exec nothing may be allocated.
struct Start {
  std::string program{};
  std::vector<char*> arguments{};
  std::vector<char*> environment{};
  const ProcessOptions* options = nullptr;
  pid_t parent = 0;
  int report = -1;  // where the system's error number is written
};

bool change_user(const ProcessUser& user) {
  // The credentials go first: changing them forgets the death signal.
  return ::setgroups(0, nullptr) == 0 && ::setgid(user.group) == 0 && ::setuid(user.user) == 0;
}

bool redirect(const char* output) {
  const int input = ::open("/dev/null", O_RDONLY);
  const int file = ::open(output, O_WRONLY | O_CREAT | O_APPEND, 0600);
  return input >= 0 && file >= 0 && ::dup2(input, STDIN_FILENO) >= 0 &&
         ::dup2(file, STDOUT_FILENO) >= 0 && ::dup2(file, STDERR_FILENO) >= 0;
}

bool prepare(const Start& start) {
  const ProcessOptions& options = *start.options;
  if (!options.output.empty() && !redirect(options.output.c_str())) return false;
  if (options.user && !change_user(*options.user)) return false;
  if (options.own_session) ::setsid();
  if (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0) return false;
  if (::prctl(PR_SET_PDEATHSIG, options.death_signal) != 0) return false;
  if (::getppid() != start.parent) ::raise(options.death_signal);  // it has ended already
  sigset_t none;
  sigemptyset(&none);
  return ::pthread_sigmask(SIG_SETMASK, &none, nullptr) == 0;
}

[[noreturn]] void become(const Start& start) {
  if (prepare(start)) {
    ::execve(start.program.c_str(), start.arguments.data(), start.environment.data());
  }
  const int problem = errno;
  static_cast<void>(::write(start.report, &problem, sizeof problem) > 0);
  ::_exit(127);
}

int read_report(int descriptor) {
  int problem = 0;
  ssize_t count = 0;
  do {
    count = ::read(descriptor, &problem, sizeof problem);
  } while (count < 0 && errno == EINTR);
  ::close(descriptor);
  return count == sizeof problem ? problem : 0;
}

std::string program_of(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const auto found = find_program(name);
  if (found.empty()) {
    throw Error{ErrorCode::not_found, fmt::format("there is no program '{}' on the path", name)};
  }
  return found.string();
}

[[noreturn]] void throw_not_started(const std::string& program, int problem) {
  const bool absent = problem == ENOENT || problem == ENOTDIR;
  throw Error{
      absent ? ErrorCode::not_found : ErrorCode::unavailable,
      fmt::format("cannot run '{}': {}", program, std::generic_category().message(problem))};
}

}  // namespace

Process::Process(const ProcessOptions& options) {
  auto arguments = options.command;
  auto environment = merged_environment(options.environment);
  std::array<int, 2> report{};
  if (::pipe2(report.data(), O_CLOEXEC) != 0) throw_not_started(arguments.at(0), errno);
  const Start start{.program = program_of(arguments.at(0)),
                    .arguments = pointers_to(arguments),
                    .environment = pointers_to(environment),
                    .options = &options,
                    .parent = ::getpid(),
                    .report = report[1]};
  id_ = ::fork();
  const int problem = errno;
  if (id_ == 0) become(start);
  ::close(report[1]);
  if (id_ < 0) {
    ::close(report[0]);
    throw_not_started(start.program, problem);
  }
  handle_ = static_cast<int>(::syscall(SYS_pidfd_open, id_, 0));
  const int reported = read_report(report[0]);
  if (reported == 0) return;
  wait();
  if (handle_ >= 0) ::close(handle_);
  throw_not_started(start.program, reported);
}

Process::~Process() {
  signal(SIGKILL);
  wait();
  if (handle_ >= 0) ::close(handle_);
}

namespace {

int status_of(int raw) {
  constexpr int kSignalBase = 128;
  return WIFSIGNALED(raw) ? kSignalBase + WTERMSIG(raw) : WEXITSTATUS(raw);
}

}  // namespace

std::optional<int> Process::poll() {
  int raw = 0;
  if (!status_ && ::waitpid(id_, &raw, WNOHANG) == id_) status_ = status_of(raw);
  return status_;
}

int Process::wait() {
  while (!status_) {
    int raw = 0;
    const pid_t ended = ::waitpid(id_, &raw, 0);
    if (ended == id_) status_ = status_of(raw);
    // Somebody else has waited for it: how it ended is not to be known.
    if (ended < 0 && errno != EINTR) status_ = 0;
  }
  return *status_;
}

void Process::signal(int number) noexcept {
  if (handle_ >= 0) {
    ::syscall(SYS_pidfd_send_signal, handle_, number, nullptr, 0);
  } else if (!status_) {
    ::kill(id_, number);
  }
}

}  // namespace seedbed
