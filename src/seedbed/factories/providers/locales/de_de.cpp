#include <array>
#include <string_view>

#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/words.hpp"
#include "seedbed/factories/providers/words_de_de.hpp"

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 2> kFemalePrefixes{"Frau", "Frau Dr."};
constexpr std::array<std::string_view, 2> kMalePrefixes{"Herr", "Herr Dr."};
constexpr std::array<std::string_view, 4> kSecondaryAddresses{"%. Etage", "Wohnung %#", "Aufgang %",
                                                              "Hinterhaus %"};
constexpr std::array<std::string_view, 7> kCompanies{
    "{last} GmbH",          "{last} AG",           "{last} & Söhne KG",
    "{last} GmbH & Co. KG", "Gebrüder {last} OHG", "{last} Maschinenbau GmbH",
    "{last} Handels GmbH"};
// The Bundesnetzagentur's numbers for media productions.
constexpr std::array<std::string_view, 7> kPhones{
    "+49 30 23125 ###", "+49 40 66969 ###", "+49 69 90009 ###", "+49 89 99998 ###",
    "+49 221 4710 ###", "+49 171 39200 ##", "+49 176 040690 ##"};
constexpr std::array<std::string_view, 12> kMonths{"Januar",    "Februar", "März",     "April",
                                                   "Mai",       "Juni",    "Juli",     "August",
                                                   "September", "Oktober", "November", "Dezember"};
constexpr std::array<std::string_view, 7> kWeekdays{"Montag",  "Dienstag", "Mittwoch", "Donnerstag",
                                                    "Freitag", "Samstag",  "Sonntag"};

}  // namespace

const Locale& de_de() {
  static const Locale kLocale{.name = "de_DE",
                              .first_names = words::de_de::kFirstNamesName,
                              .genders = words::de_de::kFirstNamesGender,
                              .last_names = words::de_de::kLastNames,
                              .female_prefixes = kFemalePrefixes,
                              .male_prefixes = kMalePrefixes,
                              .full_name = "{first} {last}",
                              .cities = {.names = words::de_de::kCitiesName,
                                         .states = words::de_de::kCitiesState,
                                         .state_codes = words::de_de::kCitiesStateCode,
                                         .counties = words::de_de::kCitiesCounty,
                                         .postcodes = words::de_de::kCitiesPostcode,
                                         .latitudes = words::de_de::kCitiesLatitude,
                                         .longitudes = words::de_de::kCitiesLongitude},
                              .streets = words::de_de::kStreets,
                              .countries = words::kCountriesDe,
                              .street_address = "{street} {number}",
                              .full_address = "{address}, {postcode} {city}",
                              .secondary_addresses = kSecondaryAddresses,
                              .companies = kCompanies,
                              .phones = kPhones,
                              .months = kMonths,
                              .weekdays = kWeekdays,
                              .house_number = short_house_number};
  return kLocale;
}

}  // namespace seedbed::detail
