// Each distribution against its exact law, at 100,000 draws and p = 0.001.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/factories/function_reference.hpp"
#include "tests/factories/expression_frame.hpp"

namespace seedbed {
namespace {

using testing::values_of;

constexpr std::size_t kDraws = 100'000;
constexpr std::size_t kDrawsOfLists = 30'000;  // there are many
constexpr auto kCount = static_cast<double>(kDraws);

// Upper limit of chi-square at p = 0.001 (Wilson and Hilferty).
double chi_square_limit(std::size_t degrees) {
  const auto k = static_cast<double>(degrees);
  const double cube = 1 - 2 / (9 * k) + 3.0902 * std::sqrt(2 / (9 * k));
  return k * cube * cube * cube;
}

// Chi-square of the texts drawn against their probabilities; what is expected fewer than 10 times
// is put together.
void expect_frequencies(std::string_view expression, const std::map<std::string, double>& exact,
                        std::size_t draws = kDraws) {
  std::map<std::string, double> counts;
  for (const auto& value : values_of(expression, draws)) counts[to_text(value)] += 1;
  double chi_square = 0;
  double rare_expected = 0;
  double rare_seen = 0;
  std::size_t classes = 0;
  for (const auto& [value, probability] : exact) {
    const double expected = probability * static_cast<double>(draws);
    const double seen = counts[value];
    counts.erase(value);
    if (expected < 10) {
      rare_expected += expected;
      rare_seen += seen;
      continue;
    }
    chi_square += (seen - expected) * (seen - expected) / expected;
    ++classes;
  }
  for (const auto& [value, seen] : counts) rare_seen += seen;
  if (rare_expected >= 10) {
    chi_square += (rare_seen - rare_expected) * (rare_seen - rare_expected) / rare_expected;
    ++classes;
  } else {
    EXPECT_LT(rare_seen, 40) << expression;
  }
  EXPECT_LE(chi_square, classes > 1 ? chi_square_limit(classes - 1) : 0) << expression;
}

std::map<std::string, double> over_domain(const Domain& domain) {
  std::map<std::string, double> result;
  const auto size = static_cast<double>(domain.size());
  for (std::uint64_t i = 0; i < domain.size(); ++i) {
    result[to_text(testing::value_at(domain, i))] = 1 / size;
  }
  return result;
}

std::map<std::string, double> over_integers(std::int64_t first, std::int64_t last,
                                            const std::function<double(double)>& weight) {
  std::map<std::string, double> result;
  double sum = 0;
  for (auto k = first; k <= last; ++k) sum += weight(static_cast<double>(k));
  for (auto k = first; k <= last; ++k) {
    result[std::to_string(k)] = weight(static_cast<double>(k)) / sum;
  }
  return result;
}

// Kolmogorov and Smirnov's distance to the exact distribution function.
void expect_distribution(std::string_view expression, const std::function<double(double)>& exact) {
  std::vector<double> draws;
  for (const auto& value : values_of(expression, kDraws)) draws.push_back(to_real(value).value());
  std::sort(draws.begin(), draws.end());
  double distance = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const double probability = exact(draws[i]);
    const double below = static_cast<double>(i) / kCount;
    distance = std::max(
        {distance, std::fabs(probability - below), std::fabs(probability - below - 1 / kCount)});
  }
  EXPECT_LT(distance, 1.95 / std::sqrt(kCount)) << expression;
}

double normal_cdf(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

TEST(Distributions, OfRangesAreUniform) {
  expect_frequencies("1 .. 10", over_integers(1, 10, [](double) { return 1.0; }));
  expect_frequencies("-3 .. 3", over_integers(-3, 3, [](double) { return 1.0; }));
  expect_frequencies("0.0 .. 0.3", {{"0.0", 0.25}, {"0.1", 0.25}, {"0.2", 0.25}, {"0.3", 0.25}});
  expect_frequencies("2026-01-30 .. 2026-02-01",
                     {{"2026-01-30", 1.0 / 3}, {"2026-01-31", 1.0 / 3}, {"2026-02-01", 1.0 / 3}});
  expect_distribution("2e0 .. 5", [](double x) { return (x - 2) / 3; });
}

TEST(Distributions, OfWeightsAreTheWeights) {
  expect_frequencies("weighted(customer=95, staff=4, admin=1)",
                     {{"customer", 0.95}, {"staff", 0.04}, {"admin", 0.01}});
  expect_frequencies("weighted(a=0.5, b=25%, c=0.250, d=0)",
                     {{"a", 0.5}, {"b", 0.25}, {"c", 0.25}});
  expect_frequencies("one_of('a', 'b', 'c')", {{"a", 1.0 / 3}, {"b", 1.0 / 3}, {"c", 1.0 / 3}});
  expect_frequencies("boolean(95%)", {{"true", 0.95}, {"false", 0.05}});
  expect_frequencies("boolean()", {{"true", 0.5}, {"false", 0.5}});
  expect_frequencies("maybe(70%, 'x')", {{"x", 0.7}, {"", 0.3}});
}

TEST(Distributions, NormalFollowsItsLaw) {
  expect_distribution("normal(mean=120, sd=60)",
                      [](double x) { return normal_cdf((x - 120) / 60); });
}

TEST(Distributions, NormalBetweenBoundsIsTheTruncatedLaw) {
  expect_distribution("normal(mean=120, sd=60, min=0, max=200)", [](double x) {
    const double below = normal_cdf(-2);
    const double all = normal_cdf(80.0 / 60) - below;
    return (normal_cdf((x - 120) / 60) - below) / all;
  });
}

TEST(Distributions, NormalFarFromItsBoundsEndsThere) {
  for (const auto& value : values_of("normal(mean=0, sd=1, min=50, max=60)", 20)) {
    EXPECT_EQ(std::get<double>(value), 50);
  }
}

TEST(Distributions, LognormalHasTheMeanAndSpreadOfTheValueItself) {
  const double variance = std::log(1 + (20.0 / 12) * (20.0 / 12));
  const double location = std::log(12.0) - variance / 2;
  expect_distribution("lognormal(mean=12, sd=20)", [&](double x) {
    return normal_cdf((std::log(x) - location) / std::sqrt(variance));
  });
  double sum = 0;
  for (const auto& value : values_of("lognormal(mean=12, sd=6)", kDraws)) {
    sum += std::get<double>(value);
  }
  EXPECT_NEAR(sum / kCount, 12, 4 * 6 / std::sqrt(kCount));
}

TEST(Distributions, ExponentialFollowsItsLaw) {
  expect_distribution("exponential(mean=10)", [](double x) { return 1 - std::exp(-x / 10); });
}

double log_factorial(double k) {
  return std::lgamma(k + 1);  // NOLINT(concurrency-mt-unsafe): one thread
}

TEST(Distributions, PoissonFollowsItsLaw) {
  for (const double mean : {0.1, 3.5, 40.0, 700.0}) {
    const auto law = over_integers(0, 1200, [mean](double k) {
      return std::exp(k * std::log(mean) - mean - log_factorial(k));
    });
    expect_frequencies("poisson(mean=" + std::to_string(mean) + ")", law);
  }
  expect_frequencies("poisson(mean=0)", {{"0", 1.0}});
  expect_frequencies("poisson(mean=2, min=1, max=4)", over_integers(1, 4, [](double k) {
                       return std::exp(k * std::log(2.0) - log_factorial(k));
                     }));
}

class Zipf : public ::testing::TestWithParam<std::string_view> {};

TEST_P(Zipf, FollowsItsLaw) {
  const double s = std::stod(std::string{GetParam()});
  for (const std::int64_t largest : {1, 2, 1000}) {
    expect_frequencies(
        "zipf(s=" + std::string{GetParam()} + ", max=" + std::to_string(largest) + ")",
        over_integers(1, largest, [s](double k) { return std::pow(k, -s); }));
  }
}

INSTANTIATE_TEST_SUITE_P(Distributions, Zipf,
                         ::testing::Values("0", "0.5", "0.9999", "1", "1.1", "2", "5"));

TEST(Distributions, ZipfReachesFar) {
  std::int64_t largest = 0;
  for (const auto& value : values_of("zipf(s=0.5, max=1000000000000)", 1000)) {
    EXPECT_GE(std::get<std::int64_t>(value), 1);
    EXPECT_LE(std::get<std::int64_t>(value), 1'000'000'000'000);
    largest = std::max(largest, std::get<std::int64_t>(value));
  }
  EXPECT_GT(largest, 900'000'000'000);
}

TEST(Distributions, OfProvidersAreUniformOverTheirLists) {
  std::size_t lists = 0;
  for (const auto& function : functions()) {
    if (function.example.empty()) continue;
    const auto domain = testing::compiled(function.example).domain();
    if (domain == nullptr || domain->size() > 1000 || function.group == "choices and roll-ups") {
      continue;
    }
    expect_frequencies(function.example, over_domain(*domain), kDrawsOfLists);
    ++lists;
  }
  EXPECT_GT(lists, 25U);
}

class InLocale : public ::testing::TestWithParam<std::string> {};

TEST_P(InLocale, NamesAndPlacesAreUniform) {
  for (const std::string call : {"first_name(", "first_name('female', ", "first_name('male', ",
                                 "last_name(", "city(", "country("}) {
    const auto expression = call + "locale='" + GetParam() + "')";
    expect_frequencies(expression, over_domain(*testing::compiled(expression).domain()),
                       kDrawsOfLists);
  }
}

INSTANTIATE_TEST_SUITE_P(Distributions, InLocale, ::testing::ValuesIn(locales()),
                         [](const auto& given) { return given.param; });

TEST(Distributions, OfRegularExpressionsAreUniformAtEachChoice) {
  expect_frequencies("regex('[a-cx]')", {{"a", 0.25}, {"b", 0.25}, {"c", 0.25}, {"x", 0.25}});
  expect_frequencies("regex('a|bb|[cd]')",
                     {{"a", 1.0 / 3}, {"bb", 1.0 / 3}, {"c", 1.0 / 6}, {"d", 1.0 / 6}});
  expect_frequencies("regex('x{1,4}')", {{"x", 0.25}, {"xx", 0.25}, {"xxx", 0.25}, {"xxxx", 0.25}});
}

// Any change here changes the data sets of all users. The last digits pin the arithmetic as well.
TEST(Distributions, StayAsTheyAreToTheLastBit) {
  const auto bits = [](std::string_view expression) {
    std::string text;
    for (const auto& value : values_of(expression, 3)) text += to_text(value) + ' ';
    return text;
  };
  EXPECT_EQ(bits("normal(mean=120, sd=60)"),
            "-17.498109943975095 67.09821616667398 170.89555369372832 ");
  EXPECT_EQ(bits("normal(mean=0, sd=1, min=1)"),
            "1.7659034745062945 1.0023162544638717 2.1357866567571935 ");
  EXPECT_EQ(bits("lognormal(mean=12, sd=20)"),
            "0.43970760624830646 2.234119379778386 16.41640466014867 ");
  EXPECT_EQ(bits("exponential(mean=10)"),
            "45.13197182324272 16.661643347823723 2.2082974186971955 ");
  EXPECT_EQ(bits("poisson(mean=1000)"), "966 990 963 ");
  EXPECT_EQ(bits("zipf(s=1.1, max=1000000)"), "706780 8616 3 ");
  EXPECT_EQ(bits("zipf(s=1, max=1000000)"), "853865 65673 10 ");
  EXPECT_EQ(bits("0e0 .. 1"), "0.010963352246470048 0.18897050490920508 0.8018531906938693 ");
  EXPECT_EQ(bits("1 .. 999999999999999999"),
            "10963352246470125 188970504909205144 801853190693869297 ");
}

}  // namespace
}  // namespace seedbed
