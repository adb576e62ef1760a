#include <array>

#include "seedbed/factories/providers/check_digits.hpp"
#include "seedbed/factories/providers/provider.hpp"

namespace seedbed::detail {

namespace {

constexpr std::string_view kIsbn10 = "#########";
constexpr std::string_view kIsbn13 = "978#########";
constexpr std::string_view kIssn = "####-###";
// GSMA TS.06: reporting body 00 is for tests.
constexpr std::string_view kImei = "00############";
// The Social Security Administration gives out no area 666, no group 00 and no serial 0000.
constexpr std::string_view kSsn = "666-%#-%###";

template <const std::string_view& kPattern, std::string (*check)(std::string_view)>
ScalarView checked(Call& call) {
  const auto number = filled(call.random(), kPattern);
  return call.keep(joined(number, check(number)));
}

template <const std::string_view& kPattern, std::string (*check)(std::string_view)>
DomainPointer checked_domain(const Call& /*call*/) {
  return make_pattern_domain(kPattern, check);
}

template <const std::string_view& kPattern, std::string (*check)(std::string_view)>
constexpr FunctionRow checked_row(std::string_view signature, std::string_view description,
                                  std::string_view example, std::string_view value) {
  FunctionRow row{signature, description, example, value, checked<kPattern, check>, Effect::draws};
  row.domain = checked_domain<kPattern, check>;
  return row;
}

ScalarView ssn(Call& call) {
  return call.keep(filled(call.random(), kSsn));
}

DomainPointer ssn_domain(const Call& /*call*/) {
  return make_pattern_domain(kSsn);
}

// Prefixes that the Internal Revenue Service has never used.
ScalarView ein(Call& call) {
  constexpr std::array<std::string_view, 17> kPrefixes{"00", "07", "08", "09", "17", "18",
                                                       "19", "28", "29", "49", "69", "70",
                                                       "78", "79", "89", "96", "97"};
  const auto prefix = pick(call.random(), kPrefixes);
  return call.keep(joined(prefix, '-', digits(call.random(), 7)));
}

// 0 is the region of no maker (ISO 3780), so no vehicle has the number.
ScalarView vin(Call& call) {
  constexpr std::string_view kAlphabet = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
  auto number = joined('0', characters(call.random(), 16, kAlphabet));
  number[8] = vin_digit(number);
  return call.keep(number);
}

constexpr std::array<FunctionRow, 7> kRows{{
    {"ein() -> text", "An employer's number in the United States, with a prefix that is not used.",
     "ein()", "00-2947673", ein, Effect::draws},
    checked_row<kImei, luhn_digit>(
        "imei() -> text",
        "A mobile device's number with a right check digit, of the range for tests.", "imei()",
        "000294767306011"),
    checked_row<kIsbn10, modulo11_digit>("isbn10() -> text",
                                         "A book's number of ten digits with a right check digit.",
                                         "isbn10()", "0294767304"),
    checked_row<kIsbn13, gs1_digit>("isbn13() -> text",
                                    "A book's number of thirteen digits with a right check digit.",
                                    "isbn13()", "9780294767308"),
    checked_row<kIssn, modulo11_digit>(
        "issn() -> text", "A periodical's number with a right check digit.", "issn()", "0294-7676"),
    with_domain({"ssn() -> text",
                 "A social security number in the United States, of the area that is not used.",
                 "ssn()", "666-12-9476", ssn, Effect::draws},
                ssn_domain),
    {"vin() -> text", "A vehicle's number with a right check digit, of a region that is not used.",
     "vin()", "0AJ8T2000AZCDCE22", vin, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> standard_number_providers() {
  return kRows;
}

}  // namespace seedbed::detail
