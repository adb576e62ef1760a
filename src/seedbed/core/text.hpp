#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seedbed {

/// The candidate with the smallest edit distance to `name`, ignoring ASCII case; nullopt when even
/// the best is too far (more than a third of the name, at least 2) to be a likely misspelling.
[[nodiscard]] std::optional<std::string> nearest(std::string_view name,
                                                 std::span<const std::string> candidates);

/// "; did you mean 'x'?" for the nearest candidate, or an empty string.
[[nodiscard]] std::string did_you_mean(std::string_view name,
                                       std::span<const std::string> candidates);

/// ASCII only; other bytes stay.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// ASCII white space cut from both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);

[[nodiscard]] std::string to_hex(std::string_view bytes);
/// Writes those digits, two a byte, where there is room; gives their end.
char* write_hex(char* out, std::string_view bytes) noexcept;
/// nullopt unless `hex` is an even number of hexadecimal digits.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view hex);

/// Whether no byte is a control character of ASCII or a backslash, so that line formats take the
/// text as it is. Eight bytes at a time.
[[nodiscard]] bool is_plain(std::string_view text) noexcept;

/// Not 0 where one of eight bytes may keep a text from being plain: one that does is never missed,
/// but a byte above it may be taken for one. The usual tricks for a byte below a bound and a byte
/// of zero (Warren, "Hacker's Delight", 6-1).
[[nodiscard]] constexpr std::uint64_t special_bytes(std::uint64_t word) noexcept {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101U;
  const auto slash = word ^ (kOnes * '\\');
  const auto below = (word - kOnes * 0x20) & ~word;
  const auto zero = (slash - kOnes) & ~slash;
  return (below | zero) & (kOnes * 0x80);
}

/// What an editor may put before UTF-8.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
/// Byte position of the first ill-formed UTF-8 sequence (RFC 3629), or nullopt.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;
/// Number of Unicode code points in well-formed UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;
/// The first `count` code points of well-formed UTF-8.
[[nodiscard]] std::string_view first_code_points(std::string_view text, std::size_t count) noexcept;

}  // namespace seedbed
