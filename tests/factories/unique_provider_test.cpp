// Providers in unique columns: they walk through all their values, each once.
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "seedbed/core/text.hpp"
#include "tests/factories/factory_fixture.hpp"

namespace seedbed::testing {
namespace {

class UniqueProvider : public FactoryTest {
 protected:
  void load_products(const std::string& expression, std::uint64_t count) {
    const auto library = FactoryLibrary::parse(
        "factories: { product: { set: { sku: \"=" + expression + "\" } } }", "f.yaml");
    Progress progress;
    load({connection(), schema(), library, options()}, {.entries = {{"product", count, {}}}},
         progress);
  }
  std::set<std::string> skus() {
    std::set<std::string> texts;
    for (const auto& text : split(dump("products", "sku", "id"), '\n')) {
      if (!text.empty()) texts.insert(text);
    }
    return texts;
  }
};
SEEDBED_ON_ALL_ENGINES(UniqueProvider);

TEST_P(UniqueProvider, MakesEveryTextOfARegularExpression) {
  load_products("regex('(a|ab)(c|bc)[0-2]')", 9);
  EXPECT_EQ(skus(), (std::set<std::string>{"abbc0", "abbc1", "abbc2", "abc0", "abc1", "abc2", "ac0",
                                           "ac1", "ac2"}));
}

TEST_P(UniqueProvider, RefusesMoreRowsThanTexts) {
  EXPECT_THAT([&] { load_products("regex('[ab]x?')", 5); },
              ThrowsError(ErrorCode::invalid_input, "'sku' is unique and has 4 values"));
}

TEST_P(UniqueProvider, RepeatsNoNumberWithACheckDigit) {
  load_products("ean8()", 2000);
  EXPECT_EQ(skus().size(), 2000U);
}

}  // namespace
}  // namespace seedbed::testing
