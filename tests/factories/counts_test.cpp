#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/core/random.hpp"
#include "seedbed/factories/definition.hpp"
#include "seedbed/factories/plan/child_starts.hpp"
#include "seedbed/factories/plan/totals.hpp"
#include "tests/factories/relation_fixture.hpp"

namespace seedbed::testing {
namespace {

/// How many rows there are below a row.
class Counts : public RelationTest {
 protected:
  void SetUp() override {
    RelationTest::SetUp();
    if (IsSkipped()) return;
    make_tables(R"(
CREATE TABLE users (id {id}, posts integer, joined date NOT NULL);
CREATE TABLE orders (id {id}, user_id bigint NOT NULL, place integer NOT NULL, placed date NOT NULL,
  total integer, FOREIGN KEY (user_id) REFERENCES users (id));
CREATE TABLE lines (id {id}, order_id bigint NOT NULL, place integer NOT NULL, sent date NOT NULL,
  price integer NOT NULL, FOREIGN KEY (order_id) REFERENCES orders (id));
CREATE TABLE gifts (id {id}, order_id bigint NOT NULL, place integer NOT NULL,
  FOREIGN KEY (order_id) REFERENCES orders (id));
)");
  }

  /// Orders of each user, from the first user on.
  std::string orders_by_user() {
    return values(
        "SELECT COUNT(o.id) FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY u.id "
        "ORDER BY u.id");
  }
  void define_per(const std::string& entries) {
    define("factories: { user: {}, order: { set: { place: =index } } }\nscenarios:\n  s: [ " +
           entries + " ]\n");
  }
  void define_count(const std::string& count, const std::string& params = "") {
    define("factories:\n  user: { params: { " + params + " }, has: { orders: { count: \"" + count +
           "\" } } }\n  order: {}\n");
  }
};
SEEDBED_ON_SQLITE(Counts);

TEST_P(Counts, AddUpToTheTotalOfAnEntry) {
  define_per(
      "{ user: 60 }, { user: 40 }, { order: { per: user, total: 1.2k, "
      "count: \"=lognormal(mean=12, sd=20, max=500)\" } }");

  load_scenario("s");

  EXPECT_EQ(count("orders"), 1200);
  EXPECT_GT(number("SELECT MAX(place) FROM orders"), 40) << "the tail stays long";
}

TEST_P(Counts, KeepTheirProportionsWhenTheyAreScaled) {
  define_per("{ user: 4 }, { order: { per: user, total: 50, count: =n } }");

  load_scenario("s");

  EXPECT_EQ(orders_by_user(), "5 10 15 20");
}

TEST_P(Counts, KeepTheirMaximumWhereTheTotalAllowsIt) {
  define_per("{ user: 20 }, { order: { per: user, total: 60, count: \"=0 .. 5\" } }");
  load_scenario("s");
  EXPECT_EQ(count("orders"), 60);
  EXPECT_EQ(number("SELECT MAX(place) + 1 FROM orders"), 5);

  define_per("{ user: 20 }, { order: { per: user, total: 150, count: \"=0 .. 5\" } }");
  load_scenario("s");
  EXPECT_EQ(count("orders"), 60 + 150) << "more than 5 for each of 20";
}

TEST_P(Counts, RefuseATotalThatNoRowTakes) {
  define_per("{ user: 20 }, { order: { per: user, total: 12k, count: 0 } }");
  refuses_scenario("s",
                   "f.yaml:3:22: a total of 12,000 rows of 'order' cannot be spread over 20 rows "
                   "of 'user' whose counts are all 0");
  define_per("{ order: { per: user, total: 12k, count: 3 } }");
  refuses_scenario("s", "there are no rows of 'user' before the entry");
  EXPECT_THAT(
      [&] { define_per("{ order: { per: user, total: many, count: 3 } }"); },
      ThrowsError(ErrorCode::invalid_input,
                  "f.yaml:3:37: 'total' must be a number of rows, such as 20, 10k or 1.5M"));
}

TEST_P(Counts, UseColumnsAndParamsOfTheRowAbove) {
  define_count("=posts + extra", "extra: 1");

  db().create("user", {.set = {{"posts", 2}}});
  db().create("user", {.set = {{"posts", 0}, {"extra", 4}}});

  EXPECT_EQ(orders_by_user(), "3 4");
}

TEST_P(Counts, AreNumbersRangesAndDistributions) {
  define_count("3");
  db().create("user");
  define_count("0..2");
  load_rows({{"user", 300, {}}});
  define_count("=poisson(mean=3)");
  load_rows({{"user", 300, {}}});
  define_count("=lognormal(mean=2, sd=1, max=5)");
  load_rows({{"user", 300, {}}});

  EXPECT_EQ(number("SELECT MAX(c) FROM (SELECT COUNT(*) AS c FROM orders WHERE user_id BETWEEN 2 "
                   "AND 301 GROUP BY user_id) t"),
            2);
  EXPECT_NEAR(static_cast<double>(count("orders", "user_id BETWEEN 2 AND 301")), 300, 60);
  EXPECT_NEAR(static_cast<double>(count("orders", "user_id BETWEEN 302 AND 601")), 900, 120);
  EXPECT_NEAR(static_cast<double>(count("orders", "user_id > 601")), 600, 120);
}

TEST_P(Counts, SayWhatIsNoCount) {
  const auto refuses = [&](const std::string& counted, const std::string& text) {
    EXPECT_THAT(
        [&] {
          define_count(counted);
          db().create("user");
        },
        ThrowsError(ErrorCode::invalid_input, text));
  };
  refuses("=0 - n", "f.yaml:2:49: factory 'user': the count of 'orders' is below zero");
  refuses("-3", "'-3' is no count; write 3, 1..4 or an expression");
  refuses("=3 / 2",
          "f.yaml:2:49: factory 'user': the count of 'orders' is no whole number; say how "
          "to round it, such as by round() or floor()");
  refuses("1.5", "'1.5' is no count");
  refuses("=null", "factory 'user': the count of 'orders' is NULL");
  refuses("=posts", "factory 'user': the count of 'orders' is NULL");
  refuses("='many'", "factory 'user': the count of 'orders' is no number of rows");
  refuses("=5000000 * 1000000", "factory 'user': the count of 'orders' is too large");
  define_per("{ user: 1 }, { order: { per: user, count: =0 - 1 } }");
  refuses_scenario("s", "f.yaml:3:50: factory 'user': the count of 'order' is below zero");
  EXPECT_EQ(count("users"), 0);
}

TEST_P(Counts, AreKnownAboutChildrenThatAreCountedBefore) {
  const std::string factories =
      "factories:\n"
      "  line: { set: { price: 5 } }\n"
      "  gift: {}\n"
      "  order:\n"
      "    set: { total: \"=sum(lines, price)\" }\n"
      "    has: { lines: { count: 2 }, gifts: { count: =total / 5 } }\n";
  define(factories);
  EXPECT_EQ(db().create("order").children("gifts").size(), 2U);

  define(factories + "  other: { extends: order, has: { lines: { count: =total } } }\n");
  EXPECT_THAT([&] { db().create("other"); },
              ThrowsError(ErrorCode::invalid_input,
                          "a count needs the rows of 'lines', which are counted later"));
}

TEST_P(Counts, SayWhenTheyNeedARowThatIsPlannedLater) {
  make_tables(R"(
CREATE TABLE shelves (id {id}, size integer NOT NULL);
CREATE TABLE parts (id {id}, order_id bigint NOT NULL, shelf_id bigint NOT NULL,
  price integer NOT NULL, FOREIGN KEY (order_id) REFERENCES orders (id),
  FOREIGN KEY (shelf_id) REFERENCES shelves (id));
)");
  define(
      "factories:\n"
      "  shelf: { table: shelves }\n"
      "  part: { set: { price: =shelf.size } }\n"
      "  gift: {}\n"
      "  order:\n"
      "    set: { total: \"=sum(parts, price)\" }\n"
      "    has: { parts: { count: 1 }, gifts: { count: \"=if(total > 0, 1, 0)\" } }\n");

  EXPECT_EQ(db().create("order").children("gifts").size(), 1U);
  EXPECT_THAT(
      [&] { db().create("part"); },
      ThrowsError(ErrorCode::invalid_input,
                  "factory 'part': a count needs relation 'shelf' before its row is known"));
}

TEST_P(Counts, NestAndLetChildrenReadTheRowAboveAndTheirIndex) {
  define(
      "factories:\n"
      "  user:\n"
      "    set: { joined: 2025-01-01 }\n"
      "    has: { orders: { factory: order, count: 2 } }\n"
      "  order:\n"
      "    set: { place: =index, placed: =user.joined + 10d }\n"
      "    has:\n"
      "      lines: { factory: line, count: =index + 1 }\n"
      "      gifts: { factory: gift, count: 2 }\n"
      "  line: { set: { place: =index, sent: =order.placed + 1d * index, price: =order.place } }\n"
      "  gift: { set: { place: =10 + index } }\n");

  db().create_list("user", 2);
  load_rows({{"user", 2, {}}});

  EXPECT_EQ(values("SELECT place FROM orders ORDER BY id"), "0 1 0 1 0 1 0 1");
  EXPECT_EQ(values("SELECT place FROM lines ORDER BY id"), "0 0 1 0 0 1 0 0 1 0 0 1");
  EXPECT_EQ(values("SELECT price FROM lines ORDER BY id"), "0 1 1 0 1 1 0 1 1 0 1 1");
  EXPECT_EQ(values("SELECT DISTINCT placed FROM orders"), "2025-01-11");
  EXPECT_EQ(values("SELECT DISTINCT sent FROM lines ORDER BY sent"), "2025-01-11 2025-01-12");
  EXPECT_EQ(values("SELECT place FROM gifts WHERE order_id <= 2 ORDER BY id"), "10 11 10 11");
}

TEST(ParseCount, TakesFractionsThatAreWholeRows) {
  EXPECT_EQ(parse_count("1.5k"), 1500U);
  EXPECT_EQ(parse_count("0.25M"), 250'000U);
  EXPECT_EQ(parse_count("1.000k"), 1000U);
  for (const char* text :
       {"1.5", "1.2345k", ".5k", "1.k", "-1k", "1,5k", "k", "", "1e3", "2000000M"}) {
    EXPECT_EQ(parse_count(text), std::nullopt) << text;
  }
}

using Counted = std::vector<std::uint64_t>;

detail::CountTally tally_of(const Counted& counts) {
  detail::CountTally tally;
  for (const auto count : counts) tally.add(count);
  return tally;
}

Counted scaled(Counted counts, std::uint64_t total, std::optional<std::uint64_t> most = {}) {
  detail::CountScale scale{tally_of(counts), total, most};
  for (std::size_t i = 0; i < counts.size() && scale.note(counts[i]);) ++i;
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = scale.scaled(counts[i], i);
  return counts;
}

/// By the rule, count by count.
Counted scaled_one_by_one(Counted counts, std::uint64_t total, std::uint64_t most) {
  std::vector<bool> full(counts.size());
  auto left = total;
  auto sum = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  for (bool again = true; again && sum > 0;) {
    again = false;
    const auto pass_total = left;
    const auto pass_sum = sum;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (full[i] || counts[i] == 0 || counts[i] * pass_total < most * pass_sum) continue;
      sum -= counts[i];
      left -= most;
      counts[i] = most;
      full[i] = true;
      again = true;
    }
  }
  std::vector<std::pair<std::uint64_t, std::size_t>> remainders;
  const auto shared = left;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (full[i] || counts[i] == 0) continue;
    const auto part = counts[i] * shared;
    counts[i] = part / sum;
    left -= counts[i];
    if (part % sum > 0) remainders.emplace_back(~(part % sum), i);
  }
  std::sort(remainders.begin(), remainders.end());
  for (std::size_t i = 0; i < left; ++i) ++counts[remainders[i].second];
  return counts;
}

TEST(ScaleCounts, GivesWhatRoundingLeavesToTheLargestRemainders) {
  using List = std::vector<std::uint64_t>;
  EXPECT_EQ(scaled({1, 1, 1}, 4), (List{2, 1, 1})) << "among equal ones to the first";
  EXPECT_EQ(scaled({3, 1, 0}, 10), (List{8, 2, 0})) << "7.5 and 2.5";
  EXPECT_EQ(scaled({6, 4, 7}, 5), (List{2, 1, 2}));
  EXPECT_EQ(scaled({5, 5}, 0), (List{0, 0}));
  EXPECT_EQ(scaled({1, 2, 7}, 20, 8), (List{4, 8, 8})) << "the part of the full one goes on";
  EXPECT_EQ(scaled({}, 0), List{});
}

TEST(ScaleCounts, IsExactForLargeNumbers) {
  std::vector<std::uint64_t> counts;
  for (std::uint64_t i = 0; i < 10'000; ++i) counts.push_back(i * 7919 % 501);
  const auto result = scaled(counts, 999'999'999'999, 120'000'000);

  EXPECT_EQ(std::accumulate(result.begin(), result.end(), std::uint64_t{0}), 999'999'999'999U);
  EXPECT_EQ(*std::max_element(result.begin(), result.end()), 120'000'000U);
  EXPECT_FALSE(detail::can_scale(tally_of({0, 0}), 1, {}));
  EXPECT_FALSE(detail::can_scale(tally_of({1, 0}), 6, 5));
  EXPECT_TRUE(detail::can_scale(tally_of({1, 1}), 6, 5));
}

TEST(ScaleCounts, KnowsHowOftenCountsOccurAndGivesWhatTheRuleSays) {
  for (std::uint64_t round = 0; round < 2'000; ++round) {
    CellRandom draw{round, 7};
    Counted counts(1 + draw.below(40));
    const auto largest = 1 + draw.below(round % 3 == 0 ? 9'000 : 6);
    for (auto& count : counts) count = draw.below(largest + 1);
    const auto total = draw.below(400);
    const auto most = 1 + draw.below(30);
    if (!detail::can_scale(tally_of(counts), total, most)) continue;

    EXPECT_EQ(scaled(counts, total, most), scaled_one_by_one(counts, total, most)) << round;
  }
}

/// Counts of owners that nothing but their number decides.
std::vector<std::uint64_t> some_counts(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> counts;
  for (auto owner = first; owner < last; ++owner) {
    counts.push_back(owner % 97 < 20 ? 0 : owner * 31 % 7);
  }
  return counts;
}

TEST(ChildStarts, AreTheSameHoweverManyAreKept) {
  for (const std::uint64_t owners : {0U, 1U, 63U, 64U, 65U, 128U, 5'000U}) {
    const detail::ChildStarts all{owners, some_counts, 1};
    for (const std::uint64_t spacing : {2U, 64U, 10'000U}) {
      const detail::ChildStarts few{owners, some_counts, spacing};
      detail::StartsCache cache;
      ASSERT_EQ(few.rows(), all.rows());
      ASSERT_EQ(few.most(), all.most());
      for (std::uint64_t owner = 0; owner <= owners; ++owner) {
        ASSERT_EQ(few.begin_of(owner, cache), all.begin_of(owner, cache)) << owner;
      }
      for (std::uint64_t i = 0; i < all.rows(); ++i) {
        const auto row = i * 7'919 % all.rows();  // anywhere
        ASSERT_EQ(few.owner_of(row, cache), all.owner_of(row, cache)) << row;
      }
    }
  }
}

TEST(ChildStarts, AreNotDrawnWhereAllOwnersHaveAsMany) {
  const detail::ChildStarts three{300'000'000'000, 3};
  detail::StartsCache cache;

  EXPECT_EQ(three.rows(), 900'000'000'000U);
  EXPECT_EQ(three.begin_of(1'000'000, cache), 3'000'000U);
  EXPECT_EQ(three.owner_of(3'000'002, cache), 1'000'000U);
  EXPECT_THAT([] { detail::ChildStarts(400'000'000'000, 3); },
              ThrowsError(ErrorCode::invalid_input, "add up to more than 1,000,000,000,000 rows"));
}

TEST(ChildStarts, OfManyOwnersKeepFewAndDrawThePieceAtHandOnce) {
  std::uint64_t drawn = 0;
  const detail::ChildStarts starts{1'000'000, [&](std::uint64_t first, std::uint64_t last) {
                                     drawn += last - first;
                                     return some_counts(first, last);
                                   }};
  EXPECT_EQ(std::exchange(drawn, 0), 1'000'000U);
  detail::StartsCache cache;
  std::uint64_t rows = 0;
  for (std::uint64_t owner = 0; owner < 64'000; ++owner) {
    const auto begin = starts.begin_of(owner, cache);
    rows += starts.begin_of(owner + 1, cache) - begin;
  }
  EXPECT_EQ(rows, starts.begin_of(64'000, cache));
  EXPECT_EQ(drawn, 64'000U);
}

}  // namespace
}  // namespace seedbed::testing
