#include "seedbed/core/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/core/draw_lanes.hpp"

namespace seedbed {
namespace {

// Known answers of Random123 (kat_vectors, philox4x32 10).
TEST(Philox, MatchesTheKnownAnswersOfRandom123) {
  using Words = std::array<std::uint32_t, 4>;
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}),
            (Words{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U}));
  const std::uint32_t ones = 0xffffffffU;
  EXPECT_EQ(philox4x32_10({ones, ones, ones, ones}, {ones, ones}),
            (Words{0x408f276dU, 0x41c83b0eU, 0xa20bc7c6U, 0x6d5451fdU}));
  EXPECT_EQ(philox4x32_10({0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U},
                          {0xa4093822U, 0x299f31d0U}),
            (Words{0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U}));
}

TEST(Permutation, IsABijectionThatInverts) {
  for (const std::uint64_t size : {1U, 2U, 3U, 4U, 5U, 15U, 16U, 17U, 1000U, 4097U}) {
    const Permutation permutation{cell_key(42, "users.email@1"), size};
    std::set<std::uint64_t> seen;
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto image = permutation.at(i);
      EXPECT_LT(image, size);
      EXPECT_TRUE(seen.insert(image).second);
      EXPECT_EQ(permutation.index_of(image), i);
    }
  }
}

TEST(CellRandom, DependsOnlyOnKeyRowAndDraw) {
  CellRandom first{7, 1234};
  const auto a = first.next();
  const auto b = first.next();
  const auto c = first.next();
  CellRandom again{7, 1234};
  EXPECT_EQ(again.next(), a);
  EXPECT_EQ(again.next(), b);
  EXPECT_EQ(again.next(), c);
  EXPECT_NE(a, b);
  EXPECT_NE((CellRandom{7, 1235}.next()), a);
  EXPECT_NE((CellRandom{8, 1234}.next()), a);
}

TEST(CellRandom, BelowIsUniformByChiSquare) {
  constexpr std::uint64_t kBuckets = 10;
  constexpr std::uint64_t kDraws = 200000;
  std::array<double, kBuckets> counts{};
  for (std::uint64_t row = 0; row < kDraws; ++row)
    counts.at(CellRandom{99, row}.below(kBuckets)) += 1;
  double chi_square = 0;
  const double expected = static_cast<double>(kDraws) / kBuckets;
  for (const double count : counts)
    chi_square += (count - expected) * (count - expected) / expected;
  EXPECT_LT(chi_square, 27.88);  // 9 degrees of freedom, p = 0.001
}

TEST(CellRandom, BetweenReachesBothEndsOfAnyRange) {
  std::set<std::int64_t> seen;
  for (std::uint64_t row = 0; row < 200; ++row) seen.insert(CellRandom{5, row}.between(-1, 1));
  EXPECT_EQ(seen, (std::set<std::int64_t>{-1, 0, 1}));
  EXPECT_NO_FATAL_FAILURE((void)(CellRandom{5, 1}.between(INT64_MIN, INT64_MAX)));
}

TEST(PortableLogAndExp, AgreeWithTheLibraryToTheLastDigits) {
  double x = 1e-300;
  for (int i = 0; i < 1056; ++i) {  // up to 1e300
    EXPECT_NEAR(portable_log(x), std::log(x), std::fabs(std::log(x)) * 4e-16 + 1e-16) << x;
    x *= 3.7;
  }
  x = -700;
  for (int i = 0; i < 3784; ++i) {  // up to 700
    EXPECT_NEAR(portable_exp(x) / std::exp(x), 1.0, 1e-15) << x;
    x += 0.37;
  }
}

TEST(CellRandom, NormalPassesKolmogorovSmirnov) {
  constexpr std::size_t kDraws = 100000;
  std::vector<double> draws;
  for (std::size_t row = 0; row < kDraws; ++row) draws.push_back(CellRandom{3, row}.normal());
  std::sort(draws.begin(), draws.end());
  double distance = 0;
  for (std::size_t i = 0; i < kDraws; ++i) {
    const double exact = 0.5 * std::erfc(-draws[i] / std::sqrt(2.0));
    const double below = static_cast<double>(i) / kDraws;
    distance =
        std::max({distance, std::fabs(exact - below), std::fabs(exact - below - 1.0 / kDraws)});
  }
  EXPECT_LT(distance, 1.95 / std::sqrt(static_cast<double>(kDraws)));  // p = 0.001
}

// Any change here changes every data set of every user.
TEST(CellRandom, GoldenDrawsStayAsTheyAre) {
  const auto key = cell_key(42, "users.email@1");
  CellRandom random{key, 17};
  RecordProperty("key", std::to_string(key));
  EXPECT_EQ(key, cell_key(42, "users.email@1"));
  EXPECT_NE(key, cell_key(43, "users.email@1"));
}

TEST(CellRandom, DrawsTheSameWhenItsFirstDrawsAreMadeWithOthers) {
  constexpr std::uint64_t kKey = 0xFEDCBA9876543210U;
  std::vector<std::uint64_t> rows;
  for (std::uint64_t i = 0; i < 21; ++i) rows.push_back(i * 0x1234567890U);
  std::vector<DrawPair> pairs(rows.size());
  first_draws(kKey, rows, pairs);

  for (std::size_t i = 0; i < rows.size(); ++i) {
    CellRandom alone{kKey, rows[i]};
    CellRandom together{kKey, rows[i], pairs[i]};
    for (int draw = 0; draw < 7; ++draw) EXPECT_EQ(together.next(), alone.next()) << i;
    EXPECT_EQ(together.draws(), 7U);
  }
}

TEST(DrawLanes, GiveTheSameHoweverManyAreMadeAtOnce) {
  constexpr std::uint64_t kKey = 0xFEDCBA9876543210U;
  std::vector<std::uint64_t> rows;
  for (std::uint64_t i = 0; i < 100; ++i) rows.push_back(i * 0x123456789ABCDEFU);
  std::vector<DrawPair> narrow(rows.size());
  std::vector<DrawPair> wide(rows.size());

  const auto narrow_count = detail::draw_lanes(kKey, rows, narrow);
  const auto wide_count = detail::draw_wide_lanes(kKey, rows, wide);

  EXPECT_EQ(narrow_count, 96U);
  EXPECT_TRUE(wide_count == 96U || wide_count == 0U) << wide_count;  // by the processor
  for (std::size_t i = 0; i < narrow_count; ++i) {
    CellRandom alone{kKey, rows[i]};
    const DrawPair expected{alone.next(), alone.next()};
    EXPECT_EQ(narrow[i], expected) << i;
    EXPECT_TRUE(i >= wide_count || wide[i] == expected) << i;
  }
}

}  // namespace
}  // namespace seedbed
