// Names, addresses and phones by language and country.
#include <algorithm>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/function_reference.hpp"
#include "tests/factories/expression_frame.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::compiled;
using testing::expect_all_match;
using testing::texts_of;
using testing::ThrowsError;
using testing::values_of;

std::string in(const std::string& provider, const std::string& locale) {
  return provider + "(locale='" + locale + "')";
}

TEST(Locales, AreTheEight) {
  EXPECT_THAT(locales(), ::testing::ElementsAre("en_US", "en_GB", "de_DE", "fr_FR", "es_ES",
                                                "pt_BR", "ja_JP", "zh_CN"));
}

TEST(Locales, AreCheckedWithTheExpression) {
  EXPECT_THAT([] { (void)compiled("first_name(locale='de_D')"); },
              ThrowsError(ErrorCode::invalid_input,
                          "f.yaml:3:29: first_name: 'locale' is en_US, en_GB, de_DE, fr_FR, es_ES, "
                          "pt_BR, ja_JP or zh_CN, not 'de_D'; did you mean 'de_DE'?"));
  EXPECT_THAT([] { (void)compiled("first_name(gender='woman')"); },
              ThrowsError(ErrorCode::invalid_input, "'gender' is female or male, not 'woman'"));
  EXPECT_THAT(
      [] { (void)compiled("city(locale=5)"); },
      ThrowsError(ErrorCode::invalid_input, "'locale' of 'city' is a locale, not an integer"));
}

TEST(Locales, MayComeFromAColumn) {
  testing::TestScope scope;
  scope.columns = {{"language", ExpressionType::text}};
  testing::TestFrame frame;
  frame.size = 3;
  frame.columns["language"] = {std::string{"ja_JP"}, Null{}, std::string{"xx_XX"}};
  const auto name = compiled("day_name(2026-01-01, locale=language)", scope);
  EXPECT_THAT([&] { (void)name.evaluate(frame); },
              ThrowsError(ErrorCode::invalid_input, "'locale' is en_US, en_GB"));
  frame.size = 2;
  EXPECT_EQ(evaluated(name, frame), (std::vector<Scalar>{"木曜日", "Thursday"}));
}

class LocaleScope : public testing::TestScope {
 public:
  [[nodiscard]] std::string_view locale() const override { return "fr_FR"; }
};

TEST(Locales, ComeFromTheScopeWhereACallNamesNone) {
  testing::TestFrame frame;
  const LocaleScope french;
  EXPECT_EQ(evaluated(compiled("day_name(2026-01-01)", french), frame)[0], Scalar{"jeudi"});
  EXPECT_EQ(evaluated(compiled("day_name(2026-01-01, locale='en_GB')", french), frame)[0],
            Scalar{"Thursday"});
  EXPECT_EQ(evaluated(compiled("full_name('male')", french), frame),
            evaluated(compiled("full_name('male', locale='fr_FR')"), frame));
  EXPECT_EQ(compiled("last_name()", french).domain()->size(),
            compiled("last_name(locale='fr_FR')").domain()->size());
}

/// Texts of a function in a language: not empty, valid, and with no placeholder left.
void expect_whole_texts(const FunctionDescription& function, const std::string& locale) {
  const auto required = function.signature.find("name: text") != std::string::npos &&
                        function.signature.find("name?: text") == std::string::npos;
  const auto call = function.name + (required ? "('x', " : "(") + "locale='" + locale + "')";
  for (const auto& text : texts_of(call, 200)) {
    EXPECT_FALSE(text.empty()) << call;
    EXPECT_FALSE(find_invalid_utf8(text)) << call;
    EXPECT_EQ(text.find_first_of("#%@{}"),
              function.name == "email" ? text.find('@') : std::string::npos)
        << call << ": " << text;
  }
}

TEST(Locales, EachHaveEveryProvider) {
  for (const auto& function : functions()) {
    if (function.signature.find("locale?: locale") == std::string::npos) continue;
    for (const auto& locale : locales()) expect_whole_texts(function, locale);
  }
}

