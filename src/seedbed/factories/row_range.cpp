#include "seedbed/factories/row_range.hpp"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"

namespace seedbed {

namespace {

/// A number of the expression language, digits only.
std::optional<std::uint64_t> digits_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (number > INT64_MAX) return std::nullopt;
  return number;
}

std::uint64_t parse_row(std::string_view text, std::string_view whole) {
  const auto row = digits_of(text);
  if (row && *row > 0) return *row;
  throw Error{ErrorCode::invalid_input,
              fmt::format("'{}' is no row number; rows count from 1: 17, or 17..20", whole)};
}

}  // namespace

RowRange parse_row_range(std::string_view text) {
  const auto dots = text.find("..");
  RowRange range;
  range.first = parse_row(trimmed(text.substr(0, dots)), text);
  range.last = dots == std::string_view::npos ? range.first
                                              : parse_row(trimmed(text.substr(dots + 2)), text);
  if (range.first <= range.last) return range;
  throw Error{ErrorCode::invalid_input, fmt::format("the range '{}' begins after its end", text)};
}

Shard parse_shard(std::string_view text) {
  const auto slash = text.find('/');
  const auto number = digits_of(text.substr(0, slash));
  const auto count =
      slash == std::string_view::npos ? std::nullopt : digits_of(text.substr(slash + 1));
  if (number && count && *number > 0 && *number <= *count) return {*number, *count};
  const bool zero = number == std::uint64_t{0} && count.value_or(0) > 0;
  throw Error{ErrorCode::invalid_input,
              fmt::format("'{}' is no shard; {}", text,
                          zero ? fmt::format("shards count from 1: 1/{0} to {0}/{0}", *count)
                               : "write NUMBER/COUNT, such as 2/8")};
}

}  // namespace seedbed
