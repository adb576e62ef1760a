#include "seedbed/core/endpoint.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <system_error>

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint16_t kHttpPort = 80;
constexpr std::string_view kTcp = "tcp://";
constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";

[[noreturn]] void throw_bad(std::string_view text, std::string_view problem) {
  throw Error{
      ErrorCode::invalid_input,
      fmt::format("'{}': {}; write tcp://HOST:PORT or http://HOST:PORT/PATH", text, problem)};
}

[[noreturn]] void throw_unreached(std::string_view what, int number) {
  throw Error{ErrorCode::unavailable,
              fmt::format("{}: {}", what, std::generic_category().message(number))};
}

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_{descriptor} {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int get() const noexcept { return descriptor_; }

  /// False once the deadline has passed.
  [[nodiscard]] bool await(short events, Clock::time_point deadline) const {
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
      if (left <= 0) return false;
      pollfd entry{.fd = descriptor_, .events = events, .revents = 0};
      const int ready = ::poll(&entry, 1, static_cast<int>(left));
      if (ready > 0) return true;
      if (ready < 0 && errno != EINTR) throw_unreached("cannot wait", errno);
    }
  }

 private:
  int descriptor_;
};

struct AddressesDeleter {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, AddressesDeleter>;

Addresses addresses_of(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int problem =
      ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &list);
  if (problem == 0) return Addresses{list};
  throw Error{ErrorCode::unavailable,
              fmt::format("cannot look up host '{}': {}", endpoint.host, ::gai_strerror(problem))};
}

// 0, or the system's error number.
int try_connect(const Socket& socket, const addrinfo& address, Clock::time_point deadline) {
  if (socket.get() < 0) return errno;
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!socket.await(POLLOUT, deadline)) return ETIMEDOUT;
  int problem = 0;
  socklen_t size = sizeof problem;
  return ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &problem, &size) == 0 ? problem : errno;
}

std::unique_ptr<Socket> connect_to(const Endpoint& endpoint, Clock::time_point deadline) {
  int problem = 0;
  const auto addresses = addresses_of(endpoint);
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    auto socket = std::make_unique<Socket>(
        ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    problem = try_connect(*socket, *address, deadline);
    if (problem == 0) return socket;
  }
  throw_unreached(fmt::format("cannot connect to {}:{}", endpoint.host, endpoint.port), problem);
}

void send_all(const Socket& socket, std::string_view text, Clock::time_point deadline) {
  while (!text.empty()) {
    if (!socket.await(POLLOUT, deadline)) throw_unreached("cannot send", ETIMEDOUT);
    const ssize_t sent = ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) throw_unreached("cannot send", errno);
    if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string read_line(const Socket& socket, Clock::time_point deadline) {
  constexpr std::size_t kLongest = 1024;
  std::string line;
  std::array<char, 256> buffer{};
  while (line.find('\n') == std::string::npos && line.size() < kLongest) {
    if (!socket.await(POLLIN, deadline)) throw_unreached("no answer", ETIMEDOUT);
    const ssize_t count = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (count == 0) break;
    if (count < 0 && errno != EAGAIN && errno != EINTR) throw_unreached("no answer", errno);
    if (count > 0) line.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return line.substr(0, line.find('\n'));
}

void require_success(const std::string& line) {
  const auto blank = line.find(' ');
  int status = 0;
  if (line.starts_with("HTTP/") && blank != std::string::npos) {
    std::from_chars(line.data() + blank + 1, line.data() + line.size(), status);
  }
  if (status >= 200 && status <= 299) return;
  throw Error{ErrorCode::unavailable, status == 0 ? std::string{"what answers does not speak HTTP"}
                                                  : fmt::format("the answer is status {}", status)};
}

std::uint16_t parse_port(std::string_view text, std::string_view whole) {
  unsigned port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size() || port == 0 ||
      port > 65535) {
    throw_bad(whole, "the port is not a number from 1 to 65535");
  }
  return static_cast<std::uint16_t>(port);
}

}  // namespace

bool Endpoint::is_one(std::string_view text) noexcept {
  return text.starts_with(kTcp) || text.starts_with(kHttp) || text.starts_with(kHttps);
}

Endpoint Endpoint::parse(std::string_view text) {
  if (text.starts_with(kHttps)) {
    throw Error{
        ErrorCode::unsupported,
        fmt::format("'{}': only plain HTTP is spoken; wait for tcp://HOST:PORT instead", text)};
  }
  Endpoint endpoint{.http = text.starts_with(kHttp)};
  std::string_view rest = text.substr(endpoint.http ? kHttp.size() : kTcp.size());
  const auto slash = std::min(rest.find('/'), rest.size());
  endpoint.path = slash == rest.size() ? "/" : std::string{rest.substr(slash)};
  if (!endpoint.http && endpoint.path != "/") throw_bad(text, "a TCP address has no path");
  const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!plain) throw_bad(text, "blanks and other than ASCII letters must be percent-encoded");
  rest = rest.substr(0, slash);
  if (rest.find('@') != std::string_view::npos) throw_bad(text.substr(0, 7), "no user is taken");
  const auto bracket = rest.starts_with('[') ? rest.find(']') : 0;
  if (bracket == std::string_view::npos) throw_bad(text, "'[' is not closed");
  const auto colon = rest.find(':', bracket);
  if (colon != std::string_view::npos) endpoint.port = parse_port(rest.substr(colon + 1), text);
  if (colon == std::string_view::npos && !endpoint.http) throw_bad(text, "the port is missing");
  if (endpoint.port == 0) endpoint.port = kHttpPort;
  endpoint.host = rest.substr(0, colon);
  if (bracket > 0) endpoint.host = rest.substr(1, bracket - 1);
  if (endpoint.host.empty()) throw_bad(text, "the host is missing");
  return endpoint;
}

void Endpoint::reach(std::chrono::milliseconds patience) const {
  const auto deadline = Clock::now() + patience;
  const auto socket = connect_to(*this, deadline);
  if (!http) return;
  const bool ipv6 = host.find(':') != std::string::npos;
  send_all(*socket,
           fmt::format("GET {} HTTP/1.1\r\nHost: {}:{}\r\nUser-Agent: seedbed\r\nAccept: */*\r\n"
                       "Connection: close\r\n\r\n",
                       path, ipv6 ? "[" + host + "]" : host, port),
           deadline);
  require_success(read_line(*socket, deadline));
}

}  // namespace seedbed