// Ranges for fiction where the country keeps them; numbers that do not exist where it does not.
TEST(Phones, ReachNobody) {
  expect_all_match(in("phone", "en_US"), R"(\+1 [2-9]\d\d-555-01\d\d)");
  expect_all_match(
      in("phone", "en_GB"),
      R"(\+44 (1(1[3-8]|[2-6]1) 496 0\d{3}|191 498 0\d{3}|20 7946 0\d{3}|28 9649 6\d{3})"
      R"(|29 2018 0\d{3}|1632 960\d{3}|7700 900\d{3}))");
  expect_all_match(in("phone", "de_DE"),
                   R"(\+49 (30 23125|40 66969|69 90009|89 99998|221 4710) \d{3}|)"
                   R"(\+49 (171 39200|176 040690) \d\d)");
  expect_all_match(in("phone", "fr_FR"),
                   R"(\+33 (1 99 00|2 61 91|3 53 01|4 65 71|5 36 49|6 39 98) \d\d \d\d)");
  expect_all_match(in("phone", "es_ES"), R"(\+34 3\d\d \d{3} \d{3})");
  expect_all_match(in("phone", "pt_BR"),
                   R"(\+55 (23|25|26|29|36|39|52|56|57|58|59|72|76) 9\d{4}-\d{4})");
  expect_all_match(in("phone", "ja_JP"), R"(\+81 [1-9]\d?-0\d{2,3}-\d{4})");
  expect_all_match(in("phone", "zh_CN"), R"(\+86 (10|2\d) 0\d{3} \d{4})");
}

TEST(Addresses, HaveThePostcodesOfTheCountry) {
  expect_all_match(in("postcode", "en_US"), R"(\d{5})");
  expect_all_match(in("postcode", "en_GB"), R"([A-Z]{1,2}\d{1,2} \d[ABD-HJLNP-UW-Z]{2})");
  expect_all_match(in("postcode", "de_DE"), R"(\d{5})");
  expect_all_match(in("postcode", "fr_FR"), R"(\d{5})");
  expect_all_match(in("postcode", "es_ES"), R"((0[1-9]|[1-4]\d|5[0-2])\d{3})");
  expect_all_match(in("postcode", "pt_BR"), R"(\d{5}-\d{3})");
  expect_all_match(in("postcode", "ja_JP"), R"(\d{3}-\d{4})");
  expect_all_match(in("postcode", "zh_CN"), R"(\d{6})");
}

TEST(Addresses, FollowTheCity) {
  expect_all_match("postcode('München', locale='de_DE')", R"(803\d\d)");
  expect_all_match("state('München', locale='de_DE')", "Bayern");
  expect_all_match("state_code('Sevilla', locale='es_ES')", "AN");
  expect_all_match("county('Lyon', locale='fr_FR')", "Rhône");
  expect_all_match("county('Denver')", "Denver County");
  expect_all_match("county('Leeds', locale='en_GB')", "West Yorkshire");
  expect_all_match("state('渋谷区', locale='ja_JP')", "東京都");
  EXPECT_GT(texts_of("state('Denver', locale='de_DE')", 50).size(), 1U) << "not a German city";
}

TEST(Addresses, AreInTheOrderOfTheCountry) {
  expect_all_match("full_address('Denver')", R"(\d{1,4} [A-Z]\w* [A-Z]\w*, Denver, CO 802\d\d)");
  expect_all_match("full_address('Leeds', locale='en_GB')",
                   R"(\d{1,3} [A-Z][\w ]*, Leeds, LS1 \d[A-Z]{2})");
  expect_all_match("full_address('Köln', locale='de_DE')", R"(.+ \d{1,3}, 506\d\d Köln)");
  expect_all_match("full_address('Paris', locale='fr_FR')", R"(\d{1,3} .+, 7500[1-9] Paris)");
  expect_all_match("full_address('Madrid', locale='es_ES')", R"(.+, \d{1,3}, 280\d\d Madrid)");
  expect_all_match("full_address('Recife', locale='pt_BR')",
                   R"(.+, \d{1,3} - Recife - PE, 500\d\d-\d{3})");
  expect_all_match("full_address('渋谷区', locale='ja_JP')",
                   R"(〒150-00\d\d 東京都渋谷区.+\d-\d{1,2}-\d{1,2})");
  expect_all_match("full_address('深圳市', locale='zh_CN')", R"(广东省深圳市.+\d{1,3}号 5180\d\d)");
  expect_all_match("full_address('北京市', locale='zh_CN')",
                   R"(北京市(?!北京市).+\d{1,3}号 1000\d\d)");
}

