#include <array>
#include <string>
#include <string_view>

#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"
#include "seedbed/factories/providers/words_ja_jp.hpp"

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 2> kFemalePrefixes{"様", "さん"};
constexpr std::array<std::string_view, 2> kMalePrefixes{"様", "さん"};
constexpr std::array<std::string_view, 4> kSecondaryAddresses{"%##号室", "%階", "コーポ%##号",
                                                              "ハイツ%##号室"};
constexpr std::array<std::string_view, 7> kCompanies{
    "株式会社{last}",     "{last}株式会社", "有限会社{last}", "{last}商店",
    "{last}工業株式会社", "{last}製作所",   "合同会社{last}"};
// Japan keeps no range for fiction; no exchange begins with 0.
constexpr std::array<std::string_view, 9> kPhones{
    "+81 3-0###-####", "+81 6-0###-####", "+81 11-0##-####", "+81 22-0##-####", "+81 45-0##-####",
    "+81 52-0##-####", "+81 75-0##-####", "+81 82-0##-####", "+81 92-0##-####"};
constexpr std::array<std::string_view, 12> kMonths{"1月", "2月", "3月", "4月",  "5月",  "6月",
                                                   "7月", "8月", "9月", "10月", "11月", "12月"};
constexpr std::array<std::string_view, 7> kWeekdays{"月曜日", "火曜日", "水曜日", "木曜日",
                                                    "金曜日", "土曜日", "日曜日"};

// Block, building and house.
CellText house_number(CellRandom& random) {
  const auto block = random.between(1, 6);
  const auto building = random.between(1, 30);
  return joined(block, '-', building, '-', random.between(1, 20));
}

}  // namespace

const Locale& ja_jp() {
  static const Locale kLocale{.name = "ja_JP",
                              .first_names = words::ja_jp::kFirstNamesName,
                              .genders = words::ja_jp::kFirstNamesGender,
                              .last_names = words::ja_jp::kLastNamesName,
                              .first_names_latin = words::ja_jp::kFirstNamesLatin,
                              .last_names_latin = words::ja_jp::kLastNamesLatin,
                              .female_prefixes = kFemalePrefixes,
                              .male_prefixes = kMalePrefixes,
                              .full_name = "{last} {first}",
                              .cities = {.names = words::ja_jp::kCitiesName,
                                         .states = words::ja_jp::kCitiesState,
                                         .state_codes = words::ja_jp::kCitiesStateCode,
                                         .counties = words::ja_jp::kCitiesCounty,
                                         .postcodes = words::ja_jp::kCitiesPostcode,
                                         .latitudes = words::ja_jp::kCitiesLatitude,
                                         .longitudes = words::ja_jp::kCitiesLongitude},
                              .streets = words::ja_jp::kStreets,
                              .countries = words::kCountriesJa,
                              .street_address = "{street}{number}",
                              .full_address = "〒{postcode} {state}{city}{address}",
                              .secondary_addresses = kSecondaryAddresses,
                              .companies = kCompanies,
                              .phones = kPhones,
                              .months = kMonths,
                              .weekdays = kWeekdays,
                              .house_number = house_number};
  return kLocale;
}

}  // namespace seedbed::detail
