#include <array>

#include <fmt/format.h>

#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

Scalar street_address(Call& call) {
  const auto number = call.random().between(1, 9999);
  const auto name = pick(call.random(), words::kStreets);
  return fmt::format("{} {} {}", number, name, pick(call.random(), words::kStreetSuffixes));
}

Scalar state(Call& call) {
  return std::string{words::kCitiesState[place_of(call, words::kCitiesName)]};
}

Scalar state_code(Call& call) {
  return std::string{words::kCitiesStateCode[place_of(call, words::kCitiesName)]};
}

Scalar postcode(Call& call) {
  const auto prefix = words::kCitiesPostcodePrefix[place_of(call, words::kCitiesName)];
  return std::string{prefix} + digits(call.random(), 2);
}

Scalar country_code(Call& call) {
  return std::string{words::kCountriesCode[place_of(call, words::kCountriesName)]};
}

Scalar degrees(Call& call, std::int64_t limit) {
  constexpr std::int64_t kMillionths = 1'000'000;
  return Decimal{call.random().between(-limit * kMillionths, limit * kMillionths), 6};
}

Scalar latitude(Call& call) {
  return degrees(call, 90);
}
Scalar longitude(Call& call) {
  return degrees(call, 180);
}

constexpr std::array<FunctionRow, 9> kRows{{
    list_row<words::kCitiesName>("city() -> text", "A city of the United States.", "city()",
                                 "Albuquerque"),
    list_row<words::kCountriesName>("country() -> text", "A country's English name.", "country()",
                                    "Australia"),
    {"country_code(country?: text) -> text",
     "A country's ISO 3166 code; that of `country` when it is known.", "country_code('Kenya')",
     "KE", country_code, Effect::draws},
    {"latitude() -> decimal", "Degrees north, six places.", "latitude()", "-88.026597", latitude,
     Effect::draws},
    {"longitude() -> decimal", "Degrees east, six places.", "longitude()", "-176.053194", longitude,
     Effect::draws},
    {"postcode(city?: text) -> text", "A five-digit postcode; one of `city` when it is known.",
     "postcode('Denver')", "80229", postcode, Effect::draws},
    {"state(city?: text) -> text", "A state's name; that of `city` when it is known.",
     "state('Denver')", "Colorado", state, Effect::draws},
    {"state_code(city?: text) -> text", "A state's two letters; those of `city` when it is known.",
     "state_code('Denver')", "CO", state_code, Effect::draws},
    {"street_address() -> text", "A house number and a street.", "street_address()", "110 East Way",
     street_address, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> place_providers() {
  return kRows;
}

}  // namespace seedbed::detail
