// Numbers with check digits, from ranges that belong to nobody. The checks are written anew here.
#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factories/expression_frame.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::compiled;
using testing::expect_all_match;
using testing::ThrowsError;
using testing::values_of;

std::vector<std::string> matching_texts(const std::string& expression) {
  std::vector<std::string> texts;
  for (const auto& value : values_of(expression, 500)) texts.push_back(to_text(value));
  return texts;
}

// The values of 500 rows, which all match the pattern.
std::vector<std::string> matching_texts(const std::string& expression, const std::string& pattern) {
  const std::regex regex{pattern};
  auto texts = matching_texts(expression);
  for (const auto& text : texts) {
    EXPECT_TRUE(std::regex_match(text, regex)) << expression << ": " << text;
  }
  return texts;
}

// ISO/IEC 7812: from the right, every second digit doubled.
bool passes_luhn(const std::string& number) {
  int sum = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const int digit = number[number.size() - 1 - i] - '0';
    sum += i % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10;
  }
  return sum % 10 == 0;
}

// GS1: from the right, weights 1 and 3.
bool passes_gs1(const std::string& number) {
  int sum = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    sum += (number[number.size() - 1 - i] - '0') * (i % 2 == 0 ? 1 : 3);
  }
  return sum % 10 == 0;
}

// ISO 2108 and 3297: weights down to 1, X is ten.
bool passes_modulo11(std::string number) {
  number.erase(std::remove(number.begin(), number.end(), '-'), number.end());
  int sum = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const int value = number[i] == 'X' ? 10 : number[i] - '0';
    sum += value * static_cast<int>(number.size() - i);
  }
  return sum % 11 == 0;
}

