#include <array>
#include <cmath>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/expression/function.hpp"
#include "seedbed/factories/expression/operators.hpp"
#include "seedbed/factories/providers/distributions.hpp"

namespace seedbed::detail {

namespace {

// min and max, which are the last two arguments; `first` is the place of min.
Bounds bounds_of(const Call& call, std::size_t first) {
  Bounds bounds;
  if (call.has(first)) bounds.least = call.real(first);
  if (call.has(first + 1)) bounds.most = call.real(first + 1);
  if (!(bounds.least <= bounds.most)) Call::fail("'min' is above 'max'");
  return bounds;
}

double positive(const Call& call, std::size_t i, std::string_view name) {
  const double value = call.real(i);
  if (!(value > 0)) Call::fail(std::string{name} + " is not above 0");
  return value;
}

double not_negative(const Call& call, std::size_t i, std::string_view name) {
  const double value = call.real(i);
  if (!(value >= 0)) Call::fail(std::string{name} + " is negative");
  return value;
}

ScalarView finite(double value) {
  if (!std::isfinite(value)) Call::fail("the draw is too large; set 'max'");
  return value;
}

ScalarView normal(Call& call) {
  const double sd = not_negative(call, 1, "'sd'");
  return finite(draw_normal(call.random(), call.real(0), sd, bounds_of(call, 2)));
}

ScalarView lognormal(Call& call) {
  const double mean = positive(call, 0, "'mean'");
  const double sd = not_negative(call, 1, "'sd'");
  return finite(draw_lognormal(call.random(), mean, sd, bounds_of(call, 2)));
}

ScalarView exponential(Call& call) {
  const double mean = positive(call, 0, "'mean'");
  return finite(draw_exponential(call.random(), mean, bounds_of(call, 1)));
}

ScalarView poisson(Call& call) {
  const double mean = not_negative(call, 0, "'mean'");
  if (mean > kLargestPoissonMean) Call::fail("'mean' is above 10000");
  Bounds bounds = bounds_of(call, 1);
  bounds.least = std::ceil(bounds.least);
  bounds.most = std::floor(bounds.most);
  if (!(bounds.least <= bounds.most))
    Call::fail("there is no whole number between 'min' and 'max'");
  return draw_poisson(call.random(), mean, bounds);
}

ScalarView zipf(Call& call) {
  constexpr double kLargestExponent = 20;
  constexpr std::int64_t kLargestRank = 1'000'000'000'000;
  const double s = not_negative(call, 0, "'s'");
  if (s > kLargestExponent) Call::fail("'s' is above 20");
  return draw_zipf(call.random(), s, call.integer(1, 1, kLargestRank));
}

ScalarView boolean(Call& call) {
  return call.random().unit() < (call.has(0) ? probability_of(call.at(0)) : 0.5);
}

void draw_bytes(CellRandom& random, std::span<char> bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i, word >>= 8U) {
    if (i % 8 == 0) word = random.next();
    bytes[i] = static_cast<char>(word & 0xFFU);
  }
}

constexpr std::int64_t kMaximumLength = 65'536;

ScalarView bytes(Call& call) {
  const auto data = call.room(static_cast<std::size_t>(call.integer(0, 0, kMaximumLength)));
  draw_bytes(call.random(), data);
  return BytesView{{data.data(), data.size()}};
}

ScalarView hex(Call& call) {
  const auto digits = static_cast<std::size_t>(call.integer(0, 0, kMaximumLength));
  const auto bytes = call.room((digits + 1) / 2);
  draw_bytes(call.random(), bytes);
  const auto text = call.room(2 * bytes.size());
  write_hex(text.data(), {bytes.data(), bytes.size()});
  return TextView{{text.data(), digits}};
}

// RFC 4122, section 4.4: version 4, variant 10.
ScalarView uuid(Call& call) {
  std::array<char, 16> bytes{};
  draw_bytes(call.random(), bytes);
  const auto stamp = [&bytes](std::size_t i, unsigned kept, unsigned set) {
    bytes[i] = static_cast<char>((static_cast<unsigned char>(bytes[i]) & kept) | set);
  };
  stamp(6, 0x0FU, 0x40U);
  stamp(8, 0x3FU, 0x80U);
  constexpr std::array<std::size_t, 5> kGroups{4, 2, 2, 2, 6};
  const auto text = call.room(36);
  char* at = text.data();
  std::string_view rest{bytes.data(), bytes.size()};
  for (const auto group : kGroups) {
    if (at != text.data()) *at++ = '-';
    at = write_hex(at, rest.substr(0, group));
    rest.remove_prefix(group);
  }
  return TextView{{text.data(), text.size()}};
}

// '#' is a digit, 'A' an upper-case letter, 'a' a lower-case one; '\' keeps the next character.
ScalarView pattern(Call& call) {
  const auto text = call.text(0);
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      result += text[++i];
    } else if (c == '#') {
      result += static_cast<char>('0' + call.random().below(10));
    } else if (c == 'A' || c == 'a') {
      result += static_cast<char>(static_cast<std::uint64_t>(c) + call.random().below(26));
    } else {
      result += c;
    }
  }
  return call.keep(result);
}

constexpr std::array<FunctionRow, 11> kRows{{
    {"boolean(probability?: number) -> boolean", "True with this probability (50%).",
     "boolean(95%)", "true", boolean, Effect::draws},
    {"bytes(count: integer) -> bytes", "Random bytes.", "bytes(4)", "7ce5655a", bytes,
     Effect::draws},
    {"exponential(mean: number, min?: number, max?: number) -> real",
     "Exponentially distributed: waiting times.", "round(exponential(mean=10), 3)", "45.132",
     exponential, Effect::draws},
    {"hex(digits: integer) -> text", "Random lower-case hexadecimal digits.", "hex(12)",
     "7ce5655a877e", hex, Effect::draws},
    {"lognormal(mean: number, sd: number, min?: number, max?: number) -> real",
     "Log-normally distributed, with mean and standard deviation of the value itself: sizes, "
     "prices, counts with a long tail.",
     "round(lognormal(mean=12, sd=20, max=500), 3)", "0.440", lognormal, Effect::draws},
    {"normal(mean: number, sd: number, min?: number, max?: number) -> real",
     "Normally distributed. A draw outside `min` and `max` is drawn again.",
     "round(normal(mean=120, sd=60, min=0), 2)", "78.09", normal, Effect::draws},
    {"pattern(shape: text) -> text",
     "The text with each `#` replaced by a digit, `A` by an upper-case and `a` by a lower-case "
     "letter; `\\` keeps the next character.",
     "pattern('AA-####')", "AG-9476", pattern, Effect::draws},
    {"poisson(mean: number, min?: number, max?: number) -> integer",
     "Poisson distributed: how often something happens.", "poisson(mean=3.5)", "0", poisson,
     Effect::draws},
    {"regex(pattern: text) -> text",
     "A text that the regular expression matches; see Regular expressions.",
     "regex('[A-Z]{2}-\\\\d{3,5}')", "AG-47673", nullptr, Effect::draws, FunctionForm::regex},
    {"uuid() -> text", "A random UUID (version 4).", "uuid()",
     "7ce5655a-877e-4e02-87b0-6d01f24e113e", uuid, Effect::draws},
    {"zipf(s: number, max: integer) -> integer",
     "1 to `max`, k with a probability proportional to 1 / k^s: popularity.",
     "zipf(s=1.1, max=1000)", "886", zipf, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> random_functions() {
  return kRows;
}

}  // namespace seedbed::detail
