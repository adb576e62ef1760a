#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/provider.hpp"

namespace seedbed::detail {

namespace {

constexpr std::int64_t kMillionths = 1'000'000;
constexpr std::int64_t kNear = 50'000;  // a twentieth of a degree, about 5 km

constexpr std::array<std::string_view, 8> kDirections{"N", "NE", "E", "SE", "S", "SW", "W", "NW"};

Decimal degrees(std::int64_t millionths) {
  return {millionths, 6};
}

// A place within `kNear` of a city's coordinate.
Decimal near(CellRandom& random, std::string_view coordinate) {
  const auto center = to_decimal(parse_decimal(coordinate).value_or(Decimal{}), 6);
  return degrees(center.value_or(Decimal{}).coefficient + random.between(-kNear, kNear));
}

// Argument 0 among the cities of the locale; past the last when it is not there.
std::size_t given_city(const Call& call, const Cities& cities) {
  if (!call.has(0)) return cities.names.size();
  const auto found = std::find(cities.names.begin(), cities.names.end(), call.text(0));
  return static_cast<std::size_t>(found - cities.names.begin());
}

ScalarView coordinate(Call& call, WordList Cities::*column, std::int64_t limit) {
  const auto& cities = locale_of(call, 1).cities;
  const auto city = given_city(call, cities);
  if (city < cities.names.size()) return near(call.random(), (cities.*column)[city]);
  return degrees(call.random().between(-limit * kMillionths, limit * kMillionths));
}

ScalarView latitude(Call& call) {
  return coordinate(call, &Cities::latitudes, 90);
}
ScalarView longitude(Call& call) {
  return coordinate(call, &Cities::longitudes, 180);
}

struct Place {
  std::string latitude;
  std::string longitude;
};

Place place_near_city(Call& call) {
  const auto& cities = locale_of(call, 1).cities;
  const auto city = place_of(call, cities.names);
  auto latitude = to_text(near(call.random(), cities.latitudes[city]));
  return {std::move(latitude), to_text(near(call.random(), cities.longitudes[city]))};
}

ScalarView coordinates(Call& call) {
  const auto place = place_near_city(call);
  return call.keep(joined(place.latitude, ", ", place.longitude));
}

ScalarView point(Call& call) {
  const auto place = place_near_city(call);
  return call.keep(joined("POINT(", place.longitude, ' ', place.latitude, ')'));
}

// Halves the range in which `value` lies, and says in which half it is. Exact: the ends are degrees
// divided by powers of two.
bool upper_half(double& least, double& most, double value) {
  const double middle = (least + most) / 2;
  (value >= middle ? least : most) = middle;
  return value >= middle;
}

double degrees_of(Call& call, std::size_t i, std::int64_t limit) {
  const auto drawn = call.random().between(-limit * kMillionths, limit * kMillionths);
  const double value =
      call.has(i) ? call.real(i) : static_cast<double>(drawn) / static_cast<double>(kMillionths);
  if (!(value >= -static_cast<double>(limit) && value <= static_cast<double>(limit))) {
    Call::fail(fmt::format("argument {} is between -{} and {}", i + 1, limit, limit));
  }
  return value;
}

ScalarView geohash(Call& call) {
  constexpr std::string_view kAlphabet = "0123456789bcdefghjkmnpqrstuvwxyz";
  constexpr int kBits = 5;
  const double latitude = degrees_of(call, 0, 90);
  const double longitude = degrees_of(call, 1, 180);
  const auto length = call.integer_or(2, 9, 1, 12);
  double south = -90;
  double north = 90;
  double west = -180;
  double east = 180;
  CellText hash;
  bool across = true;
  while (static_cast<std::int64_t>(hash.size()) < length) {
    std::size_t character = 0;
    for (int bit = 0; bit < kBits; ++bit, across = !across) {
      const bool upper =
          across ? upper_half(west, east, longitude) : upper_half(south, north, latitude);
      character = character * 2 + (upper ? 1 : 0);
    }
    hash += kAlphabet[character];
  }
  return call.keep(hash);
}

constexpr std::array<FunctionRow, 6> kRows{{
    list_row<kDirections>("compass_direction() -> text", "One of eight directions.",
                          "compass_direction()", "N"),
    {"coordinates(city?: text, locale?: locale) -> text",
     "Latitude and longitude of a place near `city`, or near some city of the country.",
     "coordinates('Denver')", "39.713245, -104.943870", coordinates, Effect::draws},
    {"geohash(latitude?: number, longitude?: number, length?: integer) -> text",
     "The geohash of a place, of 9 characters unless `length` says otherwise.",
     "geohash(52.5, 13.4, 6)", "u33d8v", geohash, Effect::draws},
    {"latitude(city?: text, locale?: locale) -> decimal",
     "Degrees north, six places; near `city` when it is known.", "latitude()", "-88.026597",
     latitude, Effect::draws},
    {"longitude(city?: text, locale?: locale) -> decimal",
     "Degrees east, six places; near `city` when it is known.", "longitude()", "-176.053194",
     longitude, Effect::draws},
    {"point(city?: text, locale?: locale) -> text",
     "A point near `city`, or near some city of the country, as spatial databases read it.",
     "point('Denver')", "POINT(-104.943870 39.713245)", point, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> geography_providers() {
  return kRows;
}

}  // namespace seedbed::detail
