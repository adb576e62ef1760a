#include <array>

#include <fmt/format.h>

#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

Scalar company(Call& call) {
  const auto name = pick(call.random(), words::kCompanyNames);
  const auto field = pick(call.random(), words::kCompanyFields);
  return fmt::format("{} {} {}", name, field, pick(call.random(), words::kCompanySuffixes));
}

Scalar product_name(Call& call) {
  const auto adjective = pick(call.random(), words::kProductAdjectives);
  const auto material = pick(call.random(), words::kProductMaterials);
  return fmt::format("{} {} {}", adjective, material, pick(call.random(), words::kProductThings));
}

Scalar price(Call& call) {
  constexpr std::int64_t kLargest = 1'000'000'000;
  constexpr std::array<std::int64_t, 8> kCents{0, 25, 49, 50, 75, 90, 95, 99};
  const auto least = call.integer_or(0, 1, 0, kLargest);
  const auto most = call.integer_or(1, std::max<std::int64_t>(100, least), 0, kLargest);
  if (least > most) Call::fail("'min' is above 'max'");
  const auto whole = call.random().between(least, most);
  const auto cents = kCents[static_cast<std::size_t>(call.random().below(kCents.size()))];
  return Decimal{whole == most ? whole * 100 : whole * 100 + cents, 2};
}

Scalar sku(Call& call) {
  std::string letters;
  for (int i = 0; i < 3; ++i) letters += static_cast<char>('A' + call.random().below(26));
  return fmt::format("{}-{}", letters, digits(call.random(), 5));
}

// GS1 keeps prefixes 20 to 29 for use inside a shop, so no product anywhere has the number.
Scalar barcode(Call& call) {
  std::string code = "2" + digits(call.random(), 11);
  int sum = 0;
  for (std::size_t i = 0; i < code.size(); ++i) sum += (code[i] - '0') * (i % 2 == 0 ? 1 : 3);
  return code + static_cast<char>('0' + (10 - sum % 10) % 10);
}

constexpr std::array<FunctionRow, 7> kRows{{
    {"barcode() -> text",
     "An EAN-13 with a right check digit, from the range for use inside shops.", "barcode()",
     "2029476730608", barcode, Effect::draws},
    list_row<words::kColors>("color() -> text", "A color's name.", "color()", "amber"),
    {"company() -> text", "A company's name.", "company()", "Acorn Farms Ltd.", company,
     Effect::draws},
    list_row<words::kCurrencyCodes>("currency_code() -> text", "An ISO 4217 code.",
                                    "currency_code()", "AED"),
    {"price(min?: integer, max?: integer) -> decimal",
     "A price with the cents that prices have, from `min` (1) to `max` (100).", "price(5, 200)",
     "7.25", price, Effect::draws},
    {"product_name() -> text", "A product's name.", "product_name()", "Adjustable Cotton Vase",
     product_name, Effect::draws},
    {"sku() -> text", "A stock number: three letters, five digits.", "sku()", "AGY-47673", sku,
     Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> business_providers() {
  return kRows;
}

}  // namespace seedbed::detail
