#include <algorithm>
#include <array>
#include <utility>

#include "seedbed/factories/expression/letters.hpp"
#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

// RFC 2606: nobody can own these, so no mail and no request ever reaches anyone.
constexpr std::array<std::string_view, 3> kDomains{"example.com", "example.net", "example.org"};
constexpr std::array<std::string_view, 3> kTopLevels{"example", "invalid", "test"};
constexpr std::array<std::string_view, 7> kHttpMethods{"DELETE", "GET",  "HEAD", "OPTIONS",
                                                       "PATCH",  "POST", "PUT"};
constexpr std::array<std::string_view, 6> kLogLevels{"trace",   "debug", "info",
                                                     "warning", "error", "fatal"};
constexpr std::array<std::int64_t, 30> kHttpStatuses{
    200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404,
    405, 406, 408, 409, 410, 411, 412, 413, 415, 422, 429, 500, 502, 503, 504};

CellText user_name(Call& call) {
  const auto& locale = locale_of(call, 1);
  auto& random = call.random();
  const auto latin = [](WordList names, WordList spelled) {
    return spelled.empty() ? names : spelled;
  };
  const auto first = pick(random, latin(locale.first_names, locale.first_names_latin));
  const auto last = pick(random, latin(locale.last_names, locale.last_names_latin));
  const auto number = random.between(1, 9999);
  auto name =
      call.has(0) ? slug_of(romanized(locale, call.text(0))) : slug_of(joined(first, ' ', last));
  if (name.empty()) name += "user";
  std::replace(name.begin(), name.end(), '-', '.');
  name += number;
  return name;
}

ScalarView username(Call& call) {
  return call.keep(user_name(call));
}

ScalarView email(Call& call) {
  const auto name = user_name(call);
  return call.keep(joined(name, '@', pick(call.random(), kDomains)));
}

ScalarView domain_name(Call& call) {
  const auto host = lower_case(pick(call.random(), words::kCompanyNames));
  return call.keep(joined(host, '.', pick(call.random(), kDomains)));
}

ScalarView host_name(Call& call) {
  constexpr std::array<std::string_view, 8> kRoles{"api",  "app",  "build", "cache",
                                                   "data", "mail", "proxy", "web"};
  const auto role = pick(call.random(), kRoles);
  const auto number = call.random().between(1, 99);
  const auto site = pick(call.random(), words::kWords);
  return call.keep(
      joined(role, '-', padded(number, 2), '.', site, '.', pick(call.random(), kTopLevels)));
}

ScalarView url(Call& call) {
  const auto domain = pick(call.random(), kDomains);
  const auto first = pick(call.random(), words::kWords);
  return call.keep(joined("https://", domain, '/', first, '/', pick(call.random(), words::kWords)));
}

