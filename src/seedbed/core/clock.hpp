#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace seedbed {

/// A civil date in the proleptic Gregorian calendar; year 0 is 1 BC (ISO 8601).
struct CivilDate {
  std::int64_t year = 1970;
  int month = 1;
  int day = 1;
  friend bool operator==(const CivilDate&, const CivilDate&) = default;
};

/// Days since 1970-01-01 and back. Pure integer arithmetic, no zone, no locale.
[[nodiscard]] std::int64_t days_from_civil(const CivilDate& date) noexcept;
[[nodiscard]] CivilDate civil_from_days(std::int64_t days) noexcept;

inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

/// "YYYY-MM-DD" to days since 1970-01-01; nullopt when it is no valid date.
[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view text) noexcept;
[[nodiscard]] std::string format_date(std::int64_t days);
/// Appends that text, or writes it where there is room for `kLongestDate` characters; gives its
/// end.
void append_date(std::string& out, std::int64_t days);
char* write_date(char* out, std::int64_t days);
inline constexpr std::size_t kLongestDate = 32;

/// "YYYY-MM-DD[T| ]hh:mm[:ss[.ffffff]][Z|+hh[:mm]|-hh[:mm]]" to microseconds since 1970-01-01 UTC;
/// without a zone the text is read as UTC. nullopt when it is no valid timestamp.
[[nodiscard]] std::optional<std::int64_t> parse_timestamp(std::string_view text) noexcept;
/// "YYYY-MM-DD hh:mm:ss[.f]", UTC, trailing zeros of the fraction cut; `suffix` is appended
/// ("+00:00").
[[nodiscard]] std::string format_timestamp(std::int64_t micros, std::string_view suffix = {});
/// Appends that text, or writes it as `write_date` does, without a suffix.
void append_timestamp(std::string& out, std::int64_t micros);
char* write_timestamp(char* out, std::int64_t micros);
inline constexpr std::size_t kLongestTimestamp = 48;

/// Microseconds since 1970-01-01 UTC by the system's clock. For provenance and ledgers only, never
/// for generated values.
[[nodiscard]] std::int64_t system_now_micros() noexcept;
/// The same as RFC 3339 with seconds: "2026-01-01T00:00:00Z".
[[nodiscard]] std::string format_rfc3339(std::int64_t micros);
char* write_rfc3339(char* out, std::int64_t micros);  ///< as `write_timestamp`

}  // namespace seedbed
