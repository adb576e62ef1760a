#include <array>
#include <string_view>

#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/words.hpp"
#include "seedbed/factories/providers/words_es_es.hpp"

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 3> kFemalePrefixes{"Sra.", "D.ª", "Dra."};
constexpr std::array<std::string_view, 3> kMalePrefixes{"Sr.", "D.", "Dr."};
constexpr std::array<std::string_view, 4> kSecondaryAddresses{"%º izda.", "%º dcha.", "Bajo %",
                                                              "Escalera %"};
constexpr std::array<std::string_view, 7> kCompanies{
    "{last} S.L.",         "{last} S.A.",  "Hermanos {last} S.L.",
    "{last} e Hijos S.L.", "Grupo {last}", "Construcciones {last} S.A.",
    "Bodegas {last} S.L."};
// Spain keeps no range for fiction; no number begins with 3.
constexpr std::array<std::string_view, 1> kPhones{"+34 3## ### ###"};
constexpr std::array<std::string_view, 12> kMonths{
    "enero", "febrero", "marzo",      "abril",   "mayo",      "junio",
    "julio", "agosto",  "septiembre", "octubre", "noviembre", "diciembre"};
constexpr std::array<std::string_view, 7> kWeekdays{"lunes",   "martes", "miércoles", "jueves",
                                                    "viernes", "sábado", "domingo"};

}  // namespace

const Locale& es_es() {
  static const Locale kLocale{.name = "es_ES",
                              .first_names = words::es_es::kFirstNamesName,
                              .genders = words::es_es::kFirstNamesGender,
                              .last_names = words::es_es::kLastNames,
                              .female_prefixes = kFemalePrefixes,
                              .male_prefixes = kMalePrefixes,
                              .full_name = "{first} {last} {second}",
                              .cities = {.names = words::es_es::kCitiesName,
                                         .states = words::es_es::kCitiesState,
                                         .state_codes = words::es_es::kCitiesStateCode,
                                         .counties = words::es_es::kCitiesCounty,
                                         .postcodes = words::es_es::kCitiesPostcode,
                                         .latitudes = words::es_es::kCitiesLatitude,
                                         .longitudes = words::es_es::kCitiesLongitude},
                              .streets = words::es_es::kStreets,
                              .countries = words::kCountriesEs,
                              .street_address = "{street}, {number}",
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
