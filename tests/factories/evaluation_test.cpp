// What compiled expressions give, row by row.
#include <numeric>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/factories/expression_frame.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::compiled;
using testing::compiled_template;
using ::testing::Each;
using ::testing::ElementsAre;
using testing::TestFrame;
using testing::TestScope;
using testing::ThrowsError;
using testing::value_of;
using testing::values_of;
using Type = ExpressionType;

std::vector<std::string> texts(const auto& column) {
  std::vector<std::string> result;
  result.reserve(column.size());
  for (const auto& value : column) result.push_back(to_text(value));
  return result;
}

struct EvaluatedLine {
  std::string_view text;
  std::string_view expected;
};
void PrintTo(const EvaluatedLine& line, std::ostream* out) {
  *out << line.text;
}

class Evaluated : public ::testing::TestWithParam<EvaluatedLine> {};

TEST_P(Evaluated, GivesTheValue) {
  EXPECT_EQ(to_text(value_of(GetParam().text)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, Evaluated,
    ::testing::Values(EvaluatedLine{"1 + 2 * 3", "7"}, EvaluatedLine{"(1 + 2) * 3", "9"},
                      EvaluatedLine{"7 - 2 - 1", "4"}, EvaluatedLine{"--3", "3"},
                      EvaluatedLine{"0.1 + 0.2", "0.3"}, EvaluatedLine{"1.50 * 2", "3.00"},
                      EvaluatedLine{"1.50 + 2", "3.50"}, EvaluatedLine{"10 / 4", "2.5"},
                      EvaluatedLine{"10 / 5", "2"}, EvaluatedLine{"1 / 3", "0.333333"},
                      EvaluatedLine{"2 / 3", "0.666667"}, EvaluatedLine{"-2 / 3", "-0.666667"},
                      EvaluatedLine{"1.00 / 3", "0.333333"}, EvaluatedLine{"19.90 * 20%", "3.9800"},
                      EvaluatedLine{"1e3 + 1", "1001"},
                      EvaluatedLine{"0.1e0 + 0.2", "0.30000000000000004"},
                      EvaluatedLine{"999999999999999999 + 1", "1000000000000000000"},
                      EvaluatedLine{"-0.05", "-0.05"},
                      EvaluatedLine{"0.000000001 * 0.000000001", "0.000000000000000001"},
                      EvaluatedLine{"123456789.123456789 * 1.000000001", "123456789.2469135781"},
                      EvaluatedLine{"round(-2.5)", "-3"}, EvaluatedLine{"round(2.5)", "3"},
                      EvaluatedLine{"round(1e0 / 3, 4)", "0.3333"},
                      EvaluatedLine{"mod(-7, 3)", "2"}, EvaluatedLine{"mod(7.5, 2)", "1.5"},
                      EvaluatedLine{"floor(-0.5)", "-1"}, EvaluatedLine{"ceil(-0.5)", "0"},
                      EvaluatedLine{"floor(3)", "3"}, EvaluatedLine{"70%", "0.70"},
                      EvaluatedLine{"12.5%", "0.125"}, EvaluatedLine{"null + 1", ""},
                      EvaluatedLine{"decimal('1.5', 3)", "1.500"},
                      EvaluatedLine{"integer(3.00)", "3"}));

INSTANTIATE_TEST_SUITE_P(
    Logic, Evaluated,
    ::testing::Values(
        EvaluatedLine{"1 == 1.0", "true"}, EvaluatedLine{"1 != 1.0", "false"},
        EvaluatedLine{"'a' < 'b'", "true"}, EvaluatedLine{"null == null", "true"},
        EvaluatedLine{"null == 1", "false"}, EvaluatedLine{"null != 1", "true"},
        EvaluatedLine{"null < 1", "false"}, EvaluatedLine{"not null", "true"},
        EvaluatedLine{"null or true", "true"}, EvaluatedLine{"true and null", "false"},
        EvaluatedLine{"true or false and false", "true"}, EvaluatedLine{"not true or true", "true"},
        EvaluatedLine{"2026-01-01 == 2026-01-01T00:00:00Z", "true"},
        EvaluatedLine{"2026-01-01 < now + 1s", "true"}, EvaluatedLine{"1d == 24h", "true"},
        EvaluatedLine{"1mo == 30d", "false"}, EvaluatedLine{"if(1 == 2, 'a')", ""},
        EvaluatedLine{"if(null, 'a', 'b')", "b"},
        EvaluatedLine{"coalesce(null, null, 'x', 'y')", "x"}, EvaluatedLine{"coalesce(null)", ""},
        EvaluatedLine{"least(3, 1.5, 2)", "1.5"}, EvaluatedLine{"greatest('a', 'c', 'b')", "c"}));

INSTANTIATE_TEST_SUITE_P(
    Times, Evaluated,
    ::testing::Values(EvaluatedLine{"now", "2026-01-01 00:00:00"},
                      EvaluatedLine{"now - 2y", "2024-01-01 00:00:00"},
                      EvaluatedLine{"2024-02-29 + 1y", "2025-02-28"},
                      EvaluatedLine{"2026-01-31 + 1mo", "2026-02-28"},
                      EvaluatedLine{"2026-01-31 + 1mo + 1mo", "2026-03-28"},
                      EvaluatedLine{"2026-03-01 - 1d", "2026-02-28"},
                      EvaluatedLine{"2026-01-01 + 1h", "2026-01-01 01:00:00"},
                      EvaluatedLine{"1w + now", "2026-01-08 00:00:00"},
                      EvaluatedLine{"now + 1h30min10s5ms", "2026-01-01 01:30:10.005"},
                      EvaluatedLine{"1d * 3", "3 days"},
                      EvaluatedLine{"2026-01-05 - 2026-01-01", "4 days"},
                      EvaluatedLine{"now - 2025-12-31", "24:00:00"},
                      EvaluatedLine{"-1h", "-01:00:00"}, EvaluatedLine{"1y + 2mo", "14 mons"},
                      EvaluatedLine{"2026-01-01T02:00:00+02:00", "2026-01-01 00:00:00"},
                      EvaluatedLine{"0001-01-01", "0001-01-01"},
                      EvaluatedLine{"1969-12-31T23:59:59.5Z", "1969-12-31 23:59:59.5"},
                      EvaluatedLine{"year(1969-12-31)", "1969"},
                      EvaluatedLine{"date(1969-12-31T23:59:59Z)", "1969-12-31"},
                      EvaluatedLine{"weekday(2024-02-29)", "4"},
                      EvaluatedLine{"days(now - 2025-12-30)", "2"},
                      EvaluatedLine{"timestamp(2026-05-05)", "2026-05-05 00:00:00"}));

INSTANTIATE_TEST_SUITE_P(
    Texts, Evaluated,
    ::testing::Values(
        EvaluatedLine{"'it\\'s'", "it's"}, EvaluatedLine{R"("a\"b\\")", "a\"b\\"},
        EvaluatedLine{"pad(-5, 4)", "-005"}, EvaluatedLine{"pad('ab', 4, '.')", "..ab"},
        EvaluatedLine{"pad(12345, 3)", "12345"}, EvaluatedLine{"pad('é', 3)", "00é"},
        EvaluatedLine{"upper('straße ñ ž ω я')", "STRAßE Ñ Ž Ω Я"},
        EvaluatedLine{"lower('ÄÑŽΩЯ')", "äñžωя"},
        EvaluatedLine{"title('o\\'neil mary-jane')", "O'neil Mary-Jane"},
        EvaluatedLine{"slug('  Ærø -- 李 x ')", "aero-x"},
        EvaluatedLine{"slug('Ľudovít Štúr')", "ludovit-stur"},
        EvaluatedLine{"substr('häuser', 2, 2)", "äu"}, EvaluatedLine{"substr('abc', 9)", ""},
        EvaluatedLine{"replace('aaa', 'a', 'aa')", "aaaaaa"},
        EvaluatedLine{"replace('abc', '', 'x')", "abc"}, EvaluatedLine{"length('')", "0"},
        EvaluatedLine{"lower(null)", ""},
        EvaluatedLine{"concat('a', null, 1.50, true)", "a1.50true"},
        EvaluatedLine{"concat(2026-01-01)", "2026-01-01"},
        EvaluatedLine{R"(json(a="x\"\n", b=1.50, c=null, d=json(e=true)))",
                      R"({"a":"x\"\n","b":1.50,"c":null,"d":{"e":true}})"},
        EvaluatedLine{"json()", "{}"},
        EvaluatedLine{"json(\"odd name\"=now)", R"({"odd name":"2026-01-01 00:00:00"})"}));

