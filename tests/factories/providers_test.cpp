#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "seedbed/core/text.hpp"
#include "tests/factories/expression_frame.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::expect_all_match;
using testing::values_of;

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
  expect_all_match("host_name()", R"([a-z]+-\d\d\.[a-z]+\.(example|invalid|test))");
  expect_all_match("top_level_domain()", "example|invalid|test");
  expect_all_match("image_url()", R"(https://images\.example\.(com|net|org)/[a-z]+-640x480\.png)");
  expect_all_match("ipv4_private()", R"(10(\.\d{1,3}){3})");
}

TEST(Providers, HaveTheirShape) {
  expect_all_match("uuid()", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  expect_all_match("hex(5)", "[0-9a-f]{5}");
  expect_all_match(R"(pattern('Aa#-\\A\\#x'))", "[A-Z][a-z][0-9]-A#x");
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

TEST(Providers, OfTheInternetHaveTheirShape) {
  expect_all_match("http_method()", "[A-Z]{3,7}");
  expect_all_match("http_status()", "[2-5][0-9]{2}");
  expect_all_match("port()", "[1-9][0-9]{3,4}");
  expect_all_match("semver()", R"(\d\.\d{1,2}\.\d{1,2})");
  expect_all_match("hashtag()", "#[A-Z][a-z]+[A-Z][a-z]+");
  expect_all_match("url_slug(2)", "[a-z]+-[a-z]+");
  expect_all_match("hex_color()", "#[0-9a-f]{6}");
  expect_all_match("rgb_color()", R"(rgb\(\d{1,3}, \d{1,3}, \d{1,3}\))");
  expect_all_match("hsl_color()", R"(hsl\(\d{1,3}, \d{1,3}%, \d{1,3}%\))");
  expect_all_match("mime_type()", R"([a-z]+/[a-z0-9.+-]+)");
  expect_all_match("mime_type('PNG')", R"([a-z]+/[a-z0-9.+-]+)");
  expect_all_match("file_path('csv')", R"(/[a-z]+/[a-z]+/[a-z]+/[a-z]+\.csv)");
  expect_all_match("directory_path()", R"(/[a-z]+/[a-z]+/[a-z]+)");
  expect_all_match("nano_id(5)", "[A-Za-z0-9_-]{5}");
  expect_all_match("hash()", "[0-9a-f]{64}");
  expect_all_match("hash('sha512')", "[0-9a-f]{128}");
  expect_all_match("concat(length(hash('md5')), ' ', length(hash('sha1')))", "32 40");
}

TEST(Providers, OfTextHaveTheirShape) {
  expect_all_match("question(3)", R"([A-Z][a-z]*( [a-z]+){2}\?)");
  expect_all_match("letters(4)", "[a-z]{4}");
  expect_all_match("letters(4, 'upper')", "[A-Z]{4}");
  expect_all_match("letters(4, case='mixed')", "[A-Za-z]{4}");
  expect_all_match("letter()", "[a-z]");
  expect_all_match("digits(4)", "[0-9]{4}");
  expect_all_match("alphanumeric(4)", "[0-9A-Za-z]{4}");
  expect_all_match("filler(7)", "[a-z]+ ?[a-z ]*[a-z.]");
  for (const auto& text : values_of("filler(40)", 100)) EXPECT_EQ(to_text(text).size(), 40U);
  for (const auto& text : values_of("emoji()", 100)) {
    EXPECT_EQ(count_code_points(to_text(text)), 1U);
  }
  expect_all_match("initials('Émile Zola')", "ÉZ");
  expect_all_match("catch_phrase()", "[A-Z][a-z]+ [a-z]+ for [a-z -]+");
  expect_all_match("product_description()", "[A-Z][a-z]+ [a-z]+ of [a-z]+ by [A-Z].*, for .+\\.");
  const auto text = to_text(testing::value_of("markdown(2)"));
  EXPECT_TRUE(std::regex_search(text, std::regex{R"(^# [A-Z][^\n]*\n\n## [A-Z][^\n]*\n\n[A-Z])"}));
  EXPECT_NE(text.find("\n- "), std::string::npos);
  EXPECT_EQ(split(to_text(testing::value_of("paragraphs(3)")), '\n').size(), 5U);
}

TEST(Providers, MakePasswordsOfAllKinds) {
  for (const auto& value : values_of("password(6)", 500)) {
    const auto text = to_text(value);
    EXPECT_EQ(text.size(), 6U);
    for (const auto* kind : {"[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]"}) {
      EXPECT_TRUE(std::regex_search(text, std::regex{kind})) << text;
    }
  }
  EXPECT_THAT([] { (void)testing::compiled("password(3)"); },
              testing::ThrowsError(ErrorCode::invalid_input, "an integer between 4 and 1024"));
}

TEST(Providers, KeepAmountsWithinTheirBounds) {
  std::set<std::string> seen;
  for (const auto& amount : values_of("amount(0.97, 1)", 500)) seen.insert(to_text(amount));
  EXPECT_EQ(seen, (std::set<std::string>{"0.97", "0.98", "0.99", "1.00"}));
  expect_all_match("amount(-5, 5, digits=0)", "-?[0-5]");
  EXPECT_THAT([] { (void)testing::compiled("amount(2, 1)"); },
              testing::ThrowsError(ErrorCode::invalid_input, "amount: 'min' is above 'max'"));
}

TEST(Providers, KnowCurrenciesAndLanguagesByTheirCode) {
  expect_all_match("concat(currency_name('EUR'), ' ', currency_symbol('EUR'))", "Euro €");
  expect_all_match("language_code('German')", "de");
  expect_all_match("nationality('Germany')", "German");
  expect_all_match("mime_type('pdf')", "application/pdf");
}

TEST(Providers, MakeGeohashesOfPlaces) {
  const auto hash = [](const std::string& arguments) {
    return to_text(testing::value_of("geohash(" + arguments + ")"));
  };
  EXPECT_EQ(hash("57.64911, 10.40744, 11"), "u4pruydqqvj") << "the well-known example";
  EXPECT_EQ(hash("-25.382708, -49.265506, 8"), "6gkzwgjz");
  EXPECT_EQ(hash("90, 180, 1"), "z");
  expect_all_match("geohash()", "[0-9b-hjkmnp-z]{9}");
  EXPECT_THAT([&] { (void)testing::compiled("geohash(91, 0)"); },
              testing::ThrowsError(ErrorCode::invalid_input, "argument 1 is between -90 and 90"));
}

TEST(Digests, AreThoseOfTheirValues) {
  const auto text = [](const std::string& expression) {
    return to_text(testing::value_of(expression));
  };
  EXPECT_EQ(text("md5('')"), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(text("sha1('abc')"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(text("sha256('abc')"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(text("md5(1.50)"), text("md5('1.50')"));
  EXPECT_EQ(text("md5(null)"), "") << "null has no digest";
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

}  // namespace
}  // namespace seedbed