ScalarView image_url(Call& call) {
  const auto width = call.integer_or(0, 640, 1, 100'000);
  const auto height = call.integer_or(1, 480, 1, 100'000);
  const auto domain = pick(call.random(), kDomains);
  const auto name = pick(call.random(), words::kWords);
  return call.keep(joined("https://images.", domain, '/', name, '-', width, 'x', height, ".png"));
}

// RFC 5737: the networks for documentation.
ScalarView ipv4(Call& call) {
  constexpr std::array<std::string_view, 3> kNetworks{"192.0.2", "198.51.100", "203.0.113"};
  const auto network = pick(call.random(), kNetworks);
  return call.keep(joined(network, '.', call.random().between(1, 254)));
}

// RFC 1918. The wide network, so that many hosts differ.
ScalarView ipv4_private(Call& call) {
  const auto bits = call.random().between(1, (1 << 24) - 2);
  return call.keep(joined("10.", bits >> 16, '.', bits >> 8 & 255, '.', bits & 255));
}

// RFC 3849.
ScalarView ipv6(Call& call) {
  const auto bits = call.random().next();
  return call.keep(joined("2001:db8:", hexadecimal(bits & 0xFFFFU, 1), ':',
                          hexadecimal(bits >> 16U & 0xFFFFU, 1), ':',
                          hexadecimal(bits >> 32U & 0xFFFFU, 1), ':', hexadecimal(bits >> 48U, 1)));
}

// RFC 7042: 00-00-5E-00-53-xx is the range for documentation.
ScalarView mac_address(Call& call) {
  return call.keep(joined("00:00:5e:00:53:", hexadecimal(call.random().below(256), 2)));
}

ScalarView port(Call& call) {
  return call.random().between(1024, 65'535);
}

ScalarView http_status(Call& call) {
  return kHttpStatuses.at(static_cast<std::size_t>(call.random().below(kHttpStatuses.size())));
}

// One of each kind first, then any, then all of them shuffled.
ScalarView password(Call& call) {
  constexpr std::string_view kLower = "abcdefghijkmnopqrstuvwxyz";  // without l, I, O, 0 and 1
  constexpr std::string_view kUpper = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  constexpr std::string_view kDigit = "23456789";
  constexpr std::string_view kSign = "!#$%&*+-=?@_";
  constexpr std::string_view kAny =
      "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#$%&*+-=?@_";
  auto& random = call.random();
  const auto length = call.integer_or(0, 16, 4, 1024);
  CellText text;
  for (const auto kind : {kLower, kUpper, kDigit, kSign}) text += characters(random, 1, kind);
  text += characters(random, length - 4, kAny);
  for (std::size_t i = text.size(); i > 1; --i) {
    std::swap(text[i - 1], text[static_cast<std::size_t>(random.below(i))]);
  }
  return call.keep(text);
}

ScalarView url_slug(Call& call) {
  const auto count = call.integer_or(0, 3, 1, 100);
  CellText slug;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i > 0) slug += '-';
    slug += pick(call.random(), words::kWords);
  }
  return call.keep(slug);
}

ScalarView hashtag(Call& call) {
  const auto first = title_case(pick(call.random(), words::kWords));
  return call.keep(joined('#', first, title_case(pick(call.random(), words::kWords))));
}

ScalarView semver(Call& call) {
  const auto major = call.random().below(10);
  const auto minor = call.random().below(20);
  return call.keep(joined(major, '.', minor, '.', call.random().below(30)));
}

ScalarView user_agent(Call& call) {
  constexpr std::array<std::string_view, 3> kPlatforms{
      "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64"};
  const auto platform = pick(call.random(), kPlatforms);
  const auto version = call.random().between(115, 140);
  if (call.random().below(4) == 0) {
    return call.keep(joined("Mozilla/5.0 (", platform, "; rv:", version,
                            ".0) Gecko/20100101 Firefox/", version, ".0"));
  }
  return call.keep(joined("Mozilla/5.0 (", platform,
                          ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/", version,
                          ".0.0.0 Safari/537.36"));
}

constexpr std::array<FunctionRow, 21> kRows{{
    {"domain_name() -> text", "A host below example.com, .net or .org.", "domain_name()",
     "acorn.example.com", domain_name, Effect::draws},
    {"email(name?: text, locale?: locale) -> text",
     "An address that reaches nobody; of `name` when given. For a unique column write a template "
     "with `{n}`.",
     "email()", "adam.foster9612@example.net", email, Effect::draws},
    list_row<words::kEmoji>("emoji() -> text", "A little picture, one code point.", "emoji()", "😃"),
    {"hashtag() -> text", "Two words behind a #.", "hashtag()", "#ActorDegree", hashtag,
     Effect::draws},
    {"host_name() -> text", "A machine below .example, .invalid or .test.", "host_name()",
     "api-25.wait.invalid", host_name, Effect::draws},
    list_row<kHttpMethods>("http_method() -> text", "A method of HTTP.", "http_method()", "DELETE"),
    {"http_status() -> integer", "A status of HTTP, 200 or more.", "http_status()", "200",
     http_status, Effect::draws},
    {"image_url(width?: integer, height?: integer) -> text",
     "The address of a picture that nobody has, of 640 by 480 unless said.", "image_url(64, 64)",
     "https://images.example.com/degree-64x64.png", image_url, Effect::draws},
    {"ipv4() -> text", "An address of the networks for documentation.", "ipv4()", "192.0.2.62",
     ipv4, Effect::draws},
    {"ipv4_private() -> text", "An address of the private network 10.0.0.0/8.", "ipv4_private()",
     "10.2.206.127", ipv4_private, Effect::draws},
    {"ipv6() -> text", "An address of the network for documentation.", "ipv6()",
     "2001:db8:e57c:5a65:7e87:2ce", ipv6, Effect::draws},
    list_row<kLogLevels>("log_level() -> text", "How loud a line of a log is.", "log_level()",
                         "trace"),
    {"mac_address() -> text", "An address of the range for documentation.", "mac_address()",
     "00:00:5e:00:53:02", mac_address, Effect::draws},
    {"password(length?: integer) -> text",
     "Characters (16) with at least one lower-case and one upper-case letter, a digit and a sign.",
     "password()", "afiZf6iFa79y*X26", password, Effect::draws},
    {"port() -> integer", "A port from 1024 on.", "port()", "1731", port, Effect::draws},
    {"semver() -> text", "A version of three numbers.", "semver()", "0.4.28", semver,
     Effect::draws},
    list_row<kTopLevels>("top_level_domain() -> text", "One that is kept for examples and tests.",
                         "top_level_domain()", "example"),
    {"url() -> text", "An address below example.com, .net or .org.", "url()",
     "https://example.com/degree/wait", url, Effect::draws},
    {"url_slug(words?: integer) -> text", "Some words (3) joined by hyphens.", "url_slug()",
     "actor-degree-wait", url_slug, Effect::draws},
    {"user_agent() -> text", "What a browser calls itself.", "user_agent()",
     "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/121.0.0.0 Safari/537.36",
     user_agent, Effect::draws},
    {"username(name?: text, locale?: locale) -> text", "A login name; of `name` when given.",
     "username('Ada Lovelace')", "ada.lovelace9612", username, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> internet_providers() {
  return kRows;
}

}  // namespace seedbed::detail
