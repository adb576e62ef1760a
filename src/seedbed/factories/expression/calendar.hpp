#pragma once

#include <cstdint>
#include <string>

#include "seedbed/factories/scalar.hpp"

namespace seedbed::detail {

/// Days since 1970-01-01, by UTC.
[[nodiscard]] std::int64_t day_of(Instant instant) noexcept;
/// ISO 8601: Monday is 1.
[[nodiscard]] int weekday_of(std::int64_t day) noexcept;
/// ISO 8601: "2026-W01".
[[nodiscard]] std::string week_of(std::int64_t day);
/// Whole years from one day to another; negative when it is before.
[[nodiscard]] std::int64_t years_between(std::int64_t from, std::int64_t to) noexcept;

}  // namespace seedbed::detail