TEST(Evaluation, GivesRowFactsPerRow) {
  EXPECT_THAT(texts(values_of("n", 3, 7)), ElementsAre("7", "8", "9"));
  EXPECT_THAT(texts(values_of("index", 3, 7)), ElementsAre("0", "1", "2"));
  EXPECT_THAT(texts(values_of("cycle('a', 'b')", 3, 7)), ElementsAre("a", "b", "a"));
}

TEST(Evaluation, ReadsColumnsAndRelations) {
  TestScope scope;
  scope.columns = {{"price", Type::decimal}, {"note", Type::any}};
  scope.parents.emplace("customer", std::make_shared<TestScope>());
  scope.parents["customer"]->columns = {{"name", Type::text}};
  TestFrame frame;
  frame.size = 2;
  frame.columns = {{"price", {Decimal{150, 2}, Null{}}}, {"note", {std::string{"x"}, true}}};
  frame.parents[{"customer", "name"}] = {std::string{"Ada"}, Null{}};

  EXPECT_THAT(texts(compiled("price * 2", scope).evaluate(frame)), ElementsAre("3.00", ""));
  EXPECT_THAT(texts(compiled("concat(customer.name, '!')", scope).evaluate(frame)),
              ElementsAre("Ada!", "!"));
  EXPECT_THAT(texts(compiled_template("{customer.name}-{note}", scope).evaluate(frame)),
              ElementsAre("Ada-x", "-true"));
  EXPECT_THAT(
      [&] { (void)compiled("note + 1", scope).evaluate(frame); },
      ThrowsError(ErrorCode::invalid_input, "f.yaml:3:16: '+' does not fit text and integer"));
  EXPECT_THAT([&] { (void)compiled("upper(note)", scope).evaluate(frame); },
              ThrowsError(ErrorCode::invalid_input, "upper: 'text' is text, not boolean"));
}

