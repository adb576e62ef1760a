#include "seedbed/engines/mysql/client.hpp"

#include <array>
#include <charconv>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <mysql.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/mysql/errors.hpp"
#include "seedbed/engines/mysql/session_settings.hpp"

namespace seedbed::mysql {

namespace {

constexpr unsigned kDefaultTimeout = 10;

// MySQL 8 serves AUTO_INCREMENT from a cache of a day unless told not to; MariaDB skips comments
// with that version.
std::string own_settings() {
  return fmt::format(
      "SET SESSION {}, autocommit = 1, foreign_key_checks = 1 "
      "/*!80000 , information_schema_stats_expiry = 0 */",
      load_settings());
}

struct ConnectOptions {
  std::string socket{};
  std::string ca{};
  std::string certificate{};
  std::string key{};
  unsigned timeout = kDefaultTimeout;
  bool ssl = false;
  bool local_infile = true;
};

[[noreturn]] void throw_bad_option(std::string_view name, std::string_view wanted) {
  throw Error{ErrorCode::invalid_input,
              fmt::format("database URL: parameter '{}' must be {}", name, wanted)};
}

bool as_flag(std::string_view name, std::string_view value) {
  if (value == "true" || value == "1") return true;
  if (value == "false" || value == "0") return false;
  throw_bad_option(name, "true or false");
}

unsigned as_seconds(std::string_view name, std::string_view value) {
  unsigned seconds = 0;
  const char* end = value.data() + value.size();
  const auto [position, problem] = std::from_chars(value.data(), end, seconds);
  if (problem != std::errc{} || position != end || seconds == 0 || seconds > 86'400) {
    throw_bad_option(name, "a number of seconds from 1 to 86400");
  }
  return seconds;
}

void set_option(ConnectOptions& options, const std::string& name, const std::string& value) {
  static const std::vector<std::string> kNames{
      "socket", "ssl", "ssl_ca", "ssl_cert", "ssl_key", "connect_timeout", "local_infile"};
  if (name == "socket")
    options.socket = value;
  else if (name == "ssl")
    options.ssl = as_flag(name, value);
  else if (name == "ssl_ca")
    options.ca = value;
  else if (name == "ssl_cert")
    options.certificate = value;
  else if (name == "ssl_key")
    options.key = value;
  else if (name == "connect_timeout")
    options.timeout = as_seconds(name, value);
  else if (name == "local_infile")
    options.local_infile = as_flag(name, value);
  else {
    throw Error{ErrorCode::invalid_input,
                fmt::format("database URL: mysql has no parameter '{}'{} (it has: {})", name,
                            did_you_mean(name, kNames), join(kNames, ", "))};
  }
}

ConnectOptions options_of(const DatabaseUrl& url) {
  ConnectOptions options;
  for (const auto& [name, value] : url.parameters) set_option(options, name, value);
  if (!options.ca.empty() || !options.certificate.empty()) options.ssl = true;
  return options;
}

const char* or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

// A server may ask for any file of this machine in answer to any statement: none is ever opened.
int refuse_file(void** /*state*/, const char* /*name*/, void* /*data*/) {
  return 1;
}
int refuse_read(void* /*state*/, char* /*buffer*/, unsigned /*size*/) {
  return -1;
}
void refuse_end(void* /*state*/) {}
int refuse_error(void* /*state*/, char* message, unsigned size) {
  *fmt::format_to_n(message, size - 1, "{}", "the server asked for a file, and Seedbed sends none")
       .out = '\0';
  return static_cast<int>(kLocalFileRejected);
}

void prepare_client(MYSQL* client, const ConnectOptions& options, const DatabaseUrl& url) {
  const my_bool yes = 1;
  const unsigned local_infile = options.local_infile ? 1 : 0;
  mysql_optionsv(client, MYSQL_OPT_CONNECT_TIMEOUT, &options.timeout);
  mysql_optionsv(client, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_optionsv(client, MYSQL_OPT_LOCAL_INFILE, &local_infile);
  mysql_set_local_infile_handler(client, refuse_file, refuse_read, refuse_end, refuse_error,
                                 nullptr);
  if (options.socket.empty() && url.port != 0) {
    // "localhost" would mean the Unix socket otherwise, whatever the port.
    const unsigned protocol = MYSQL_PROTOCOL_TCP;
    mysql_optionsv(client, MYSQL_OPT_PROTOCOL, &protocol);
  }
  if (!options.ssl) return;
  mysql_optionsv(client, MYSQL_OPT_SSL_ENFORCE, &yes);
  mysql_ssl_set(client, or_null(options.key), or_null(options.certificate), or_null(options.ca),
                nullptr, nullptr);
  if (!options.ca.empty()) mysql_optionsv(client, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
}

Error connect_failure(MYSQL* client, const DatabaseUrl& url) {
  Error error = translate({mysql_errno(client), mysql_sqlstate(client), mysql_error(client)}, "");
  error.add_context(fmt::format("connecting to {}", url.redacted()));
  return error;
}

}  // namespace

void throw_failure(MYSQL* client, std::string_view statement) {
  throw translate({mysql_errno(client), mysql_sqlstate(client), mysql_error(client)}, statement);
}

void CloseClient::operator()(MYSQL* client) const noexcept {
  mysql_close(client);
}

Client open_client(const DatabaseUrl& url) {
  // Not thread-safe when several first sessions start it at once.
  static const int kStarted = mysql_library_init(0, nullptr, nullptr);
  const ConnectOptions options = options_of(url);
  Client client{mysql_init(nullptr)};
  if (kStarted != 0 || !client) {
    throw Error{ErrorCode::internal, "the MariaDB client library does not start"};
  }
  prepare_client(client.get(), options, url);
  // With a host the library would not look at the socket.
  const char* host = options.socket.empty() ? or_null(url.host) : nullptr;
  if (mysql_real_connect(client.get(), host, url.user.c_str(), url.password.c_str(),
                         or_null(url.database), url.port, or_null(options.socket), 0) == nullptr) {
    throw connect_failure(client.get(), url);
  }
  if (options.ssl && mysql_get_ssl_cipher(client.get()) == nullptr) {
    // The library falls back to plain text, silently, when the server has no TLS.
    throw Error{
        ErrorCode::unavailable,
        fmt::format("the server at {} offers no TLS, and the URL asks for it", url.redacted())};
  }
  const std::string settings = own_settings();
  if (mysql_real_query(client.get(), settings.data(), settings.size()) != 0) {
    throw_failure(client.get(), settings);
  }
  return client;
}

}  // namespace seedbed::mysql
