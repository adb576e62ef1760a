#include "seedbed/factories/expression/calendar.hpp"

#include <utility>

#include <fmt/format.h>

#include "seedbed/core/clock.hpp"

namespace seedbed::detail {

std::int64_t day_of(Instant instant) noexcept {
  return instant.micros / kMicrosPerDay - (instant.micros % kMicrosPerDay < 0 ? 1 : 0);
}

int weekday_of(std::int64_t day) noexcept {
  // 1970-01-01 was a Thursday.
  return static_cast<int>(((day + 3) % 7 + 7) % 7 + 1);
}

std::string week_of(std::int64_t day) {
  const auto thursday = day + 4 - weekday_of(day);  // its year is the week's
  const auto year = civil_from_days(thursday).year;
  return fmt::format("{:04}-W{:02}", year, (thursday - days_from_civil({year, 1, 1})) / 7 + 1);
}

std::int64_t years_between(std::int64_t from, std::int64_t to) noexcept {
  if (to < from) return -years_between(to, from);
  const auto first = civil_from_days(from);
  const auto last = civil_from_days(to);
  const bool open = std::pair{last.month, last.day} < std::pair{first.month, first.day};
  return last.year - first.year - (open ? 1 : 0);
}

}  // namespace seedbed::detail