TEST(Evaluation, DoesNotTouchTheBranchThatIsNotTaken) {
  TestScope scope;
  scope.columns = {{"d", Type::integer}};
  TestFrame frame;
  frame.size = 3;
  frame.columns = {{"d", {std::int64_t{0}, std::int64_t{4}, std::int64_t{0}}}};

  EXPECT_THAT(texts(compiled("if(d == 0, -1, 8 / d)", scope).evaluate(frame)),
              ElementsAre("-1", "2", "-1"));
  EXPECT_THAT(texts(compiled("d != 0 and 8 / d > 1", scope).evaluate(frame)),
              ElementsAre("false", "true", "false"));
  EXPECT_THAT(texts(compiled("d == 0 or 8 / d > 1", scope).evaluate(frame)), Each("true"));
  EXPECT_THAT([&] { (void)compiled("8 / d", scope).evaluate(frame); },
              ThrowsError(ErrorCode::invalid_input, "f.yaml:3:13: division by zero"));
}

class RollUp : public ::testing::Test {
 protected:
  RollUp() {
    scope_.columns = {{"x", Type::integer}};
    auto items = std::make_shared<TestScope>();
    items->columns = {{"quantity", Type::integer}, {"price", Type::decimal}};
    scope_.below.emplace("items", items);
    items_.size = 3;
    items_.columns = {{"quantity", {std::int64_t{2}, std::int64_t{1}, Null{}}},
                      {"price", {Decimal{150, 2}, Decimal{25, 1}, Decimal{9900, 2}}}};
    frame_.size = 3;
    frame_.columns = {{"x", {std::int64_t{1}, std::int64_t{0}, std::int64_t{1}}}};
    frame_.below = {{"items", {&items_, {0, 2, 2, 3}}}};
  }
  std::vector<std::string> evaluate(std::string_view text) {
    return texts(compiled(text, scope_).evaluate(frame_));
  }
  TestScope scope_;
  TestFrame items_;
  TestFrame frame_;
};

