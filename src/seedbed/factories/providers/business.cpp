#include <array>

#include "seedbed/factories/expression/letters.hpp"
#include "seedbed/factories/providers/check_digits.hpp"
#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

// GS1 keeps prefix 2 for use inside a shop, so no product anywhere has the number.
constexpr std::string_view kEan8 = "2######";
constexpr std::string_view kUpc = "2##########";

ScalarView company(Call& call) {
  const auto& locale = locale_of(call, 0);
  if (locale.company != nullptr) return call.keep(locale.company(call.random()));
  const auto last = pick(call.random(), locale.last_names);
  return call.keep(filled_in(pick(call.random(), locale.companies), {{"last", last}}));
}

ScalarView catch_phrase(Call& call) {
  const auto quality = pick(call.random(), words::kSloganQualities);
  const auto offer = pick(call.random(), words::kSloganOffers);
  return call.keep(
      joined(quality, ' ', offer, " for ", pick(call.random(), words::kSloganAudiences)));
}

ScalarView buzz_phrase(Call& call) {
  const auto verb = pick(call.random(), words::kJargonVerbs);
  const auto adjective = pick(call.random(), words::kJargonAdjectives);
  return call.keep(joined(verb, ' ', adjective, ' ', pick(call.random(), words::kJargonNouns)));
}

ScalarView product_name(Call& call) {
  const auto adjective = pick(call.random(), words::kProductAdjectives);
  const auto material = pick(call.random(), words::kProductMaterials);
  return call.keep(
      joined(adjective, ' ', material, ' ', pick(call.random(), words::kProductThings)));
}

ScalarView product_description(Call& call) {
  const auto adjective = pick(call.random(), words::kProductAdjectives);
  const auto thing = pick(call.random(), words::kProductThings);
  const auto material = pick(call.random(), words::kProductMaterials);
  const auto brand = pick(call.random(), words::kBrands);
  return call.keep(joined(adjective, ' ', lower_case(thing), " of ", lower_case(material), " by ",
                          brand, ", for ", pick(call.random(), words::kSloganAudiences), '.'));
}

ScalarView price(Call& call) {
  constexpr std::int64_t kLargest = 1'000'000'000;
  constexpr std::array<std::int64_t, 8> kCents{0, 25, 49, 50, 75, 90, 95, 99};
  const auto least = call.integer_or(0, 1, 0, kLargest);
  const auto most = call.integer_or(1, std::max<std::int64_t>(100, least), 0, kLargest);
  if (least > most) Call::fail("'min' is above 'max'");
  const auto whole = call.random().between(least, most);
  const auto cents = kCents[static_cast<std::size_t>(call.random().below(kCents.size()))];
  return Decimal{whole == most ? whole * 100 : whole * 100 + cents, 2};
}

ScalarView sku(Call& call) {
  CellText letters;
  for (int i = 0; i < 3; ++i) letters += static_cast<char>('A' + call.random().below(26));
  return call.keep(joined(letters, '-', digits(call.random(), 5)));
}

// GS1 keeps prefixes 20 to 29 for use inside a shop as well.
ScalarView barcode(Call& call) {
  const auto code = joined('2', digits(call.random(), 11));
  return call.keep(joined(code, gs1_digit(code)));
}

ScalarView ean8(Call& call) {
  const auto code = filled(call.random(), kEan8);
  return call.keep(joined(code, gs1_digit(code)));
}

DomainPointer ean8_domain(const Call& /*call*/) {
  return make_pattern_domain(kEan8, gs1_digit);
}

ScalarView upc(Call& call) {
  const auto code = filled(call.random(), kUpc);
  return call.keep(joined(code, gs1_digit(code)));
}

DomainPointer upc_domain(const Call& /*call*/) {
  return make_pattern_domain(kUpc, gs1_digit);
}

constexpr std::array<FunctionRow, 14> kRows{{
    {"barcode() -> text",
     "An EAN-13 with a right check digit, from the range for use inside shops.", "barcode()",
     "2029476730608", barcode, Effect::draws},
    list_row<words::kBrands>("brand() -> text", "A brand that does not exist.", "brand()",
                             "Alderwood"),
    {"buzz_phrase() -> text", "What a meeting may be about.", "buzz_phrase()",
     "align connected verticals", buzz_phrase, Effect::draws},
    {"catch_phrase() -> text", "A company's slogan.", "catch_phrase()",
     "Better energy for weekends", catch_phrase, Effect::draws},
    {"company(locale?: locale) -> text", "A company's name.", "company()", "Acorn Farms Ltd.",
     company, Effect::draws},
    with_domain({"ean8() -> text",
                 "An EAN-8 with a right check digit, from the range for use inside shops.",
                 "ean8()", "20294762", ean8, Effect::draws},
                ean8_domain),
    list_row<words::kIndustries>("industry() -> text", "A branch of business.", "industry()",
                                 "Accounting"),
    {"price(min?: integer, max?: integer) -> decimal",
     "A price with the cents that prices have, from `min` (1) to `max` (100).", "price(5, 200)",
     "7.25", price, Effect::draws},
    list_row<words::kProductCategories>("product_category() -> text", "A department of a shop.",
                                        "product_category()", "Appliances"),
    {"product_description() -> text", "A sentence about a product.", "product_description()",
     "Adjustable cup of wicker by Luma, for small businesses.", product_description, Effect::draws},
    list_row<words::kProductMaterials>("product_material() -> text", "What a product is made of.",
                                       "product_material()", "Aluminum"),
    {"product_name() -> text", "A product's name.", "product_name()", "Adjustable Cotton Vase",
     product_name, Effect::draws},
    {"sku() -> text", "A stock number: three letters, five digits.", "sku()", "AGY-47673", sku,
     Effect::draws},
    with_domain(
        {"upc() -> text", "A UPC-A with a right check digit, from the range for use inside shops.",
         "upc()", "202947673068", upc, Effect::draws},
        upc_domain),
}};

}  // namespace

std::span<const FunctionRow> business_providers() {
  return kRows;
}

}  // namespace seedbed::detail
