// Which locale the values of a factory have.
#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/insight/lint.hpp"
#include "tests/factories/factory_fixture.hpp"

namespace seedbed::testing {
namespace {

class FactoryLocale : public FactoryTest {
 protected:
  /// The column of a row that the factories of `text` make, as the database has it.
  std::string name_of(std::string_view text, const std::string& factory,
                      const CallArguments& arguments = {}) {
    const auto library = FactoryLibrary::parse(text);
    auto database = session(library);
    auto name = database.create(factory, arguments)["name"].as<std::string>();
    EXPECT_GE(count("users", "name = '" + name + "'"), 1) << name;
    return name;
  }

  static bool is_ascii(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  }
};
SEEDBED_ON_ALL_ENGINES(FactoryLocale);

constexpr std::string_view kLocaleFactories = R"yaml(
locale: ja_JP
factories:
  user:
    set: { name: =full_name(), email: "{romanized(name)}.{n}@example.com", balance: 1, created_at: =now }
    traits: { chinese: { set: { name: "=full_name(locale='zh_CN')" } } }
  american: { extends: user, locale: en_US }
  texan: { extends: american }
)yaml";

TEST_P(FactoryLocale, IsThatOfTheProject) {
  EXPECT_FALSE(is_ascii(name_of(kLocaleFactories, "user")));
  EXPECT_NE(name_of(kLocaleFactories, "user").find(' '), std::string::npos);
}

TEST_P(FactoryLocale, IsThatOfTheFactoryOrWhatItExtends) {
  EXPECT_TRUE(is_ascii(name_of(kLocaleFactories, "american")));
  EXPECT_TRUE(is_ascii(name_of(kLocaleFactories, "texan")));
}

TEST_P(FactoryLocale, IsThatOfTheCallFirst) {
  const auto name = name_of(kLocaleFactories, "american", {.traits = {"chinese"}});
  EXPECT_FALSE(is_ascii(name));
  EXPECT_EQ(name.find(' '), std::string::npos) << "Chinese names have no space";
  EXPECT_FALSE(is_ascii(
      name_of(kLocaleFactories, "texan", {.set = {{"name", expr("full_name(locale='ja_JP')")}}})));
}

TEST_P(FactoryLocale, CountsForTablesWithoutAFactory) {
  EXPECT_FALSE(is_ascii(name_of("locale: zh_CN", "users")));
  EXPECT_TRUE(is_ascii(name_of("version: 1", "users")));
}

TEST_P(FactoryLocale, ReachesAllRowsOfALoad) {
  const auto library = FactoryLibrary::parse(kLocaleFactories);
  Progress progress;
  load({connection(), schema(), library, options()}, {.entries = {{"user", 50, {}}}}, progress);
  EXPECT_EQ(count("users"), 50);
  auto rows = 0;
  for (const auto& name : split(dump("users", "name", "id"), '\n')) {
    if (name.empty()) continue;
    EXPECT_FALSE(is_ascii(name)) << name;
    ++rows;
  }
  EXPECT_EQ(rows, 50);
}

TEST_P(FactoryLocale, KeepsFactoriesApart) {
  const auto duplicates = [&](std::string_view locale) {
    const auto library = FactoryLibrary::parse(
        fmt::format("factories:\n  user: {{ set: {{ name: =full_name() }} }}\n"
                    "  guest: {{ table: users, locale: {}, set: {{ name: =full_name() }} }}\n",
                    locale));
    Progress progress;
    return lint({connection(), schema(), library, options()}, {}, progress).findings.size();
  };
  EXPECT_EQ(duplicates("en_US"), 1U) << "the same rows";
  EXPECT_EQ(duplicates("fr_FR"), 0U);
}

}  // namespace
}  // namespace seedbed::testing