TEST_F(RollUp, AddsCountsAndComparesChildren) {
  EXPECT_THAT(evaluate("sum(items, quantity * price)"), ElementsAre("5.50", "0", "0"));
  EXPECT_THAT(evaluate("sum(items, price)"), ElementsAre("4.00", "0", "99.00"));
  EXPECT_THAT(evaluate("count(items)"), ElementsAre("2", "0", "1"));
  EXPECT_THAT(evaluate("count(items, price > 2)"), ElementsAre("1", "0", "1"));
  EXPECT_THAT(evaluate("min(items, price)"), ElementsAre("1.50", "", "99.00"));
  EXPECT_THAT(evaluate("max(items, price)"), ElementsAre("2.5", "", "99.00"));
  EXPECT_THAT(evaluate("max(items, n)"), ElementsAre("2", "", "3"));
}

TEST_F(RollUp, FollowsTheRowsThatABranchTakes) {
  EXPECT_THAT(evaluate("if(x == 1, sum(items, price), -1)"), ElementsAre("4.00", "-1", "99.00"));
  EXPECT_THAT(evaluate("if(x == 0, 0, count(items))"), ElementsAre("2", "0", "1"));
}

TEST(Template, JoinsTextsAndExpressions) {
  TestFrame frame;
  frame.first_row = 42;
  const auto text = [&](std::string_view source) {
    return to_text(compiled_template(source).evaluate(frame)[0]);
  };
  EXPECT_EQ(text("ORD-{pad(n, 6)}"), "ORD-000042");
  EXPECT_EQ(text("{slug('Zoë X')}.{n}@example.com"), "zoe-x.42@example.com");
  EXPECT_EQ(text("{{n}} is {n}"), "{n} is 42");
  EXPECT_EQ(text("{concat('}', \"{\")}"), "}{");
  EXPECT_EQ(text("a\u00e9{n}\n"), "a\u00e942\n");
  EXPECT_EQ(text("{null}x"), "x");
  EXPECT_EQ(text(""), "");
  EXPECT_EQ(text("plain"), "plain");
  EXPECT_EQ(compiled_template("{n}").type(), Type::text);
}

// The rules that make rows independent of the batch, and values of each other.
constexpr std::string_view kDrawing =
    "concat(1 .. 1000000, '/', maybe(50%, word()), '/', full_name(), '/', one_of(hex(4), 'x'))";

TEST(Draws, DoNotDependOnTheBatchOrTheRowsBeside) {
  const auto whole = values_of(kDrawing, 100, 1);
  for (const std::size_t size : {1U, 7U, 33U}) {
    std::vector<Scalar> pieces;
    for (std::size_t begin = 0; begin < 100; begin += size) {
      const auto piece =
          values_of(kDrawing, std::min(size, 100 - begin), static_cast<std::int64_t>(begin) + 1);
      pieces.insert(pieces.end(), piece.begin(), piece.end());
    }
    EXPECT_EQ(pieces, whole) << size;
  }
}

TEST(Draws, DoNotDependOnWhichRowsABranchTakes) {
  const auto plain = values_of("full_name()", 50);
  const auto chosen = values_of("if(mod(n, 3) == 0, full_name(), 'other')", 50);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(to_text(chosen[i]), (i + 1) % 3 == 0 ? to_text(plain[i]) : "other");
  }
}

TEST(Draws, OfMaybeMoveNoValue) {
  const auto all = values_of("word()", 200);
  std::size_t present = 0;
  for (const auto* text : {"maybe(30%, word())", "maybe(70%, word())", "maybe(100%, word())"}) {
    const auto some = values_of(text, 200);
    std::size_t count = 0;
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (is_null(some[i])) continue;
      EXPECT_EQ(some[i], all[i]);
      ++count;
    }
    EXPECT_GT(count, present);
    present = count;
  }
  EXPECT_EQ(present, 200U);
}

// A row that is present at 30 % is present at 70 % too.
TEST(Draws, OfMaybeOnlyAddRowsWhenTheRateGrows) {
  const auto few = values_of("maybe(30%, n)", 500);
  const auto many = values_of("maybe(70%, n)", 500);
  for (std::size_t i = 0; i < few.size(); ++i) EXPECT_TRUE(is_null(few[i]) || !is_null(many[i]));
}

TEST(Draws, OfDifferentNodesAndColumnsDiffer) {
  const auto pairs = values_of("concat(hex(8), '-', hex(8))", 20);
  for (const auto& pair : pairs) {
    EXPECT_NE(to_text(pair).substr(0, 8), to_text(pair).substr(9));
  }
  TestFrame other;
  other.size = 20;
  other.key = cell_key(42, "docs.other@1");
  EXPECT_NE(evaluated(compiled("hex(8)"), other), values_of("hex(8)", 20));
}

