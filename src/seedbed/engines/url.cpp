#include "seedbed/engines/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {

constexpr std::string_view kForms =
    "; a URL is sqlite:PATH, sqlite::memory:, postgresql://USER:PASSWORD@HOST:PORT/NAME or "
    "mysql://USER:PASSWORD@HOST:PORT/NAME";

// The message never repeats the URL: whatever is wrong with it, it may hold a password.
[[noreturn]] void throw_bad_url(std::string_view problem) {
  throw Error{ErrorCode::invalid_input, fmt::format("database URL: {}{}", problem, kForms)};
}

std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const auto byte = from_hex(text.substr(i + 1, 2));
    if (!byte || byte->empty()) throw_bad_url("'%' is not followed by two hexadecimal digits");
    if (byte->front() == '\0') throw_bad_url("'%00' is not allowed");
    result += *byte;
    i += 2;
  }
  return result;
}

std::string encoded(std::string_view text, std::string_view also_plain = "") {
  constexpr std::string_view kPlain = "-._~";
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kPlain.find(c) != std::string_view::npos ||
                       also_plain.find(c) != std::string_view::npos;
    result += plain ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

std::optional<std::string> engine_of(std::string_view scheme) {
  if (scheme == "sqlite" || scheme == "sqlite3") return "sqlite";
  if (scheme == "postgresql" || scheme == "postgres") return "postgres";
  if (scheme == "mysql" || scheme == "mariadb") return "mysql";
  return std::nullopt;
}

std::vector<std::string> known_parameters(std::string_view engine) {
  if (engine == "postgres") {
    return {"application_name",
            "connect_timeout",
            "host",
            "options",
            "sslcert",
            "sslkey",
            "sslmode",
            "sslpassword",
            "sslrootcert",
            "target_session_attrs"};
  }
  if (engine == "mysql")
    return {"connect_timeout", "socket", "ssl", "ssl_ca", "ssl_cert", "ssl_key"};
  return {"busy_timeout", "foreign_keys"};
}

void read_parameters(DatabaseUrl& url, std::string_view text) {
  const auto known = known_parameters(url.engine);
  for (const auto& pair : split(text, '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const std::string name = decoded(std::string_view{pair}.substr(0, equals));
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw Error{ErrorCode::invalid_input,
                  fmt::format("database URL: unknown parameter '{}' for {}{} (known: {})", name,
                              url.engine, did_you_mean(name, known), join(known, ", "))};
    }
    if (equals == std::string::npos) {
      throw Error{ErrorCode::invalid_input,
                  fmt::format("database URL: parameter '{}' has no value", name)};
    }
    url.parameters[name] = decoded(std::string_view{pair}.substr(equals + 1));
  }
}

void read_port(DatabaseUrl& url, std::string_view text) {
  unsigned port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size() || port == 0 ||
      port > 65535) {
    throw_bad_url(
        "the port is not a number from 1 to 65535 (percent-encode ':', '/', '?' and '@' in a "
        "user name or password)");
  }
  url.port = static_cast<std::uint16_t>(port);
}

void read_host(DatabaseUrl& url, std::string_view text) {
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) throw_bad_url("'[' of an IPv6 address is not closed");
    url.host = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    if (!text.empty() && text.front() != ':') throw_bad_url("only a port may follow ']'");
    if (!text.empty()) read_port(url, text.substr(1));
    return;
  }
  const auto colon = text.rfind(':');
  url.host = decoded(text.substr(0, colon));
  if (colon != std::string_view::npos) read_port(url, text.substr(colon + 1));
}

