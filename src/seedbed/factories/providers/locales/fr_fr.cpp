#include <array>
#include <string_view>

#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/words.hpp"
#include "seedbed/factories/providers/words_fr_fr.hpp"

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 2> kFemalePrefixes{"Mme", "Mme la Dre"};
constexpr std::array<std::string_view, 2> kMalePrefixes{"M.", "M. le Dr"};
constexpr std::array<std::string_view, 4> kSecondaryAddresses{"Appartement %#", "Bâtiment %",
                                                              "Étage %", "Porte %#"};
constexpr std::array<std::string_view, 7> kCompanies{
    "{last} SARL",   "{last} SAS",       "{last} et Fils", "Établissements {last}",
    "Groupe {last}", "{last} Frères SA", "Maison {last}"};
// Arcep's numbers for audiovisual works.
constexpr std::array<std::string_view, 6> kPhones{"+33 1 99 00 ## ##", "+33 2 61 91 ## ##",
                                                  "+33 3 53 01 ## ##", "+33 4 65 71 ## ##",
                                                  "+33 5 36 49 ## ##", "+33 6 39 98 ## ##"};
constexpr std::array<std::string_view, 12> kMonths{"janvier",   "février", "mars",     "avril",
                                                   "mai",       "juin",    "juillet",  "août",
                                                   "septembre", "octobre", "novembre", "décembre"};
constexpr std::array<std::string_view, 7> kWeekdays{"lundi",    "mardi",  "mercredi", "jeudi",
                                                    "vendredi", "samedi", "dimanche"};

}  // namespace

const Locale& fr_fr() {
  static const Locale kLocale{.name = "fr_FR",
                              .first_names = words::fr_fr::kFirstNamesName,
                              .genders = words::fr_fr::kFirstNamesGender,
                              .last_names = words::fr_fr::kLastNames,
                              .female_prefixes = kFemalePrefixes,
                              .male_prefixes = kMalePrefixes,
                              .full_name = "{first} {last}",
                              .cities = {.names = words::fr_fr::kCitiesName,
                                         .states = words::fr_fr::kCitiesState,
                                         .state_codes = words::fr_fr::kCitiesStateCode,
                                         .counties = words::fr_fr::kCitiesCounty,
                                         .postcodes = words::fr_fr::kCitiesPostcode,
                                         .latitudes = words::fr_fr::kCitiesLatitude,
                                         .longitudes = words::fr_fr::kCitiesLongitude},
                              .streets = words::fr_fr::kStreets,
                              .countries = words::kCountriesFr,
                              .street_address = "{number} {street}",
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
