#include <algorithm>
#include <array>
#include <cstddef>

#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

constexpr std::int64_t kMaximumLength = 65'536;
// Digits, then upper-case, then lower-case letters.
constexpr std::string_view kAlphanumeric =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = kAlphanumeric.substr(0, 10);
constexpr std::string_view kLetters = kAlphanumeric.substr(10);
constexpr std::string_view kUpper = kLetters.substr(0, 26);
constexpr std::string_view kLower = kLetters.substr(26);

std::string_view letters_of(const Call& call, std::size_t i) {
  const auto kind = call.has(i) ? call.text(i) : std::string_view{"lower"};
  return kind == "lower" ? kLower : kind == "upper" ? kUpper : kLetters;
}

ScalarView some(Call& call, std::string_view alphabet) {
  return call.keep(characters(call.random(), call.integer(0, 0, kMaximumLength), alphabet));
}

DomainPointer all(const Call& call, std::string_view alphabet) {
  const auto count = static_cast<std::size_t>(call.integer(0, 0, kMaximumLength));
  return make_sequence_domain(std::vector<std::string_view>(count, alphabet));
}

ScalarView alphanumeric(Call& call) {
  return some(call, kAlphanumeric);
}
DomainPointer alphanumeric_domain(const Call& call) {
  return all(call, kAlphanumeric);
}

ScalarView some_digits(Call& call) {
  return some(call, kDigits);
}
DomainPointer digits_domain(const Call& call) {
  return all(call, kDigits);
}

ScalarView letters(Call& call) {
  return some(call, letters_of(call, 1));
}
DomainPointer letters_domain(const Call& call) {
  return all(call, letters_of(call, 1));
}

ScalarView letter(Call& call) {
  return call.keep(characters(call.random(), 1, letters_of(call, 0)));
}
DomainPointer letter_domain(const Call& call) {
  return make_sequence_domain({letters_of(call, 0)});
}

ScalarView filler(Call& call) {
  const auto length = static_cast<std::size_t>(call.integer(0, 0, kMaximumLength));
  const auto text = call.room(length);
  for (std::size_t size = 0; size < length;) {
    if (size > 0) text[size++] = ' ';
    const auto word = pick(call.random(), words::kWords).substr(0, length - size);
    std::copy(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(size));
    size += word.size();
  }
  // Many columns do not keep a space at the end.
  if (length > 0 && text.back() == ' ') text.back() = '.';
  return TextView{{text.data(), length}};
}

constexpr std::array<FunctionRow, 5> kRows{{
    with_domain({"alphanumeric(count: integer) -> text", "Latin letters and digits.",
                 "alphanumeric(8)", "0FxUmhiL", alphanumeric, Effect::draws},
                alphanumeric_domain),
    with_domain({"digits(count: integer) -> text", "Decimal digits.", "digits(8)", "02947673",
                 some_digits, Effect::draws},
                digits_domain),
    {"filler(length: integer) -> text", "Words, cut to exactly this many characters.", "filler(24)",
     "actor degree wait lemon.", filler, Effect::draws},
    with_domain({"letter(case?: lower|upper|mixed) -> text", "A Latin letter.", "letter('upper')",
                 "A", letter, Effect::draws},
                letter_domain),
    with_domain({"letters(count: integer, case?: lower|upper|mixed) -> text", "Latin letters.",
                 "letters(8)", "agymussi", letters, Effect::draws},
                letters_domain),
}};

}  // namespace

std::span<const FunctionRow> character_providers() {
  return kRows;
}

}  // namespace seedbed::detail
