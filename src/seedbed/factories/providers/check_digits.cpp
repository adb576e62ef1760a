#include "seedbed/factories/providers/check_digits.hpp"

#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "seedbed/factories/expression/cell_text.hpp"

namespace seedbed::detail {

namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

std::string complement(int sum) {
  return std::to_string((10 - sum % 10) % 10);
}

}  // namespace

std::string luhn_digit(std::string_view digits) {
  int sum = 0;
  bool doubled = true;
  for (std::size_t i = digits.size(); i-- > 0;) {
    const char digit = digits[i];
    const int value = (digit - '0') * (doubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
    doubled = !doubled;
  }
  return complement(sum);
}

std::string gs1_digit(std::string_view digits) {
  int sum = 0;
  int weight = 3;
  for (std::size_t i = digits.size(); i-- > 0;) {
    const char digit = digits[i];
    sum += (digit - '0') * weight;
    weight = 4 - weight;
  }
  return complement(sum);
}

std::string modulo11_digit(std::string_view digits) {
  int sum = 0;
  int weight = 2;
  for (std::size_t i = digits.size(); i-- > 0;) {
    const char digit = digits[i];
    if (is_digit(digit)) sum += (digit - '0') * weight++;
  }
  const int check = (11 - sum % 11) % 11;
  return check == 10 ? "X" : std::to_string(check);
}

int modulo97(std::string_view text) noexcept {
  int rest = 0;
  for (const char c : text) {
    rest = is_digit(c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
  }
  return rest;
}

std::string iban_digits(std::string_view country, std::string_view account) {
  return fmt::format("{:02}", 98 - modulo97(joined(account, country, "00")));
}

char vin_digit(std::string_view vin) noexcept {
  constexpr std::array<int, 17> kWeights{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPRSTUVWXYZ";  // without I, O and Q
  constexpr std::string_view kValues = "12345678123457923456789";
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size() && i < vin.size(); ++i) {
    const auto letter = kLetters.find(vin[i]);
    const char value = letter == std::string_view::npos ? vin[i] : kValues[letter];
    sum += (value - '0') * kWeights.at(i);
  }
  const int check = sum % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

}  // namespace seedbed::detail
