#include <array>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/expression/calendar.hpp"
#include "seedbed/factories/providers/locale.hpp"
#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 2> kGenders{"female", "male"};
constexpr std::array<std::string_view, 8> kBloodTypes{"A-", "A+", "AB-", "AB+",
                                                      "B-", "B+", "O-",  "O+"};
constexpr std::array<std::string_view, 9> kDegrees{
    "Associate of Arts",    "Associate of Science", "Bachelor of Arts",
    "Bachelor of Science",  "Master of Arts",       "Master of Science",
    "Doctor of Philosophy", "Doctor of Medicine",   "Master of Business Administration"};
constexpr std::array<std::string_view, 6> kMaritalStatuses{
    "single", "married", "divorced", "widowed", "separated", "in a partnership"};
constexpr std::array<std::string_view, 8> kSuffixes{"Jr.", "Sr.", "II",  "III",
                                                    "IV",  "MD",  "PhD", "Esq."};

std::string_view gender_of(const Call& call) {
  return call.has(0) ? call.text(0) : std::string_view{};
}

WordList first_names(const Call& call) {
  return first_names_of(locale_of(call, 1), gender_of(call));
}

WordList last_names(const Call& call) {
  return locale_of(call, 0).last_names;
}

ScalarView full_name(Call& call) {
  const auto& locale = locale_of(call, 1);
  const auto first = pick(call.random(), first_names_of(locale, gender_of(call)));
  const auto last = pick(call.random(), locale.last_names);
  const auto second = pick(call.random(), locale.last_names);
  return call.keep(
      filled_in(locale.full_name, {{"first", first}, {"last", last}, {"second", second}}));
}

ScalarView name_prefix(Call& call) {
  const auto& locale = locale_of(call, 1);
  const bool female = call.has(0) ? call.text(0) == "female" : call.random().below(2) == 0;
  return TextView{pick(call.random(), female ? locale.female_prefixes : locale.male_prefixes)};
}

ScalarView romanized_name(Call& call) {
  return call.keep(romanized(locale_of(call, 1), call.text(0)));
}

ScalarView initials(Call& call) {
  CellText result;
  auto rest = call.text(0);
  bool begins = true;
  while (!rest.empty()) {
    const auto letter = first_code_points(rest, 1);
    if (begins && letter != " ") result += letter;
    begins = letter == " ";
    rest.remove_prefix(letter.size());
  }
  return call.keep(result);
}

ScalarView job_title(Call& call) {
  const auto level = pick(call.random(), words::kJobLevels);
  const auto field = pick(call.random(), words::kJobFields);
  return call.keep(joined(level, ' ', field, ' ', pick(call.random(), words::kJobRoles)));
}

ScalarView phone(Call& call) {
  const auto& locale = locale_of(call, 0);
  if (locale.phone != nullptr) return call.keep(locale.phone(call.random()));
  return call.keep(filled(call.random(), pick(call.random(), locale.phones)));
}

std::int64_t day_before(Instant now, std::int64_t years) {
  constexpr std::int64_t kMonths = 12;
  const auto before = add(now, {-years * kMonths, 0, 0});
  if (!before) Call::fail("the day is before the year 1");
  return day_of(*before);
}

ScalarView birth_date(Call& call) {
  constexpr std::int64_t kOldest = 150;
  const auto least = call.integer_or(0, 18, 0, kOldest);
  const auto most = call.integer_or(1, std::max<std::int64_t>(80, least), 0, kOldest);
  if (least > most) Call::fail("'min_age' is above 'max_age'");
  const auto first = day_before(call.now(), most + 1) + 1;
  return Date{call.random().between(first, day_before(call.now(), least))};
}

ScalarView language_code(Call& call) {
  return TextView{words::kLanguagesCode[place_of(call, words::kLanguagesName)]};
}

constexpr std::array<FunctionRow, 20> kRows{{
    {"birth_date(min_age?: integer, max_age?: integer) -> date",
     "The birthday of somebody who is from `min_age` (18) to `max_age` (80) years old now.",
     "birth_date(18, 30)", "1995-02-23", birth_date, Effect::draws},
    list_row<kBloodTypes>("blood_type() -> text", "A blood group with its Rhesus factor.",
                          "blood_type()", "A-"),
    list_row<kDegrees>("degree() -> text", "An academic degree.", "degree()", "Associate of Arts"),
    list_row<words::kDepartments>("department() -> text", "A department of a company.",
                                  "department()", "Accounting"),
    words_row<first_names>("first_name(gender?: female|male, locale?: locale) -> text",
                           "A given name.", "first_name()", "Adam"),
    {"full_name(gender?: female|male, locale?: locale) -> text",
     "A given name and a surname, in the order of the country.", "full_name()", "Adam Foster",
     full_name, Effect::draws},
    list_row<kGenders>("gender() -> text", "A gender, as `first_name` takes it.", "gender()",
                       "female"),
    {"initials(name: text) -> text", "The first letter of each word.", "initials('Ada Lovelace')",
     "AL", initials},
    list_row<words::kJobFields>("job_field() -> text", "What a job is about.", "job_field()",
                                "Accounting"),
    list_row<words::kJobLevels>("job_level() -> text", "The rank of a job.", "job_level()",
                                "Associate"),
    {"job_title() -> text", "A job title.", "job_title()", "Associate Customer Technician",
     job_title, Effect::draws},
    list_row<words::kLanguagesName>("language() -> text", "A language's English name.",
                                    "language()", "Amharic"),
    {"language_code(language?: text) -> text",
     "A language's ISO 639-1 code; that of `language` when it is known.", "language_code('Welsh')",
     "cy", language_code, Effect::draws},
    words_row<last_names>("last_name(locale?: locale) -> text", "A surname.", "last_name()", "Ali"),
    list_row<kMaritalStatuses>("marital_status() -> text", "Whether somebody is married.",
                               "marital_status()", "single"),
    words_row<first_names>("middle_name(gender?: female|male, locale?: locale) -> text",
                           "A given name, to stand behind the first.", "middle_name('female')",
                           "Abigail"),
    {"name_prefix(gender?: female|male, locale?: locale) -> text", "A form of address.",
     "name_prefix('male')", "Mr.", name_prefix, Effect::draws},
    list_row<kSuffixes>("name_suffix() -> text", "What may stand behind an English name.",
                        "name_suffix()", "Jr."),
    {"phone(locale?: locale) -> text", "A phone number that reaches nobody; see Locales.",
     "phone()", "+1 202-555-0124", phone, Effect::draws},
    {"romanized(name: text, locale?: locale) -> text",
     "A Japanese or Chinese name in Latin letters, given name first, when the lists of the locale "
     "have it; otherwise the name.",
     "romanized('佐藤 陽翔', locale='ja_JP')", "Haruto Sato", romanized_name},
}};

}  // namespace

std::span<const FunctionRow> people_providers() {
  return kRows;
}

}  // namespace seedbed::detail