TEST(Ranges, StayInsideAndReachBothEnds) {
  const auto reaches = [](std::string_view text, std::string_view first, std::string_view last) {
    bool saw_first = false;
    bool saw_last = false;
    for (const auto& value : values_of(text, 400)) {
      saw_first = saw_first || to_text(value) == first;
      saw_last = saw_last || to_text(value) == last;
    }
    return saw_first && saw_last;
  };
  EXPECT_TRUE(reaches("1 .. 3", "1", "3"));
  EXPECT_TRUE(reaches("0..3", "0", "3"));
  EXPECT_TRUE(reaches("-1 .. 1", "-1", "1"));
  EXPECT_TRUE(reaches("1 .. 1.05", "1.00", "1.05"));
  EXPECT_TRUE(reaches("2026-01-01 .. 2026-01-03", "2026-01-01", "2026-01-03"));
  EXPECT_TRUE(reaches("now .. now + 2s", "2026-01-01 00:00:00", "2026-01-01 00:00:02"));
  EXPECT_TRUE(reaches("now .. now + 2ms", "2026-01-01 00:00:00", "2026-01-01 00:00:00.002"));
  EXPECT_TRUE(reaches("1d .. 3d", "1 day", "3 days"));
  EXPECT_TRUE(reaches("1h .. 1h2s", "01:00:00", "01:00:02"));
  EXPECT_EQ(to_text(value_of("5 .. 5")), "5");
  EXPECT_EQ(to_text(value_of("null .. 5")), "");
  for (const auto& value : values_of("0.5e0 .. 0.75", 100)) {
    EXPECT_GE(std::get<double>(value), 0.5);
    EXPECT_LE(std::get<double>(value), 0.75);
  }
}

TEST(Ranges, FailWhereARowHasThemUpsideDown) {
  EXPECT_THAT([] { (void)values_of("n .. 2", 3); },
              ThrowsError(ErrorCode::invalid_input, "f.yaml:3:13: the range is empty"));
}

TEST(Domains, NumberTheirValues) {
  const auto check = [](std::string_view text, std::uint64_t size) {
    const auto domain = compiled(text).domain();
    ASSERT_NE(domain, nullptr) << text;
    EXPECT_EQ(domain->size(), size) << text;
    std::set<std::string> seen;
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(size, 200); ++i) {
      const auto value = testing::value_at(*domain, i);
      EXPECT_TRUE(seen.insert(to_text(value)).second) << text;
      EXPECT_EQ(domain->index_of(value), i) << text;
      if (type_of(value) == Type::duration) continue;
      EXPECT_EQ(domain->index_of(TextView{to_text(value)}), i) << text;
    }
  };
  check("1 .. 10", 10);
  check("-5 .. 5", 11);
  check("0.50 .. 1", 51);
  check("2026-01-01 .. 2026-01-31", 31);
  check("2026-01-01T00:00:00Z .. 2026-01-01T00:00:59Z", 60);
  check("1d .. 5d", 5);
  check("cycle('a', 'b', 'a')", 2);
  check("weighted(customer=95, staff=4)", 2);
  check("one_of(1, 2, 3)", 3);
  check("color()", 42);
  for (const auto* text : {"full_name()", "now .. now + 1d", "1e0 .. 2", "n", "one_of(n, 1)"}) {
    EXPECT_EQ(compiled(text).domain(), nullptr) << text;
  }
}

TEST(Domains, DoNotHoldWhatIsOutside) {
  const auto domain = compiled("0.50 .. 1").domain();
  EXPECT_EQ(domain->index_of(Decimal{505, 3}), std::nullopt);
  EXPECT_EQ(domain->index_of(std::int64_t{1}), 50U);
  EXPECT_EQ(domain->index_of(std::int64_t{2}), std::nullopt);
  EXPECT_EQ(domain->index_of(TextView{"x"}), std::nullopt);
  EXPECT_EQ(domain->index_of(Null{}), std::nullopt);
  EXPECT_EQ(compiled("color()").domain()->index_of(TextView{"nope"}), std::nullopt);
}

}  // namespace
}  // namespace seedbed
