#include <array>
#include <string_view>

#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/words.hpp"
#include "seedbed/factories/providers/words_pt_br.hpp"

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 2> kFemalePrefixes{"Sra.", "Dra."};
constexpr std::array<std::string_view, 2> kMalePrefixes{"Sr.", "Dr."};
constexpr std::array<std::string_view, 4> kSecondaryAddresses{"Apto. %##", "Bloco %", "Casa %#",
                                                              "Sala %##"};
constexpr std::array<std::string_view, 7> kCompanies{
    "{last} Ltda.",          "{last} S.A.",  "Irmãos {last} Ltda.",
    "{last} & Filhos Ltda.", "Grupo {last}", "Comercial {last} Ltda.",
    "Indústrias {last} S.A."};
// Brazil keeps no range for fiction; these area codes belong to no area.
constexpr std::array<std::string_view, 13> kPhones{
    "+55 23 9####-####", "+55 25 9####-####", "+55 26 9####-####", "+55 29 9####-####",
    "+55 36 9####-####", "+55 39 9####-####", "+55 52 9####-####", "+55 56 9####-####",
    "+55 57 9####-####", "+55 58 9####-####", "+55 59 9####-####", "+55 72 9####-####",
    "+55 76 9####-####"};
constexpr std::array<std::string_view, 12> kMonths{"janeiro",  "fevereiro", "março",    "abril",
                                                   "maio",     "junho",     "julho",    "agosto",
                                                   "setembro", "outubro",   "novembro", "dezembro"};
constexpr std::array<std::string_view, 7> kWeekdays{"segunda-feira", "terça-feira", "quarta-feira",
                                                    "quinta-feira",  "sexta-feira", "sábado",
                                                    "domingo"};

}  // namespace

const Locale& pt_br() {
  static const Locale kLocale{.name = "pt_BR",
                              .first_names = words::pt_br::kFirstNamesName,
                              .genders = words::pt_br::kFirstNamesGender,
                              .last_names = words::pt_br::kLastNames,
                              .female_prefixes = kFemalePrefixes,
                              .male_prefixes = kMalePrefixes,
                              .full_name = "{first} {last} {second}",
                              .cities = {.names = words::pt_br::kCitiesName,
                                         .states = words::pt_br::kCitiesState,
                                         .state_codes = words::pt_br::kCitiesStateCode,
                                         .counties = words::pt_br::kCitiesCounty,
                                         .postcodes = words::pt_br::kCitiesPostcode,
                                         .latitudes = words::pt_br::kCitiesLatitude,
                                         .longitudes = words::pt_br::kCitiesLongitude},
                              .streets = words::pt_br::kStreets,
                              .countries = words::kCountriesPt,
                              .street_address = "{street}, {number}",
                              .full_address = "{address} - {city} - {code}, {postcode}",
                              .secondary_addresses = kSecondaryAddresses,
                              .companies = kCompanies,
                              .phones = kPhones,
                              .months = kMonths,
                              .weekdays = kWeekdays,
                              .house_number = short_house_number};
  return kLocale;
}

}  // namespace seedbed::detail
