#include <array>
#include <string_view>

#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/words.hpp"
#include "seedbed/factories/providers/words_zh_cn.hpp"

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 1> kFemalePrefixes{"女士"};
constexpr std::array<std::string_view, 1> kMalePrefixes{"先生"};
constexpr std::array<std::string_view, 3> kSecondaryAddresses{"%号楼%单元%0%室", "%#栋%##室",
                                                              "%单元%0#室"};
constexpr std::array<std::string_view, 5> kCompanies{"{last}氏科技有限公司", "{last}氏贸易有限公司",
                                                     "{last}氏集团有限公司", "{last}氏食品有限公司",
                                                     "{last}氏实业有限公司"};
// China keeps no range for fiction; no number behind an area code begins with 0.
constexpr std::array<std::string_view, 10> kPhones{
    "+86 10 0### ####", "+86 20 0### ####", "+86 21 0### ####", "+86 22 0### ####",
    "+86 23 0### ####", "+86 24 0### ####", "+86 25 0### ####", "+86 27 0### ####",
    "+86 28 0### ####", "+86 29 0### ####"};
constexpr std::array<std::string_view, 12> kMonths{"一月", "二月", "三月",   "四月",
                                                   "五月", "六月", "七月",   "八月",
                                                   "九月", "十月", "十一月", "十二月"};
constexpr std::array<std::string_view, 7> kWeekdays{"星期一", "星期二", "星期三", "星期四",
                                                    "星期五", "星期六", "星期日"};

}  // namespace

const Locale& zh_cn() {
  static const Locale kLocale{.name = "zh_CN",
                              .first_names = words::zh_cn::kFirstNamesName,
                              .genders = words::zh_cn::kFirstNamesGender,
                              .last_names = words::zh_cn::kLastNamesName,
                              .first_names_latin = words::zh_cn::kFirstNamesLatin,
                              .last_names_latin = words::zh_cn::kLastNamesLatin,
                              .female_prefixes = kFemalePrefixes,
                              .male_prefixes = kMalePrefixes,
                              .full_name = "{last}{first}",
                              .cities = {.names = words::zh_cn::kCitiesName,
                                         .states = words::zh_cn::kCitiesState,
                                         .state_codes = words::zh_cn::kCitiesStateCode,
                                         .counties = words::zh_cn::kCitiesCounty,
                                         .postcodes = words::zh_cn::kCitiesPostcode,
                                         .latitudes = words::zh_cn::kCitiesLatitude,
                                         .longitudes = words::zh_cn::kCitiesLongitude},
                              .streets = words::zh_cn::kStreets,
                              .countries = words::kCountriesZh,
                              .street_address = "{street}{number}号",
                              .full_address = "{state}{city}{address} {postcode}",
                              .secondary_addresses = kSecondaryAddresses,
                              .companies = kCompanies,
                              .phones = kPhones,
                              .months = kMonths,
                              .weekdays = kWeekdays,
                              .house_number = short_house_number};
  return kLocale;
}

}  // namespace seedbed::detail
