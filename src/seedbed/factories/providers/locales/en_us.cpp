#include <array>
#include <string>
#include <string_view>

#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"
#include "seedbed/factories/providers/words_en_us.hpp"

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 4> kFemalePrefixes{"Ms.", "Mrs.", "Miss", "Dr."};
constexpr std::array<std::string_view, 2> kMalePrefixes{"Mr.", "Dr."};
constexpr std::array<std::string_view, 4> kSecondaryAddresses{"Apt. %#", "Apt. %##", "Suite %##",
                                                              "Unit %#"};
constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};

CellText house_number(CellRandom& random) {
  return joined(random.between(1, 9999));
}

CellText street(CellRandom& random) {
  const auto name = pick(random, words::en_us::kStreets);
  return joined(name, ' ', pick(random, words::en_us::kStreetSuffixes));
}

CellText company(CellRandom& random) {
  const auto name = pick(random, words::kCompanyNames);
  const auto field = pick(random, words::kCompanyFields);
  return joined(name, ' ', field, ' ', pick(random, words::kCompanySuffixes));
}

// 555-0100 to 555-0199 are kept for fiction in every area of the North American plan.
CellText phone(CellRandom& random) {
  const auto area = pick(random, words::en_us::kAreaCodes);
  return joined("+1 ", area, "-555-01", padded(random.below(100), 2));
}

}  // namespace

const Locale& en_us() {
  static const Locale kLocale{.name = "en_US",
                              .first_names = words::en_us::kFirstNamesName,
                              .genders = words::en_us::kFirstNamesGender,
                              .last_names = words::en_us::kLastNames,
                              .female_prefixes = kFemalePrefixes,
                              .male_prefixes = kMalePrefixes,
                              .full_name = "{first} {last}",
                              .cities = {.names = words::en_us::kCitiesName,
                                         .states = words::en_us::kCitiesState,
                                         .state_codes = words::en_us::kCitiesStateCode,
                                         .counties = words::en_us::kCitiesCounty,
                                         .postcodes = words::en_us::kCitiesPostcode,
                                         .latitudes = words::en_us::kCitiesLatitude,
                                         .longitudes = words::en_us::kCitiesLongitude},
                              .streets = words::en_us::kStreets,
                              .countries = words::kCountriesName,
                              .street_address = "{number} {street}",
                              .full_address = "{address}, {city}, {code} {postcode}",
                              .secondary_addresses = kSecondaryAddresses,
                              .months = kMonths,
                              .weekdays = kWeekdays,
                              .house_number = house_number,
                              .street = street,
                              .company = company,
                              .phone = phone};
  return kLocale;
}

}  // namespace seedbed::detail