TEST(Addresses, LieNearTheirCity) {
  for (const auto& latitude : values_of("latitude('Tokyo', locale='ja_JP')", 9)) {
    EXPECT_TRUE(compare(latitude, Decimal{-90, 0}).value() >= 0);
  }
  for (const auto& latitude : values_of("latitude('Berlin', locale='de_DE')", 500)) {
    EXPECT_NEAR(to_real(latitude).value(), 52.520, 0.0500001);
  }
  for (const auto& longitude : values_of("longitude('Denver')", 500)) {
    EXPECT_NEAR(to_real(longitude).value(), -104.990, 0.0500001);
  }
  expect_all_match("coordinates('Berlin', locale='de_DE')", R"(52\.\d{6}, 13\.\d{6})");
  expect_all_match("point('Denver')", R"(POINT\(-10[45]\.\d{6} 39\.\d{6}\))");
}

TEST(Countries, AreNamedInTheLanguage) {
  const auto german = compiled("country(locale='de_DE')").domain();
  EXPECT_TRUE(german->index_of(TextView{"Frankreich"}));
  EXPECT_FALSE(german->index_of(TextView{"France"}));
  expect_all_match("country_code('Frankreich', locale='de_DE')", "FR");
  expect_all_match("country_code('France', locale='de_DE')", "FR");
  expect_all_match("country_code('ドイツ', locale='ja_JP')", "DE");
  expect_all_match("nationality('Allemagne', locale='fr_FR')", "German");
}

TEST(Names, AreInTheOrderOfTheCountry) {
  expect_all_match(in("full_name", "es_ES"), R"(\S+( \S+){2,4})");
  expect_all_match(in("full_name", "ja_JP"), R"(\S+ \S+)");
  const auto family = compiled("last_name(locale='zh_CN')").domain();
  for (const auto& name : texts_of(in("full_name", "zh_CN"))) {
    const auto one = std::string{first_code_points(name, 1)};
    const auto two = std::string{first_code_points(name, 2)};
    EXPECT_TRUE(family->index_of(TextView{one}) || family->index_of(TextView{two})) << name;
  }
}

/// Those of one gender; enough of them, and each once.
std::set<std::string> first_names(const std::string& gender, const std::string& locale) {
  const auto domain = compiled("first_name('" + gender + "', locale='" + locale + "')").domain();
  std::set<std::string> names;
  for (std::uint64_t i = 0; i < domain->size(); ++i) {
    names.insert(to_text(testing::value_at(*domain, i)));
  }
  EXPECT_EQ(names.size(), domain->size()) << locale;
  EXPECT_GE(domain->size(), 55U) << locale;
  return names;
}

TEST(Names, FollowTheGender) {
  for (const auto& locale : locales()) {
    auto both = first_names("female", locale);
    both.merge(first_names("male", locale));
    const auto all = compiled(in("first_name", locale)).domain();
    EXPECT_EQ(both.size(), all->size()) << locale;
  }
  EXPECT_TRUE(compiled("first_name('female')").domain()->index_of(TextView{"Zoe"}));
  EXPECT_FALSE(compiled("first_name('male')").domain()->index_of(TextView{"Zoe"}));
}

