#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pqxx/connection_base>
#include <pqxx/connectionpolicy>

#include "seedbed/engines/postgres/libpq.hpp"

namespace seedbed::postgres {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kDefaultTimeoutSeconds = 10;

// Values travel as text under these, whatever the server's or the role's defaults are.
// A role of the name of Seedbed's own schema would find and make its tables there: search_path
// begins with the role's schema.
constexpr const char* kSettings =
    "SELECT set_config('search_path', regexp_replace(current_setting('search_path'),"
    " '\"\\$user\"\\s*,?\\s*', ''), false) WHERE current_user = 'seedbed';"
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'iso_8601';"
    "SET extra_float_digits = 1; SET bytea_output = 'hex';"
    "SET standard_conforming_strings = on; SET xmloption = 'content'";

std::map<std::string, std::string> keywords_of(const DatabaseUrl& url) {
  std::map<std::string, std::string> keywords = url.parameters;
  if (!url.host.empty()) keywords["host"] = url.host;
  if (url.port != 0) keywords["port"] = std::to_string(url.port);
  if (!url.user.empty()) keywords["user"] = url.user;
  if (!url.password.empty()) keywords["password"] = url.password;
  keywords["dbname"] = url.database;
  keywords["client_encoding"] = "UTF8";
  keywords.try_emplace("application_name", "seedbed");
  keywords.erase("connect_timeout");  // libpq leaves it to whoever polls
  return keywords;
}

std::string conninfo_of(const DatabaseUrl& url) {
  std::string text;
  for (const auto& [name, value] : keywords_of(url)) {
    text += name + "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += "' ";
  }
  return text;
}

std::chrono::seconds timeout_of(const DatabaseUrl& url) {
  const auto found = url.parameters.find("connect_timeout");
  if (found == url.parameters.end()) return std::chrono::seconds{kDefaultTimeoutSeconds};
  int seconds = 0;
  const std::string& text = found->second;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc{} || end != text.data() + text.size() || seconds <= 0) {
    throw Error{ErrorCode::invalid_input,
                "database URL: connect_timeout is not a number of seconds from 1"};
  }
  return std::chrono::seconds{seconds};
}

struct HandleDeleter {
  void operator()(PGconn* handle) const noexcept { PQfinish(handle); }
};
using HandlePtr = std::unique_ptr<PGconn, HandleDeleter>;

// Waits until the socket is ready for the next step; false once `deadline` has passed.
bool await(PGconn* handle, PostgresPollingStatusType step, Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  if (left <= 0) return false;
  const auto events = static_cast<short>(step == PGRES_POLLING_READING ? POLLIN : POLLOUT);
  pollfd descriptor{.fd = PQsocket(handle), .events = events, .revents = 0};
  // An interrupted or early wait is harmless: libpq then asks to wait again.
  ::poll(&descriptor, 1, static_cast<int>(left));
  return true;
}

// Step by step instead of PQconnectdb, since only a verbose report has the SQLSTATE, and verbosity
// can be set on a handle only.
PGconn* connect_handle(const std::string& conninfo, const DatabaseUrl& url) {
  const auto deadline = Clock::now() + timeout_of(url);
  HandlePtr handle{PQconnectStart(conninfo.c_str())};
  if (handle == nullptr) throw Error{ErrorCode::unavailable, "out of memory for a connection"};
  PQsetErrorVerbosity(handle.get(), PQERRORS_VERBOSE);
  auto step = PGRES_POLLING_WRITING;
  if (PQstatus(handle.get()) == CONNECTION_BAD) step = PGRES_POLLING_FAILED;
  while (step != PGRES_POLLING_OK) {
    if (step == PGRES_POLLING_FAILED) {
      throw to_connect_error(PQerrorMessage(handle.get()), url.redacted(), url.database);
    }
    if (!await(handle.get(), step, deadline)) {
      throw to_connect_error("the server did not answer in time", url.redacted(), url.database);
    }
    step = PQconnectPoll(handle.get());
  }
  return handle.release();
}

// libpqxx 6 shows the handle to connection policies only. (In 7, release_raw_connection replaces
// this.)
class CapturingPolicy final : public pqxx::connectionpolicy {
 public:
  explicit CapturingPolicy(const DatabaseUrl& url)
      : pqxx::connectionpolicy{conninfo_of(url)}, url_{url} {}

  handle do_startconnect(handle original) override {
    if (original == nullptr) handle_ = connect_handle(options(), url_);
    return handle_;
  }
  [[nodiscard]] PGconn* captured() const noexcept { return handle_; }
  [[nodiscard]] const DatabaseUrl& url() const noexcept { return url_; }

 private:
  DatabaseUrl url_;
  PGconn* handle_ = nullptr;
};

class PqxxSession final : public OwnSession, private pqxx::connection_base {
 public:
  explicit PqxxSession(const DatabaseUrl& url) : pqxx::connection_base{policy_}, policy_{url} {
    init();
  }
  ~PqxxSession() override { close(); }
  PqxxSession(const PqxxSession&) = delete;
  PqxxSession& operator=(const PqxxSession&) = delete;

  [[nodiscard]] PGconn* handle() const noexcept override { return policy_.captured(); }
  [[nodiscard]] const DatabaseUrl& url() const noexcept override { return policy_.url(); }

 private:
  CapturingPolicy policy_;
};

void ignore_notice(void* /*unused*/, const PGresult* /*notice*/) {}

}  // namespace

void ResultDeleter::operator()(PGresult* result) const noexcept {
  PQclear(result);
}

void CancelDeleter::operator()(PGcancel* request) const noexcept {
  PQfreeCancel(request);
}

ServerError error_of(const PGresult& result) {
  const auto field = [&](int code) {
    const char* text = PQresultErrorField(&result, code);
    return std::string{text != nullptr ? text : ""};
  };
  ServerError error{.sqlstate = field(PG_DIAG_SQLSTATE),
                    .message = field(PG_DIAG_MESSAGE_PRIMARY),
                    .detail = field(PG_DIAG_MESSAGE_DETAIL),
                    .hint = field(PG_DIAG_MESSAGE_HINT),
                    .context = field(PG_DIAG_CONTEXT)};
  const std::string position = field(PG_DIAG_STATEMENT_POSITION);
  std::from_chars(position.data(), position.data() + position.size(), error.position);
  return error;
}

std::unique_ptr<OwnSession> open_session(const DatabaseUrl& url) {
  std::unique_ptr<OwnSession> session;
  try {
    session = std::make_unique<PqxxSession>(url);
  } catch (const pqxx::pqxx_exception& problem) {
    throw to_connect_error(problem.base().what(), url.redacted(), url.database);
  }
  PGconn* const handle = session->handle();
  PQsetNoticeReceiver(handle, ignore_notice, nullptr);
  const ResultPtr result{PQexec(handle, kSettings)};
  if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) return session;
  const ServerError error = result ? error_of(*result) : ServerError{};
  // The server went away in between, and what says so comes from the client.
  if (error.sqlstate.empty()) {
    throw to_connect_error(PQerrorMessage(handle), url.redacted(), url.database);
  }
  throw to_error(error, kSettings);
}

}  // namespace seedbed::postgres