// ISO 13616: the first four characters behind the others, letters as numbers, modulo 97.
bool passes_modulo97(const std::string& iban) {
  int rest = 0;
  for (const char c : iban.substr(4) + iban.substr(0, 4)) {
    const int value = c >= 'A' ? c - 'A' + 10 : c - '0';
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest == 1;
}

struct Network {
  std::string name;
  std::string shape;
};

TEST(CardNumbers, AreOfTheNumbersForTests) {
  const std::vector<Network> networks{
      {"amex", "(378282|371449)\\d{9}"},        {"diners", "(305693|385200)\\d{8}"},
      {"discover", "(601111|601100)\\d{10}"},   {"jcb", "(353011|356600)\\d{10}"},
      {"mastercard", "(555555|222300)\\d{10}"}, {"unionpay", "620000\\d{10}"},
      {"visa", "(411111|424242)\\d{10}"}};
  std::string any;
  for (const auto& [name, shape] : networks) {
    any += (any.empty() ? "" : "|") + shape;
    for (const auto& number : matching_texts("card_number('" + name + "')", shape)) {
      EXPECT_TRUE(passes_luhn(number)) << number;
    }
  }
  for (const auto& number : matching_texts("card_number()", any)) {
    EXPECT_TRUE(passes_luhn(number)) << number;
  }
  EXPECT_TRUE(passes_luhn("4111111111111111")) << "the check itself";
  EXPECT_FALSE(passes_luhn("4111111111111112"));
}

TEST(CardNumbers, RefuseANetworkThatIsNone) {
  EXPECT_THAT([] { (void)compiled("card_number(network='vista')"); },
              ThrowsError(ErrorCode::invalid_input,
                          "card_number: 'network' is amex, diners, discover, jcb, mastercard, "
                          "unionpay or visa, not 'vista'; did you mean 'visa'?"));
  testing::TestScope scope;
  scope.columns = {{"kind", ExpressionType::text}};
  EXPECT_THAT([&] { (void)compiled("concat(kind, card_number('foo'))", scope); },
              ThrowsError(ErrorCode::invalid_input, "not 'foo'"));
}

TEST(CardNumbers, RefuseANetworkOfARowThatIsNone) {
  testing::TestScope scope;
  scope.columns = {{"kind", ExpressionType::text}};
  testing::TestFrame frame;
  frame.size = 2;
  frame.columns["kind"] = {std::string{"visa"}, std::string{"vista"}};
  EXPECT_THAT([&] { (void)compiled("card_number(kind)", scope).evaluate(frame); },
              ThrowsError(ErrorCode::invalid_input,
                          "f.yaml:3:11: card_number: 'network' is amex, diners, discover, jcb, "
                          "mastercard, unionpay or visa, not 'vista'; did you mean 'visa'?"));
}

TEST(Cards, HaveACodeAndExpireLater) {
  expect_all_match("card_code()", "\\d{3}");
  expect_all_match("card_code('amex')", "\\d{4}");
  std::set<std::string> years;
  for (const auto& month : matching_texts("card_expiry()", "(0[1-9]|1[0-2])/(26|27|28|29|30|31)")) {
    EXPECT_NE(month, "01/26") << "now is in January of 2026";
    years.insert(month.substr(3));
  }
  EXPECT_EQ(years.size(), 6U);
}

TEST(Ibans, AreRightAndOfNoBank) {
  const std::map<std::string, std::string> shapes{
      {"AT", R"(AT\d\d00000\d{11})"},     {"BR", R"(BR\d\d99999999\d{15}C1)"},
      {"CH", R"(CH\d\d00000\d{12})"},     {"DE", R"(DE\d\d00000000\d{10})"},
      {"ES", R"(ES\d\d0000\d{16})"},      {"FR", R"(FR\d\d00000\d{18})"},
      {"GB", R"(GB\d\dTEST000000\d{8})"}, {"IE", R"(IE\d\dTEST000000\d{8})"},
      {"NL", R"(NL\d\dTEST0\d{9})"},      {"PT", R"(PT\d\d0000\d{17})"}};
  for (const auto& [country, shape] : shapes) {
    for (const auto& iban : matching_texts("iban('" + country + "')", shape)) {
      EXPECT_TRUE(passes_modulo97(iban)) << iban;
    }
  }
  std::set<std::string> countries;
  for (const auto& iban : matching_texts("iban()")) countries.insert(iban.substr(0, 2));
  EXPECT_EQ(countries.size(), shapes.size());
  EXPECT_TRUE(passes_modulo97("GB82WEST12345698765432")) << "the check itself";
}

TEST(Ibans, HaveTheCheckDigitsOfTheirCountry) {
  for (const auto& iban : matching_texts("iban('FR')")) {
    std::int64_t rest = 0;
    for (const char c : iban.substr(4)) rest = (rest * 10 + c - '0') % 97;
    EXPECT_EQ(rest, 0) << iban;
  }
  for (const auto& iban : matching_texts("iban('PT')")) {
    std::int64_t rest = 0;
    for (const char c : iban.substr(4)) rest = (rest * 10 + c - '0') % 97;
    EXPECT_EQ(rest, 1) << iban;
  }
  constexpr std::array<int, 10> kWeights{1, 2, 4, 8, 5, 10, 9, 7, 3, 6};
  for (const auto& iban : matching_texts("iban('ES')")) {
    const auto bank = "00" + iban.substr(4, 8);
    const auto account = iban.substr(14);
    int first = iban[12] - '0';
    int second = iban[13] - '0';
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
      first += (bank[i] - '0') * kWeights[i];
      second += (account[i] - '0') * kWeights[i];
    }
    // A check of ten is written 1.
    EXPECT_TRUE(first % 11 == 0 || (iban[12] == '1' && (first + 9) % 11 == 0)) << iban;
    EXPECT_TRUE(second % 11 == 0 || (iban[13] == '1' && (second + 9) % 11 == 0)) << iban;
  }
}

TEST(BankCodes, AreForTests) {
  expect_all_match("bic()", "[A-Z]{4}(AT|BR|CH|DE|ES|FR|GB|IE|NL|PT)[A-Z]0");
  expect_all_match("bic('FR')", "[A-Z]{4}FR[A-Z]0");
  for (const auto& number : matching_texts("routing_number()", "9\\d{8}")) {
    int sum = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
      sum += (number[i] - '0') * (i % 3 == 0 ? 3 : i % 3 == 1 ? 7 : 1);
    }
    EXPECT_EQ(sum % 10, 0) << number;
  }
  expect_all_match("account_number(8)", "\\d{8}");
}

