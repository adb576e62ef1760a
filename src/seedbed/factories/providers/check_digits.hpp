#pragma once

#include <string>
#include <string_view>

namespace seedbed::detail {

/// Check digits of numbers that people know; `digits` are the number without them.

/// ISO/IEC 7812, annex B: cards, IMEIs.
[[nodiscard]] std::string luhn_digit(std::string_view digits);
/// GS1: EAN-8, UPC-A, EAN-13, ISBN-13.
[[nodiscard]] std::string gs1_digit(std::string_view digits);
/// ISBN-10 (nine digits) and ISSN (seven, hyphens are skipped): modulo 11, X for ten.
[[nodiscard]] std::string modulo11_digit(std::string_view digits);
/// The number, with letters as ISO 13616 counts them (A is 10), modulo 97.
[[nodiscard]] int modulo97(std::string_view text) noexcept;
/// Two digits.
[[nodiscard]] std::string iban_digits(std::string_view country, std::string_view account);
/// The ninth character of a vehicle's number (49 CFR 565.15); what stands there counts for nothing.
[[nodiscard]] char vin_digit(std::string_view vin) noexcept;

}  // namespace seedbed::detail
