#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "seedbed/factories/function_reference.hpp"
#include "tests/factories/expression_frame.hpp"

namespace seedbed {
namespace {

using testing::values_of;

void expect_all_match(std::string_view expression, const std::string& pattern) {
  const std::regex regex{pattern};
  for (const auto& value : values_of(expression, 500)) {
    EXPECT_TRUE(std::regex_match(to_text(value), regex)) << expression << ": " << to_text(value);
  }
}

TEST(Providers, ReachNobody) {
  expect_all_match("email()", R"([a-z][a-z0-9.]*@example\.(com|net|org))");
  expect_all_match("email('Zoë O\\'Neil')", R"(zoe\.oneil\d{1,4}@example\.(com|net|org))");
  expect_all_match("email('李')", R"(user\d{1,4}@example\.(com|net|org))");
  expect_all_match("domain_name()", R"([a-z]+\.example\.(com|net|org))");
  expect_all_match("url()", R"(https://example\.(com|net|org)/[a-z]+/[a-z]+)");
  expect_all_match("phone()", R"(\+1 [2-9]\d\d-555-01\d\d)");
  expect_all_match("ipv4()", R"((192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3})");
  expect_all_match("ipv6()", R"(2001:db8(:[0-9a-f]{1,4}){4})");
  expect_all_match("mac_address()", R"(00:00:5e:00:53:[0-9a-f]{2})");
}

TEST(Providers, HaveTheirShape) {
  expect_all_match("uuid()", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  expect_all_match("hex(5)", "[0-9a-f]{5}");
  expect_all_match("pattern('Aa#-\\\\A\\\\#x')", "[A-Z][a-z][0-9]-A#x");
  expect_all_match("username()", "[a-z][a-z.]*[0-9]{1,4}");
  expect_all_match("country_code()", "[A-Z]{2}");
  expect_all_match("currency_code()", "[A-Z]{3}");
  expect_all_match("state_code()", "[A-Z]{2}");
  expect_all_match("postcode()", "[0-9]{5}");
  expect_all_match("sku()", "[A-Z]{3}-[0-9]{5}");
  expect_all_match("price(5, 200)", R"([1-9]\d*\.(00|25|49|50|75|90|95|99))");
  expect_all_match("words(4)", "[a-z]+( [a-z]+){3}");
  expect_all_match("sentence(4)", R"([A-Z][a-z]*( [a-z]+){3}\.)");
  expect_all_match("sentence()", R"([A-Z][a-z]*( [a-z]+){4,11}\.)");
  expect_all_match("headline(2)", "[A-Z][a-z]* [A-Z][a-z]*");
  expect_all_match("file_name('pdf')", R"([a-z]+-[a-z]+\.pdf)");
  expect_all_match("latitude()", R"(-?\d{1,2}\.\d{6})");
  expect_all_match("street_address()", R"(\d{1,4}( [A-Z][a-z]+){2})");
  EXPECT_EQ(std::get<Bytes>(testing::value_of("bytes(20)")).data.size(), 20U);
}

TEST(Providers, KeepPricesWithinTheirBounds) {
  for (const auto& price : values_of("price(1, 3)", 500)) {
    EXPECT_GE(compare(price, std::int64_t{1}), 0);
    EXPECT_LE(compare(price, std::int64_t{3}), 0);
  }
}

TEST(Providers, MakeBarcodesWithARightCheckDigit) {
  for (const auto& value : values_of("barcode()", 500)) {
    const auto code = to_text(value);
    int sum = 0;
    for (std::size_t i = 0; i < code.size(); ++i) sum += (code[i] - '0') * (i % 2 == 0 ? 1 : 3);
    EXPECT_EQ(code.size(), 13U);
    EXPECT_EQ(sum % 10, 0) << code;
  }
}

TEST(Providers, FollowTheCityOrCountryTheyAreGiven) {
  expect_all_match("concat(state('Denver'), ' ', state_code('Denver'), ' ', postcode('Denver'))",
                   "Colorado CO 802[0-9]{2}");
  expect_all_match("country_code('New Zealand')", "NZ");
  EXPECT_GT((std::set<std::string>{to_text(values_of("state('Nowhere')", 9)[0]),
                                   to_text(values_of("state('Nowhere')", 9)[1]),
                                   to_text(values_of("state('Nowhere')", 9)[2])}
                 .size()),
            1U);
}

struct Golden {
  std::string_view expression;
  std::string_view values;  // of rows 1 to 3
};

// Any change here changes the data sets of all users: a new version of the provider is the way.
constexpr Golden kGolden[] = {
    {"one_of('a', 'b', 'c')", "a | a | c"},
    {"weighted(customer=95, staff=4, admin=1)", "customer | customer | customer"},
    {"maybe(70%, 'here')", "here | here | here"},
    {"boolean(95%)", "true | true | true"},
    {"bytes(4)", "7ce5655a | 516c5f7e | 9f103239"},
    {"round(exponential(mean=10), 3)", "45.132 | 16.662 | 2.208"},
    {"hex(12)", "7ce5655a877e | 516c5f7efa5e | 9f1032392e40"},
    {"round(lognormal(mean=12, sd=20, max=500), 3)", "0.440 | 2.234 | 16.416"},
    {"round(normal(mean=120, sd=60, min=0), 2)", "78.09 | 67.10 | 170.90"},
    {"pattern('AA-####')", "AG-9476 | EU-3666 | UB-0252"},
    {"poisson(mean=3.5)", "0 | 2 | 5"},
    {"uuid()",
     "7ce5655a-877e-4e02-87b0-6d01f24e113e | 516c5f7e-fa5e-4030-b51d-7b7e44c919c8 | "
     "9f103239-2e40-46cd-9d51-1c26fae2820b"},
    {"zipf(s=1.1, max=1000)", "886 | 148 | 2"},
    {"department()", "Accounting | Design | Sales"},
    {"first_name()", "Adam | Carol | Peter"},
    {"full_name()", "Adam Foster | Carol Salazar | Peter Barnes"},
    {"job_title()",
     "Associate Customer Technician | Chief Research Consultant | Senior Application Advisor"},
    {"last_name()", "Ali | Delgado | Schneider"},
    {"phone()", "+1 202-555-0124 | +1 313-555-0178 | +1 737-555-0104"},
    {"city()", "Albuquerque | Charlotte | San Antonio"},
    {"country()", "Australia | Denmark | South Africa"},
    {"country_code('Kenya')", "KE | KE | KE"},
    {"latitude()", "-88.026597 | -55.985309 | 54.333575"},
    {"longitude()", "-176.053194 | -111.970619 | 108.667149"},
    {"postcode('Denver')", "80229 | 80273 | 80200"},
    {"state('Denver')", "Colorado | Colorado | Colorado"},
    {"state_code('Denver')", "CO | CO | CO"},
    {"street_address()", "110 East Way | 1890 School Drive | 8018 Aspen Boulevard"},
    {"barcode()", "2029476730608 | 2173666313659 | 2800252912414"},
    {"color()", "amber | brown | ruby"},
    {"company()", "Acorn Farms Ltd. | Compass Studios Corp. | Summit Bakery Co."},
    {"currency_code()", "AED | COP | SEK"},
    {"price(5, 200)", "7.25 | 42.95 | 162.00"},
    {"product_name()", "Adjustable Cotton Vase | Folding Silver Fork | Striped Bamboo Blanket"},
    {"sku()", "AGY-47673 | EUI-66631 | UBC-25291"},
    {"domain_name()", "acorn.example.com | compass.example.org | summit.example.com"},
    {"email()",
     "adam.foster9612@example.net | carol.salazar3208@example.org | peter.barnes776@example.com"},
    {"file_name('pdf')", "actor-degree.pdf | compare-serious.pdf | short-artist.pdf"},
    {"ipv4()", "192.0.2.62 | 192.0.2.199 | 203.0.113.12"},
    {"ipv6()",
     "2001:db8:e57c:5a65:7e87:2ce | 2001:db8:6c51:7e5f:5efa:3060 | 2001:db8:109f:3932:402e:cd46"},
    {"mac_address()", "00:00:5e:00:53:02 | 00:00:5e:00:53:30 | 00:00:5e:00:53:cd"},
    {"url()",
     "https://example.com/degree/wait | https://example.com/serious/expect | "
     "https://example.org/artist/beside"},
    {"user_agent()",
     "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/121.0.0.0 Safari/537.36 | Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
     "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/135.0.0.0 Safari/537.36 | Mozilla/5.0 (X11; "
     "Linux x86_64; rv:116.0) Gecko/20100101 Firefox/116.0"},
    {"username('Ada Lovelace')", "ada.lovelace9612 | ada.lovelace3208 | ada.lovelace776"},
    {"headline()",
     "Degree Wait Lemon | Serious Expect Provide | Artist Beside Drive Listen Create Winter"},
    {"paragraph(2)",
     "Wait lemon section purple reach feature. Powder better butter between candle. | Expect "
     "provide pattern planet family cause favor plate office history question. Figure science "
     "doctor lesson single able. | Beside drive listen create winter. Desert invite century please "
     "short steady."},
    {"sentence()",
     "Degree wait lemon section purple. | Serious expect provide pattern planet family. | Artist "
     "beside drive listen create winter catch desert invite century please."},
    {"word()", "actor | compare | short"},
    {"words(4)",
     "actor degree wait lemon | compare serious expect provide | short artist beside drive"},
};

std::string first_values(std::string_view expression) {
  std::string text;
  for (const auto& value : values_of(expression, 3)) {
    text += (text.empty() ? "" : " | ") + to_text(value);
  }
  return text;
}

TEST(Providers, StayAsTheyAre) {
  for (const auto& [expression, values] : kGolden) {
    EXPECT_EQ(first_values(expression), values) << expression;
  }
}

TEST(Providers, AreAllPinned) {
  for (const auto& function : functions()) {
    if (!testing::compiled(function.example.empty() ? "1" : function.example).draws()) continue;
    const bool pinned =
        std::any_of(std::begin(kGolden), std::end(kGolden), [&](const Golden& line) {
          return line.expression.find(function.name + '(') != std::string_view::npos;
        });
    EXPECT_TRUE(pinned) << function.name;
  }
}

}  // namespace
}  // namespace seedbed