TEST(Books, HaveRightCheckDigits) {
  bool ten = false;
  for (const auto& isbn : matching_texts("isbn10()", "\\d{9}[\\dX]")) {
    EXPECT_TRUE(passes_modulo11(isbn)) << isbn;
    ten = ten || isbn.ends_with('X');
  }
  EXPECT_TRUE(ten);
  for (const auto& isbn : matching_texts("isbn13()", "978\\d{10}")) {
    EXPECT_TRUE(passes_gs1(isbn)) << isbn;
  }
  for (const auto& issn : matching_texts("issn()", R"(\d{4}-\d{3}[\dX])")) {
    EXPECT_TRUE(passes_modulo11(issn)) << issn;
  }
  EXPECT_TRUE(passes_modulo11("0306406152") && passes_gs1("9780306406157") &&
              passes_modulo11("0378-5955"))
      << "the checks themselves";
}

TEST(Products, HaveRightCheckDigitsAndAreOfAShop) {
  for (const auto& code : matching_texts("ean8()", "2\\d{7}")) {
    EXPECT_TRUE(passes_gs1(code)) << code;
  }
  for (const auto& code : matching_texts("upc()", "2\\d{11}")) {
    EXPECT_TRUE(passes_gs1(code)) << code;
  }
}

TEST(Devices, HaveRightCheckDigitsAndAreForTests) {
  for (const auto& imei : matching_texts("imei()", "00\\d{13}")) {
    EXPECT_TRUE(passes_luhn(imei)) << imei;
  }
}

TEST(Vehicles, HaveARightCheckDigitAndNoMaker) {
  const auto passes = [](const std::string& vin) {
    const std::string values = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ";  // by its last digit
    const std::vector<int> weights{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    for (std::size_t i = 0; i < vin.size(); ++i) {
      sum += static_cast<int>(values.find(vin[i]) % 10) * weights[i];
    }
    return vin[8] == (sum % 11 == 10 ? 'X' : static_cast<char>('0' + sum % 11));
  };
  EXPECT_TRUE(passes("1M8GDM9AXKP042788")) << "the check itself";
  EXPECT_TRUE(passes("11111111111111111"));
  for (const auto& vin : matching_texts("vin()", "0[A-HJ-NPR-Z0-9]{16}")) {
    EXPECT_TRUE(passes(vin)) << vin;
  }
}

TEST(People, HaveNumbersThatAreNeverGivenOut) {
  for (const auto& ssn : matching_texts("ssn()", R"(666-\d\d-\d{4})")) {
    EXPECT_NE(ssn.substr(4, 2), "00");
    EXPECT_NE(ssn.substr(7), "0000");
  }
  expect_all_match("ein()", "(00|07|08|09|17|18|19|28|29|49|69|70|78|79|89|96|97)-\\d{7}");
}

TEST(StandardNumbers, HaveADomainForUniqueColumns) {
  for (const std::string name : {"ean8", "upc", "imei", "isbn10", "isbn13", "issn", "ssn"}) {
    const auto domain = compiled(name + "()").domain();
    ASSERT_NE(domain, nullptr) << name;
    for (const auto& text : matching_texts(name + "()")) {
      const auto index = domain->index_of(TextView{text});
      ASSERT_TRUE(index) << name << ": " << text;
      EXPECT_EQ(to_text(testing::value_at(*domain, *index)), text);
    }
    EXPECT_EQ(domain->index_of(TextView{"0"}), std::nullopt);
  }
  const auto isbn = compiled("isbn10()").domain();
  EXPECT_EQ(isbn->size(), 1'000'000'000U);
  EXPECT_EQ(isbn->index_of(TextView{"0306406153"}), std::nullopt) << "a wrong check digit";
}

}  // namespace
}  // namespace seedbed