TEST(Names, FollowTheGenderOfTheRow) {
  testing::TestScope scope;
  scope.columns = {{"gender", ExpressionType::text}};
  testing::TestFrame frame;
  frame.size = 100;
  for (int i = 0; i < 100; ++i) {
    frame.columns["gender"].push_back(std::string{i % 2 == 0 ? "female" : "male"});
  }
  const auto female = compiled("first_name('female', locale='de_DE')").domain();
  const auto values = compiled("first_name(gender, locale='de_DE')", scope).evaluate(frame);
  for (std::size_t i = 0; i < values.size(); i += 2) {
    EXPECT_TRUE(female->index_of(values[i])) << to_text(values[i]);
  }
}

TEST(Names, AreLatinInAddressesOfMail) {
  for (const auto& locale : locales()) {
    expect_all_match(in("email", locale), R"([a-z]+(\.[a-z]+)+\d{1,4}@example\.(com|net|org))");
    expect_all_match(in("username", locale), R"([a-z]+(\.[a-z]+)+\d{1,4})");
  }
  expect_all_match("email('佐藤 陽翔', locale='ja_JP')", R"(haruto\.sato\d{1,4}@example\.\w{3})");
  expect_all_match("email('欧阳志强', locale='zh_CN')",
                   R"(zhiqiang\.ouyang\d{1,4}@example\.\w{3})");
  expect_all_match("email('㐂', locale='ja_JP')", R"(user\d{1,4}@example\.\w{3})");
  expect_all_match("email('Jürgen Müller', locale='de_DE')",
                   R"(jurgen\.muller\d{1,4}@example\.\w{3})");
}

TEST(Names, AreRomanizedWhenTheyAreKnown) {
  const auto romanized = [](const std::string& name, const std::string& locale) {
    return to_text(testing::value_of("romanized('" + name + "', locale='" + locale + "')"));
  };
  EXPECT_EQ(romanized("佐藤 陽翔", "ja_JP"), "Haruto Sato");
  EXPECT_EQ(romanized("佐藤　陽翔", "ja_JP"), "Haruto Sato") << "an ideographic space";
  EXPECT_EQ(romanized("陽翔", "ja_JP"), "Haruto");
  EXPECT_EQ(romanized("佐藤", "ja_JP"), "Sato");
  EXPECT_EQ(romanized("王伟", "zh_CN"), "Wei Wang");
  EXPECT_EQ(romanized("王龘", "zh_CN"), "王龘") << "not in the lists";
  EXPECT_EQ(romanized("王伟", "en_US"), "王伟");
  for (const std::string locale : {"ja_JP", "zh_CN"}) {
    for (const auto& name :
         texts_of("romanized(" + in("full_name", locale) + ", locale='" + locale + "')")) {
      EXPECT_TRUE(std::regex_match(name, std::regex{"[A-Z][a-z]+ [A-Z][a-z]+"})) << name;
    }
  }
}

TEST(Companies, AreNamedAsInTheCountry) {
  expect_all_match(in("company", "de_DE"), R"(.*(GmbH|AG|KG|OHG)$)");
  expect_all_match(in("company", "ja_JP"), R"(.*(会社|商店|製作所).*)");
}

TEST(WordLists, HaveNoWordTwice) {
  const std::vector<std::string> lists{"first_name", "last_name", "city", "country"};
  for (const auto& locale : locales()) {
    for (const auto& list : lists) {
      const auto domain = compiled(in(list, locale)).domain();
      std::set<std::string> seen;
      for (std::uint64_t i = 0; i < domain->size(); ++i)
        seen.insert(to_text(testing::value_at(*domain, i)));
      EXPECT_EQ(seen.size(), domain->size()) << list << " in " << locale;
      EXPECT_GE(seen.size(), 60U) << list << " in " << locale;
    }
  }
  for (const auto& function : functions()) {
    if (function.example.empty()) continue;
    const auto domain = compiled(function.example).domain();
    if (domain == nullptr || domain->size() > 1000) continue;
    std::set<std::string> seen;
    for (std::uint64_t i = 0; i < domain->size(); ++i)
      seen.insert(to_text(testing::value_at(*domain, i)));
    EXPECT_EQ(seen.size(), domain->size()) << function.name;
  }
}

}  // namespace
}  // namespace seedbed
