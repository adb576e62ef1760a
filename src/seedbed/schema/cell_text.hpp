#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace seedbed::detail {

/// Canonical spellings of text that an engine gave for a cell of one type. Each throws
/// invalid_input when the text cannot be of that type; messages never show the text.

/// "0", "12", "-3": no sign but '-', no leading zeros.
[[nodiscard]] std::string integer_text(std::string_view text);
/// Plain digits, exactly `scale` of them after the point when given, else as many as there were; no
/// exponent; NaN, Infinity and -Infinity pass. Refuses to drop a digit other than zero.
[[nodiscard]] std::string decimal_text(std::string_view text, std::optional<int> scale);
[[nodiscard]] std::string decimal_text(double value, std::optional<int> scale);
/// Without the zeros after the last digit of the fraction: "1.50" gives "1.5", "2.00" gives "2".
[[nodiscard]] std::string_view without_fraction_zeros(std::string_view decimal);
/// "hh:mm:ss[.f]" without the fraction's trailing zeros; what stands around it stays.
[[nodiscard]] std::string time_text(std::string_view text);
/// "YYYY-MM-DD hh:mm:ss[.f]"; an instant has "+00:00" behind it. What is no date of the common era
/// (BC, infinity, MySQL's zero date) keeps the engine's spelling.
[[nodiscard]] std::string timestamp_text(std::string_view text, bool instant);
/// 8-4-4-4-12 lower-case hexadecimal digits.
[[nodiscard]] std::string uuid_text(std::string_view text);
/// Four digits.
[[nodiscard]] std::string year_text(std::string_view text);
/// Zeros and ones.
[[nodiscard]] std::string bit_text(std::string_view text);

}  // namespace seedbed::detail
