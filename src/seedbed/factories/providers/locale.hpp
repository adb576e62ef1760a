#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/factories/expression/cell_text.hpp"
#include "seedbed/factories/expression/function.hpp"

namespace seedbed::detail {

/// Cities of a locale, line by line; `postcodes` are patterns for `filled`, coordinates degrees.
struct Cities {
  WordList names;
  WordList states;
  WordList state_codes;
  WordList counties;
  WordList postcodes;
  WordList latitudes;
  WordList longitudes;
};

/// What differs by language and country. Each locale has a source of its own in locales/, so that
/// its word lists are compiled once.
struct Locale {
  std::string_view name;  ///< "de_DE"
  WordList first_names;
  WordList genders;  ///< of the first names: "f", "m", or "u" for both
  WordList last_names;
  WordList first_names_latin{};  ///< where the names are in another script
  WordList last_names_latin{};
  WordList female_prefixes;
  WordList male_prefixes;
  std::string_view full_name;  ///< with {first}, {last} and {second}, another last name
  Cities cities;
  WordList streets;
  WordList countries;               ///< in its language, in the order of countries.txt
  std::string_view street_address;  ///< with {number} and {street}
  std::string_view full_address;    ///< with {address}, {city}, {state}, {code} and {postcode}
  WordList secondary_addresses;     ///< patterns for `filled`
  WordList companies{};             ///< with {last}
  WordList phones{};                ///< patterns for `filled`
  WordList months;
  WordList weekdays;  ///< Monday first
  // Where a pattern does not do.
  CellText (*house_number)(CellRandom&);
  CellText (*street)(CellRandom&) = nullptr;
  CellText (*company)(CellRandom&) = nullptr;
  CellText (*phone)(CellRandom&) = nullptr;
};

[[nodiscard]] const Locale& en_us();
[[nodiscard]] const Locale& en_gb();
[[nodiscard]] const Locale& de_de();
[[nodiscard]] const Locale& fr_fr();
[[nodiscard]] const Locale& es_es();
[[nodiscard]] const Locale& pt_br();
[[nodiscard]] const Locale& ja_jp();
[[nodiscard]] const Locale& zh_cn();

/// en_US first.
[[nodiscard]] const std::vector<std::string>& locale_names();
/// The locale that argument `i` names; en_US when it is absent.
[[nodiscard]] const Locale& locale_of(const Call& call, std::size_t i);

/// The first names of "female" or "male", all for anything else.
[[nodiscard]] WordList first_names_of(const Locale& locale, std::string_view gender);
/// A name of the locale in Latin letters, given name first: by its word lists; as it is where they
/// do not know it.
[[nodiscard]] CellText romanized(const Locale& locale, std::string_view name);

/// 1 to 199.
[[nodiscard]] CellText short_house_number(CellRandom& random);
[[nodiscard]] CellText street_of(const Locale& locale, CellRandom& random);
/// House number and street, in the order of the country.
[[nodiscard]] CellText street_address_of(const Locale& locale, CellRandom& random);

}  // namespace seedbed::detail
