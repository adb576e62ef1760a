#include <algorithm>
#include <array>

#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 7> kContinents{
    "Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America"};

ScalarView building_number(Call& call) {
  return call.keep(locale_of(call, 0).house_number(call.random()));
}

ScalarView street_name(Call& call) {
  return call.keep(street_of(locale_of(call, 0), call.random()));
}

ScalarView street_address(Call& call) {
  return call.keep(street_address_of(locale_of(call, 0), call.random()));
}

ScalarView secondary_address(Call& call) {
  return call.keep(
      filled(call.random(), pick(call.random(), locale_of(call, 0).secondary_addresses)));
}

WordList cities(const Call& call) {
  return locale_of(call, 0).cities.names;
}

// What `column` holds for the city of argument 0.
std::string_view of_city(Call& call, WordList Cities::*column) {
  const auto& cities = locale_of(call, 1).cities;
  return (cities.*column)[place_of(call, cities.names)];
}

ScalarView state(Call& call) {
  return TextView{of_city(call, &Cities::states)};
}

ScalarView state_code(Call& call) {
  return TextView{of_city(call, &Cities::state_codes)};
}

ScalarView county(Call& call) {
  return TextView{of_city(call, &Cities::counties)};
}

ScalarView postcode(Call& call) {
  const auto pattern = of_city(call, &Cities::postcodes);
  return call.keep(filled(call.random(), pattern));
}

ScalarView full_address(Call& call) {
  const auto& locale = locale_of(call, 1);
  const auto place = place_of(call, locale.cities.names);
  const auto city = locale.cities.names[place];
  const auto state = locale.cities.states[place];
  const auto address = street_address_of(locale, call.random());
  const auto postcode = filled(call.random(), locale.cities.postcodes[place]);
  const auto province = state == city ? std::string_view{} : state;  // a city may be one
  return call.keep(filled_in(locale.full_address, {{"address", address},
                                                   {"city", city},
                                                   {"state", province},
                                                   {"code", locale.cities.state_codes[place]},
                                                   {"postcode", postcode}}));
}

WordList countries(const Call& call) {
  return locale_of(call, 0).countries;
}

// The country of argument 0, in the language of the locale or in English.
std::size_t country_of(Call& call) {
  const auto place = place_of(call, words::kCountriesName);
  if (!call.has(0)) return place;
  const auto names = locale_of(call, 1).countries;
  const auto found = std::find(names.begin(), names.end(), call.text(0));
  return found == names.end() ? place : static_cast<std::size_t>(found - names.begin());
}

ScalarView country_code(Call& call) {
  return TextView{words::kCountriesCode[country_of(call)]};
}

ScalarView nationality(Call& call) {
  return TextView{words::kCountriesNationality[country_of(call)]};
}

constexpr std::array<FunctionRow, 15> kRows{{
    {"building_number(locale?: locale) -> text", "The number of a house in its street.",
     "building_number()", "110", building_number, Effect::draws},
    words_row<cities>("city(locale?: locale) -> text", "A city of the country.", "city()",
                      "Albuquerque"),
    list_row<kContinents>("continent() -> text", "A continent.", "continent()", "Africa"),
    words_row<countries>("country(locale?: locale) -> text",
                         "A country's name in the language of the locale.", "country()",
                         "Australia"),
    {"country_code(country?: text, locale?: locale) -> text",
     "A country's ISO 3166 code; that of `country` when it is known.", "country_code('Kenya')",
     "KE", country_code, Effect::draws},
    {"county(city?: text, locale?: locale) -> text",
     "A county, department or province; that of `city` when it is known. A state where the country "
     "has nothing smaller.",
     "county('Denver')", "Denver County", county, Effect::draws},
    {"full_address(city?: text, locale?: locale) -> text",
     "An address in the order of the country; in `city` when it is known.",
     "full_address('Denver')", "2425 West Parkway, Denver, CO 80276", full_address, Effect::draws},
    {"nationality(country?: text, locale?: locale) -> text",
     "A nationality in English; that of `country` when it is known.", "nationality('Kenya')",
     "Kenyan", nationality, Effect::draws},
    {"postcode(city?: text, locale?: locale) -> text",
     "A postcode; one of `city` when it is known.", "postcode('Denver')", "80229", postcode,
     Effect::draws},
    {"secondary_address(locale?: locale) -> text", "A flat, floor or entrance.",
     "secondary_address()", "Apt. 39", secondary_address, Effect::draws},
    {"state(city?: text, locale?: locale) -> text",
     "A state, land, region or prefecture; that of `city` when it is known.", "state('Denver')",
     "Colorado", state, Effect::draws},
    {"state_code(city?: text, locale?: locale) -> text",
     "The code of a state, by ISO 3166-2; that of `city` when it is known.", "state_code('Denver')",
     "CO", state_code, Effect::draws},
    {"street_address(locale?: locale) -> text",
     "A house number and a street, in the order of the country.", "street_address()",
     "110 East Way", street_address, Effect::draws},
    {"street_name(locale?: locale) -> text", "A street.", "street_name()", "Acorn Court",
     street_name, Effect::draws},
    list_row<words::kTimeZones>("time_zone() -> text", "A time zone's name in the IANA database.",
                                "time_zone()", "Africa/Cairo"),
}};

}  // namespace

std::span<const FunctionRow> place_providers() {
  return kRows;
}

}  // namespace seedbed::detail
