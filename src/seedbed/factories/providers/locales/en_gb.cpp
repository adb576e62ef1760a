#include <array>
#include <string_view>

#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/words.hpp"
#include "seedbed/factories/providers/words_en_gb.hpp"

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 4> kFemalePrefixes{"Ms", "Mrs", "Miss", "Dr"};
constexpr std::array<std::string_view, 2> kMalePrefixes{"Mr", "Dr"};
constexpr std::array<std::string_view, 4> kSecondaryAddresses{"Flat %", "Flat %#", "Apartment %#",
                                                              "Unit %#"};
constexpr std::array<std::string_view, 6> kCompanies{
    "{last} Ltd",       "{last} & Sons Ltd",       "{last} Brothers Ltd",
    "{last} Group plc", "{last} and Partners LLP", "{last} Holdings plc"};
// Ofcom's numbers for drama.
constexpr std::array<std::string_view, 17> kPhones{
    "+44 113 496 0###", "+44 114 496 0###", "+44 115 496 0###", "+44 116 496 0###",
    "+44 117 496 0###", "+44 118 496 0###", "+44 121 496 0###", "+44 131 496 0###",
    "+44 141 496 0###", "+44 151 496 0###", "+44 161 496 0###", "+44 191 498 0###",
    "+44 20 7946 0###", "+44 28 9649 6###", "+44 29 2018 0###", "+44 1632 960###",
    "+44 7700 900###"};

}  // namespace

const Locale& en_gb() {
  static const Locale kLocale{.name = "en_GB",
                              .first_names = words::en_gb::kFirstNamesName,
                              .genders = words::en_gb::kFirstNamesGender,
                              .last_names = words::en_gb::kLastNames,
                              .female_prefixes = kFemalePrefixes,
                              .male_prefixes = kMalePrefixes,
                              .full_name = "{first} {last}",
                              .cities = {.names = words::en_gb::kCitiesName,
                                         .states = words::en_gb::kCitiesState,
                                         .state_codes = words::en_gb::kCitiesStateCode,
                                         .counties = words::en_gb::kCitiesCounty,
                                         .postcodes = words::en_gb::kCitiesPostcode,
                                         .latitudes = words::en_gb::kCitiesLatitude,
                                         .longitudes = words::en_gb::kCitiesLongitude},
                              .streets = words::en_gb::kStreets,
                              .countries = words::kCountriesName,
                              .street_address = "{number} {street}",
                              .full_address = "{address}, {city}, {postcode}",
                              .secondary_addresses = kSecondaryAddresses,
                              .companies = kCompanies,
                              .phones = kPhones,
                              .months = en_us().months,
                              .weekdays = en_us().weekdays,
                              .house_number = short_house_number};
  return kLocale;
}

}  // namespace seedbed::detail