void read_server(DatabaseUrl& url, std::string_view rest) {
  if (!rest.starts_with("//")) throw_bad_url(fmt::format("'//' must follow '{}:'", url.engine));
  rest.remove_prefix(2);
  if (const auto query = rest.find('?'); query != std::string_view::npos) {
    const std::string_view parameters = rest.substr(query + 1);
    // Else the rest of a password would be taken, and shown, as a parameter.
    if (parameters.find('@') != std::string_view::npos) {
      throw_bad_url("'@' follows '?' (percent-encode '?' in a password and '@' in a parameter)");
    }
    read_parameters(url, parameters);
    rest = rest.substr(0, query);
  }
  const auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  if (slash != std::string_view::npos) url.database = decoded(rest.substr(slash + 1));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    const auto colon = user.find(':');
    url.user = decoded(user.substr(0, colon));
    if (colon != std::string_view::npos) url.password = decoded(user.substr(colon + 1));
    authority.remove_prefix(at + 1);
  }
  read_host(url, authority);
  if (url.database.empty()) throw_bad_url("the name of the database is missing after the host");
  if (url.host.empty() && !url.parameters.contains("host") && !url.parameters.contains("socket")) {
    url.host = "127.0.0.1";
  }
}

// sqlite:PATH takes the rest as it is; sqlite:///rel and sqlite:////abs are SQLAlchemy's forms.
void read_file_path(DatabaseUrl& url, std::string_view rest) {
  if (const auto query = rest.find('?'); query != std::string_view::npos) {
    read_parameters(url, rest.substr(query + 1));
    rest = rest.substr(0, query);
  }
  if (rest.starts_with("///")) {
    rest.remove_prefix(3);
  } else if (rest.starts_with("//")) {
    throw_bad_url("a SQLite URL has no host: write sqlite:PATH or, absolute, sqlite:////PATH");
  }
  url.database = decoded(rest);
  if (url.database.empty()) throw_bad_url("the path of the SQLite file is missing");
}

}  // namespace

bool looks_like_url(std::string_view text) noexcept {
  const auto colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
  });
}

DatabaseUrl DatabaseUrl::parse(std::string_view text) {
  const auto colon = text.find(':');
  if (!looks_like_url(text)) throw_bad_url("it does not start with a scheme");
  const std::string scheme = to_lower(text.substr(0, colon));
  const auto engine = engine_of(scheme);
  if (!engine) {
    const std::array<std::string, 4> known{"sqlite", "postgresql", "mysql", "mariadb"};
    throw_bad_url(fmt::format("unknown scheme '{}'{}", scheme, did_you_mean(scheme, known)));
  }
  DatabaseUrl url;
  url.engine = *engine;
  const std::string_view rest = text.substr(colon + 1);
  if (url.engine == "sqlite") {
    read_file_path(url, rest);
  } else {
    read_server(url, rest);
  }
  return url;
}

namespace {

std::string render_server(const DatabaseUrl& url, bool secrets) {
  std::string text = url.engine == "postgres" ? "postgresql://" : "mysql://";
  if (!url.user.empty()) {
    text += encoded(url.user);
    if (!url.password.empty()) text += ":" + (secrets ? encoded(url.password) : "***");
    text += '@';
  }
  const bool ipv6 = url.host.find(':') != std::string::npos;
  text += ipv6 ? "[" + url.host + "]" : encoded(url.host);
  if (url.port != 0) text += fmt::format(":{}", url.port);
  return text;
}

std::string render(const DatabaseUrl& url, bool secrets) {
  auto text = url.engine == "sqlite" ? fmt::format("sqlite:{}", encoded(url.database, "/:@ ,+=()"))
                                     : render_server(url, secrets) + '/' + encoded(url.database);
  char separator = '?';
  for (const auto& [name, value] : url.parameters) {
    const bool hidden = !secrets && name.find("password") != std::string::npos;
    text += fmt::format("{}{}={}", separator, encoded(name), hidden ? "***" : encoded(value));
    separator = '&';
  }
  return text;
}

}  // namespace

std::string DatabaseUrl::redacted() const {
  return render(*this, false);
}
std::string DatabaseUrl::to_string() const {
  return render(*this, true);
}

DatabaseUrl DatabaseUrl::with_database(std::string name) const {
  DatabaseUrl url = *this;
  url.database = std::move(name);
  return url;
}

std::string DatabaseUrl::display_name() const {
  if (engine != "sqlite" || database == ":memory:") return database;
  return std::filesystem::path{database}.filename().string();
}

}  // namespace seedbed
