#include <array>

#include <fmt/format.h>

#include "seedbed/factories/expression/letters.hpp"
#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

// RFC 2606: nobody can own these, so no mail and no request ever reaches anyone.
constexpr std::array<std::string_view, 3> kDomains{"example.com", "example.net", "example.org"};

std::string user_name(Call& call) {
  auto& random = call.random();
  const auto first = pick(random, words::kFirstNames);
  const auto last = pick(random, words::kLastNames);
  const auto number = random.between(1, 9999);
  const std::string name =
      call.has(0) ? slug_of(call.text(0)) : slug_of(fmt::format("{} {}", first, last));
  std::string dotted = name.empty() ? "user" : name;
  std::replace(dotted.begin(), dotted.end(), '-', '.');
  return dotted + std::to_string(number);
}

Scalar username(Call& call) {
  return user_name(call);
}

Scalar email(Call& call) {
  const auto name = user_name(call);
  return fmt::format("{}@{}", name, pick(call.random(), kDomains));
}

Scalar domain_name(Call& call) {
  const auto host = lower_case(pick(call.random(), words::kCompanyNames));
  return fmt::format("{}.{}", host, pick(call.random(), kDomains));
}

Scalar url(Call& call) {
  const auto domain = pick(call.random(), kDomains);
  const auto first = pick(call.random(), words::kWords);
  return fmt::format("https://{}/{}/{}", domain, first, pick(call.random(), words::kWords));
}

// RFC 5737: the networks for documentation.
Scalar ipv4(Call& call) {
  constexpr std::array<std::string_view, 3> kNetworks{"192.0.2", "198.51.100", "203.0.113"};
  const auto network = pick(call.random(), kNetworks);
  return fmt::format("{}.{}", network, call.random().between(1, 254));
}

// RFC 3849.
Scalar ipv6(Call& call) {
  const auto bits = call.random().next();
  return fmt::format("2001:db8:{:x}:{:x}:{:x}:{:x}", bits & 0xFFFFU, bits >> 16U & 0xFFFFU,
                     bits >> 32U & 0xFFFFU, bits >> 48U);
}

// RFC 7042: 00-00-5E-00-53-xx is the range for documentation.
Scalar mac_address(Call& call) {
  return fmt::format("00:00:5e:00:53:{:02x}", call.random().below(256));
}

Scalar file_name(Call& call) {
  const auto first = pick(call.random(), words::kWords);
  const auto second = pick(call.random(), words::kWords);
  const auto extension = pick(call.random(), words::kFileExtensions);
  return fmt::format("{}-{}.{}", first, second, call.has(0) ? call.text(0) : extension);
}

Scalar user_agent(Call& call) {
  constexpr std::array<std::string_view, 3> kPlatforms{
      "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64"};
  const auto platform = pick(call.random(), kPlatforms);
  const auto version = call.random().between(115, 140);
  if (call.random().below(4) == 0) {
    return fmt::format("Mozilla/5.0 ({}; rv:{}.0) Gecko/20100101 Firefox/{}.0", platform, version,
                       version);
  }
  return fmt::format(
      "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 "
      "Safari/537.36",
      platform, version);
}

constexpr std::array<FunctionRow, 9> kRows{{
    {"domain_name() -> text", "A host below example.com, .net or .org.", "domain_name()",
     "acorn.example.com", domain_name, Effect::draws},
    {"email(name?: text) -> text",
     "An address that reaches nobody; of `name` when given. For a unique column write a template "
     "with `{n}`.",
     "email()", "adam.foster9612@example.net", email, Effect::draws},
    {"file_name(extension?: text) -> text", "A file's name.", "file_name('pdf')",
     "actor-degree.pdf", file_name, Effect::draws},
    {"ipv4() -> text", "An address of the networks for documentation.", "ipv4()", "192.0.2.62",
     ipv4, Effect::draws},
    {"ipv6() -> text", "An address of the network for documentation.", "ipv6()",
     "2001:db8:e57c:5a65:7e87:2ce", ipv6, Effect::draws},
    {"mac_address() -> text", "An address of the range for documentation.", "mac_address()",
     "00:00:5e:00:53:02", mac_address, Effect::draws},
    {"url() -> text", "An address below example.com, .net or .org.", "url()",
     "https://example.com/degree/wait", url, Effect::draws},
    {"user_agent() -> text", "What a browser calls itself.", "user_agent()",
     "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/121.0.0.0 Safari/537.36",
     user_agent, Effect::draws},
    {"username(name?: text) -> text", "A login name; of `name` when given.",
     "username('Ada Lovelace')", "ada.lovelace9612", username, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> internet_providers() {
  return kRows;
}

}  // namespace seedbed::detail
