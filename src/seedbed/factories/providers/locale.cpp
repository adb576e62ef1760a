#include "seedbed/factories/providers/locale.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "seedbed/factories/providers/provider.hpp"

namespace seedbed::detail {

namespace {

const std::array<const Locale*, 8>& locales() {
  static const std::array<const Locale*, 8> kLocales{&en_us(), &en_gb(), &de_de(), &fr_fr(),
                                                     &es_es(), &pt_br(), &ja_jp(), &zh_cn()};
  return kLocales;
}

using NamesByGender = std::map<std::pair<const Locale*, char>, std::vector<std::string_view>>;

NamesByGender names_by_gender() {
  NamesByGender names;
  for (const auto* locale : locales()) {
    for (std::size_t i = 0; i < locale->first_names.size(); ++i) {
      const char gender = locale->genders[i].front();
      if (gender != 'm') names[{locale, 'f'}].push_back(locale->first_names[i]);
      if (gender != 'f') names[{locale, 'm'}].push_back(locale->first_names[i]);
    }
  }
  return names;
}

// The Latin spelling of a name that stands in `names`; empty when it does not.
std::string_view latin_of(std::string_view name, WordList names, WordList latin) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? std::string_view{}
                              : latin[static_cast<std::size_t>(found - names.begin())];
}

std::string_view without_spaces(std::string_view text) {
  constexpr std::string_view kIdeographicSpace = "\u3000";
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.starts_with(kIdeographicSpace)) text.remove_prefix(kIdeographicSpace.size());
  return text;
}

}  // namespace

const std::vector<std::string>& locale_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const auto* locale : locales()) names.emplace_back(locale->name);
    return names;
  }();
  return kNames;
}

const Locale& locale_of(const Call& call, std::size_t i) {
  if (call.has(i)) {
    const auto name = call.text(i);
    for (const auto* locale : locales()) {
      if (locale->name == name) return *locale;
    }
  }
  return en_us();
}

WordList first_names_of(const Locale& locale, std::string_view gender) {
  static const NamesByGender kNames = names_by_gender();
  if (gender != "female" && gender != "male") return locale.first_names;
  return kNames.at({&locale, gender.front()});
}

CellText romanized(const Locale& locale, std::string_view name) {
  if (locale.first_names_latin.empty()) return CellText{name};
  // The longest last name that the text begins with: Chinese has some of two characters.
  for (std::size_t length = name.size(); length > 0; --length) {
    const auto last = latin_of(name.substr(0, length), locale.last_names, locale.last_names_latin);
    const auto rest = without_spaces(name.substr(length));
    const auto given = latin_of(rest, locale.first_names, locale.first_names_latin);
    if (!last.empty() && !given.empty()) return joined(given, ' ', last);
  }
  const auto given = latin_of(name, locale.first_names, locale.first_names_latin);
  const auto last = latin_of(name, locale.last_names, locale.last_names_latin);
  return CellText{!given.empty() ? given : !last.empty() ? last : name};
}

CellText short_house_number(CellRandom& random) {
  return joined(random.between(1, 199));
}

CellText street_of(const Locale& locale, CellRandom& random) {
  return locale.street != nullptr ? locale.street(random) : CellText{pick(random, locale.streets)};
}

CellText street_address_of(const Locale& locale, CellRandom& random) {
  const auto number = locale.house_number(random);
  const auto street = street_of(locale, random);
  return filled_in(locale.street_address, {{"number", number}, {"street", street}});
}

}  // namespace seedbed::detail
