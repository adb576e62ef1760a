// What compiles, what it depends on, and what is refused where.
#include "seedbed/factories/expression.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "seedbed/factories/function_reference.hpp"
#include "tests/factories/expression_frame.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {
namespace {

using testing::compiled;
using testing::compiled_template;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing::TestFrame;
using testing::TestScope;
using testing::ThrowsError;
using Type = ExpressionType;

// The scope of an order of the shop.
class OrderScope : public TestScope {
 public:
  OrderScope() {
    columns = {{"id", Type::integer},        {"total", Type::decimal}, {"status", Type::text},
               {"placed_at", Type::instant}, {"vip", Type::boolean},   {"index", Type::text},
               {"note", Type::any},          {"day", Type::date}};
    columns.emplace("we\"ird na'me", Type::integer);
    auto customer = std::make_shared<TestScope>();
    customer->columns = {{"created_at", Type::instant}, {"name", Type::text}};
    parents.emplace("customer", customer);
    auto items = std::make_shared<TestScope>();
    items->columns = {
        {"quantity", Type::integer}, {"unit_price", Type::decimal}, {"name", Type::text}};
    below.emplace("items", items);
  }
};

struct TypedLine {
  std::string_view text;
  std::string_view expected;
};
void PrintTo(const TypedLine& line, std::ostream* out) {
  *out << line.text;
}

class Typed : public ::testing::TestWithParam<TypedLine> {};
class RefusedExpression : public ::testing::TestWithParam<TypedLine> {};
class RefusedTemplate : public ::testing::TestWithParam<TypedLine> {};

TEST_P(Typed, HasTheType) {
  EXPECT_EQ(to_string(compiled(GetParam().text, OrderScope{}).type()), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Expression, Typed,
    ::testing::Values(TypedLine{"full_name()", "text"},
                      TypedLine{"weighted(customer=95, staff=4, admin=1)", "text"},
                      TypedLine{"weighted(1=1, 2.5=3)", "decimal"},
                      TypedLine{"normal(mean=120, sd=60, min=0)", "real"},
                      TypedLine{"maybe(70%, word())", "text"},
                      TypedLine{"now - 2y .. now", "instant"},
                      TypedLine{"placed_at .. now", "instant"},
                      TypedLine{"customer.created_at .. now", "instant"},
                      TypedLine{"sum(items, quantity * unit_price)", "decimal"},
                      TypedLine{"count(items)", "integer"}, TypedLine{"min(items, name)", "text"},
                      TypedLine{"1000 .. 9000", "integer"},
                      TypedLine{"lognormal(mean=12, sd=20, max=500)", "real"},
                      TypedLine{"n", "integer"}, TypedLine{"if(vip, total, 0)", "decimal"},
                      TypedLine{"if(vip, 1)", "integer"}, TypedLine{"if(vip, note, 1)", "any"},
                      TypedLine{"day .. now", "instant"}, TypedLine{"day + 1d", "any"},
                      TypedLine{"now - placed_at", "duration"}, TypedLine{"1 / 2", "decimal"},
                      TypedLine{"abs(total)", "decimal"}, TypedLine{"total + 1.5e3", "real"},
                      TypedLine{"`we\"ird na'me` + 1", "integer"}, TypedLine{"`index`", "text"},
                      TypedLine{"index", "integer"}, TypedLine{"note * 2", "any"},
                      TypedLine{"null", "null"}, TypedLine{"coalesce(null, total)", "decimal"},
                      TypedLine{"now", "instant"}, TypedLine{"json(a=1, b=customer.name)", "json"},
                      TypedLine{"not vip or total > 1", "boolean"}));

TEST_P(RefusedExpression, NamesPlaceAndReason) {
  EXPECT_THAT([] { (void)compiled(GetParam().text, OrderScope{}); },
              ThrowsError(ErrorCode::invalid_input, std::string{GetParam().expected}));
}

INSTANTIATE_TEST_SUITE_P(
    Expression, RefusedExpression,
    ::testing::Values(
        TypedLine{"", "f.yaml:3:11: an expression is missing"},
        TypedLine{"totl + 1", "f.yaml:3:11: unknown name 'totl'; did you mean 'total'?"},
        TypedLine{"if(status == paid, 1, 2)",
                  "f.yaml:3:24: unknown name 'paid'; a text needs quotes: "
                  "\"paid\""},
        TypedLine{"word", "'word' is a function; call it: word(...)"},
        TypedLine{"customer", "'customer' is a relation; name a column of it"},
        TypedLine{"items", "'items' are the rows below; use count(items)"},
        TypedLine{"items.quantity", "'items' are several rows; use sum(items, quantity)"},
        TypedLine{"customr.name", "unknown relation 'customr'; did you mean 'customer'?"},
        TypedLine{"customer.nam", "'customer' has no column 'nam'; did you mean 'name'?"},
        TypedLine{"customer.name.x", "only one step up is possible"},
        TypedLine{"sum(itms, 1)",
                  "f.yaml:3:15: there are no rows 'itms' below this one; did you mean "
                  "'items'?"},
        TypedLine{"sum(items, prize)", "unknown name 'prize'"},
        TypedLine{"sum(items, price)", "'price' is a function"},
        TypedLine{"sum(items, total)", "unknown name 'total'"},
        TypedLine{"sum(items, name)", "'sum' adds numbers or durations, not text"},
        TypedLine{"sum(items)", "'sum' is sum(children, value)"},
        TypedLine{"sum(items, count(items))", "a roll-up cannot stand inside a roll-up"},
        TypedLine{"sum(items, 1 .. 3)", "the value of a roll-up cannot draw"},
        TypedLine{"count(items, hex(3) == 'abc')", "the value of a roll-up cannot draw"},
        TypedLine{"count(items, quantity)", "a condition is true or false, not integer"},
        TypedLine{"fullname()", "unknown function 'fullname'; did you mean 'full_name'?"},
        TypedLine{"full_name@9()", "'full_name' has no version 9; the newest is full_name@1"},
        TypedLine{"pad(n)", "'pad' lacks its argument 'width'; it is pad(value, width: integer"},
        TypedLine{"pad(n, 1, '0', 4)", "too many arguments for 'pad'"},
        TypedLine{"normal(mean=1, sdd=2)",
                  "f.yaml:3:26: 'normal' has no argument 'sdd'; did you mean "
                  "'sd'?"},
        TypedLine{"normal(mean=1, mean=2)", "argument 'mean' is given twice"},
        TypedLine{"normal(mean=1, 2)", "an argument without a name stands after one with a name"},
        TypedLine{"normal(mean=1, sd=-2)", "normal: 'sd' is negative"},
        TypedLine{"poisson(mean=20000)", "'mean' is above 10000"},
        TypedLine{"lower(total)", "'text' of 'lower' is a text, not a decimal"},
        TypedLine{"year('soon')", "the text is not a date or time"},
        TypedLine{"maybe(70, 1)", "a probability is between 0 and 1; write 70% or 0.7"},
        TypedLine{"weighted(a=1, b=-1)", "weights are not negative"},
        TypedLine{"weighted(a=0)", "at least one is positive"},
        TypedLine{"weighted()", "weights are not negative"},
        TypedLine{"weighted(a=total)", "a weight is a number that stands there"},
        TypedLine{"weighted(a, b)", "'weighted' takes label=weight"},
        TypedLine{"weighted(a=1, 2=1)", "which have no common type"},
        TypedLine{"one_of(1, 'a')", "'one_of' chooses between integer and text"},
        TypedLine{"one_of()", "'one_of' lacks its argument 'value'"},
        TypedLine{"if(total, 1, 2)", "'condition' of 'if' is a boolean, not a decimal"},
        TypedLine{"not total", "a condition is true or false, not decimal"},
        TypedLine{"status + 'x'",
                  "f.yaml:3:18: '+' does not fit text and text; texts are joined by "
                  "concat(a, b)"},
        TypedLine{"status > 1", "'>' does not fit text and integer"},
        TypedLine{"now + now", "'+' does not fit instant and instant"},
        TypedLine{"-status", "'-' does not fit text"},
        TypedLine{"1 .. 'a'", "'..' does not fit integer and text"},
        TypedLine{"'a' .. 'b'", "'..' does not fit text and text"},
        TypedLine{"3 .. 1", "the range is empty"},
        TypedLine{"1mo .. 3d", "months have no fixed length"},
        TypedLine{"1 .. 2 .. 3", "a range has two ends"},
        TypedLine{"1 / 0", "f.yaml:3:13: division by zero"},
        TypedLine{"mod(1, 0)", "division by zero"},
        TypedLine{"1 < 2 < 3", "comparisons do not chain"},
        TypedLine{"id = 1", "compare with '=='"}, TypedLine{"id && vip", "'&&': write 'and'"},
        TypedLine{"id % 2", "'%': write mod(a, b)"}, TypedLine{"!vip", "'!': write 'not'"},
        TypedLine{"vip ? 1 : 2", "'?': write if(condition, then, else)"},
        TypedLine{"[1, 2]", "lists are written as arguments"},
        TypedLine{"{n}", "braces belong to templates"},
        TypedLine{"(1 + 2", "f.yaml:3:11: '(' is not closed"}, TypedLine{"1 +", "ends too early"},
        TypedLine{"1 2", "f.yaml:3:13: unexpected '2'"},
        TypedLine{"'abc", "the quote ' is not closed"}, TypedLine{"'\\q'", "unknown escape"},
        TypedLine{"`x", "the quote ` is not closed"},
        TypedLine{"2026-02-30", "'2026-02-30' is not a date or time"},
        TypedLine{"5x", "'5x' is no number and no duration"},
        TypedLine{"1.5h", "is no number and no duration"},
        TypedLine{"999999999d", "this duration is too long"},
        TypedLine{"1234567890123456789", "has more than 18 digits"},
        TypedLine{"999999999999999999 * 999", "the result has too many digits"},
        TypedLine{"9999-12-31 + 1d", "outside the years 1 to 9999"},
        TypedLine{"#", "unexpected '#'"}, TypedLine{"\u00e4\u00f6 ?", "f.yaml:3:14: '?'"}));

TEST_P(RefusedTemplate, NamesPlaceAndReason) {
  EXPECT_THAT([] { (void)compiled_template(GetParam().text, OrderScope{}); },
              ThrowsError(ErrorCode::invalid_input, std::string{GetParam().expected}));
}

INSTANTIATE_TEST_SUITE_P(
    Template, RefusedTemplate,
    ::testing::Values(TypedLine{"a{n", "f.yaml:3:12: '{' is not closed; write {{ for a brace"},
                      TypedLine{"a}b", "f.yaml:3:12: '}' without '{'; write }} for a brace"},
                      TypedLine{"a{}", "f.yaml:3:13: an expression is missing"},
                      TypedLine{"a-{sulg(status)}", "f.yaml:3:14: unknown function 'sulg'"},
                      TypedLine{"{nope}{nope2}", "f.yaml:3:18: unknown name 'nope2'"}));

TEST(Expression, CollectsTheFindingsOfBothSides) {
  Diagnostics findings;
  EXPECT_FALSE(Expression::compile("totl + statu", {"f", 1, 1}, OrderScope{}, findings));
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[1].where.column, 8);
}

TEST(Expression, ListsWhatItReads) {
  const auto expression = compiled(
      "if(vip, customer.created_at, placed_at) .. now + days(now - placed_at) * 1d", OrderScope{});
  EXPECT_THAT(expression.dependencies().names, ElementsAre("placed_at", "vip"));
  EXPECT_THAT(expression.dependencies().relations, ElementsAre(Pair("customer", "created_at")));
  EXPECT_THAT(
      compiled("sum(items, quantity * unit_price)", OrderScope{}).dependencies().children,
      ElementsAre(Pair("items", ""), Pair("items", "quantity"), Pair("items", "unit_price")));
  EXPECT_THAT(compiled("n", OrderScope{}).dependencies().names, IsEmpty());
}

TEST(Expression, KnowsWhetherItDrawsAndUsesTheRowNumber) {
  EXPECT_TRUE(compiled("1 .. 2").draws());
  EXPECT_TRUE(compiled("maybe(50%, 1)").draws());
  EXPECT_FALSE(compiled("n * 2").draws());
  EXPECT_TRUE(compiled("n * 2").uses_row_number());
  EXPECT_TRUE(compiled("cycle(1, 2)").uses_row_number());
  EXPECT_TRUE(compiled("uuid()").uses_row_number());
  EXPECT_FALSE(compiled("now - 1d").uses_row_number());
}

TEST(Expression, FoldsConstantsOnce) {
  const auto folded = compiled("concat(round(1 / 3, 2), pad(2 * (1 + 2), 2))");
  ASSERT_NE(folded.literal_value(), nullptr);
  EXPECT_EQ(to_text(*folded.literal_value()), "0.3306");
  EXPECT_EQ(compiled("now").literal_value(), nullptr);
  EXPECT_EQ(compiled("1 .. 1").literal_value(), nullptr);
}

TEST(Expression, ReadsScalarsOfAFileByTheirSpelling) {
  const auto show = [](std::string_view yaml) {
    const Node root = parse_document(yaml, "f");
    Diagnostics findings;
    auto expression = Expression::compile_scalar(root.items.at(0), TestScope{}, findings);
    throw_if_any(std::move(findings));
    TestFrame frame;
    const auto value = expression.value().evaluate(frame)[0];
    return std::string{to_string(type_of(value))} + " " + to_text(value);
  };
  EXPECT_EQ(show("- =1 + 1"), "integer 2");
  EXPECT_EQ(show("- '=1 + 1'"), "integer 2");
  EXPECT_EQ(show("- ==1"), "text =1");
  EXPECT_EQ(show("- ORD-{pad(n, 3)}"), "text ORD-001");
  EXPECT_EQ(show("- '{{n}}'"), "text {n}");
  EXPECT_EQ(show("- 12"), "integer 12");
  EXPECT_EQ(show("- 1.10"), "decimal 1.10");
  EXPECT_EQ(show("- 01234"), "text 01234");
  EXPECT_EQ(show("- NO"), "text NO");
  EXPECT_EQ(show("- true"), "boolean true");
  EXPECT_EQ(show("- 'true'"), "text true");
  EXPECT_EQ(show("- null"), "null ");
  EXPECT_EQ(show("- 12345678901234567890"), "text 12345678901234567890");
  EXPECT_EQ(show("- 1e3"), "real 1000");
}

TEST(Expression, PlacesFindingsInsideTheScalar) {
  const Node root = parse_document("a:\n  - =nope1\n  - \"x{nope2}\"\n  - '=nope3'\n", "f.yaml");
  Diagnostics findings;
  for (const auto& item : root.find("a")->items) {
    EXPECT_FALSE(Expression::compile_scalar(item, TestScope{}, findings));
  }
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[0].where.to_string(), "f.yaml:2:6");
  EXPECT_EQ(findings[1].where.to_string(), "f.yaml:3:8");
  EXPECT_EQ(findings[2].where.to_string(), "f.yaml:4:7");
}

TEST(Expression, PlacesFindingsBehindEscapesAndLineBreaks) {
  const auto place = [](std::string_view yaml) {
    const Node root = parse_document(yaml, "f");
    Diagnostics findings;
    EXPECT_FALSE(Expression::compile_scalar(root.items.at(0), TestScope{}, findings)) << yaml;
    return findings.at(0).where.to_string();
  };
  EXPECT_EQ(place("- '=concat(''x'', nope)'"), "f:1:19");
  EXPECT_EQ(place("- \"=concat(\\\"x\\\", nope)\""), "f:1:19");
  EXPECT_EQ(place("- \"\\u00e4\\n{nope}\""), "f:1:13");
  EXPECT_EQ(place("- =concat('x',\n    nope)"), "f:2:5");
  EXPECT_EQ(place("- \"=concat('x',\n    nope)\""), "f:2:5");
  EXPECT_EQ(place("- |\n    =concat('x',\n      nope)"), "f:3:7");
  EXPECT_EQ(place("- >\n  {n}\n  x {nope}"), "f:3:6");
}

TEST(Expression, RefusesHostileInputWithoutOverflow) {
  const auto nested = [](std::string_view open, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += open;
    return text;
  };
  for (const std::string_view piece : {"(", "-", "not ", "abs(", "if(true,"}) {
    EXPECT_THAT([&] { (void)compiled(nested(piece, 2000) + "1"); },
                ThrowsError(ErrorCode::invalid_input, "nested more than 64 levels deep"))
        << piece;
  }
  EXPECT_THAT([&] { (void)compiled("1" + nested(" + 1", 3000)); },
              ThrowsError(ErrorCode::invalid_input, "more than 1000 parts"));
  EXPECT_THAT([&] { (void)compiled(nested(" ", 20000)); },
              ThrowsError(ErrorCode::invalid_input, "at most 16384 bytes"));
  EXPECT_THAT([&] { (void)compiled_template(nested("{n} ", 2000)); },
              ThrowsError(ErrorCode::invalid_input, "too many parts"));
  EXPECT_NO_THROW((void)compiled(nested("(", 60) + "1" + nested(")", 60)));
}

TEST(FunctionReference, HasEveryFunctionOnceWithADescription) {
  std::set<std::pair<std::string, int>> seen;
  for (const auto& function : functions()) {
    EXPECT_TRUE(seen.emplace(function.name, function.version).second) << function.name;
    EXPECT_THAT(function.description, ::testing::EndsWith(".")) << function.name;
    EXPECT_THAT(function.signature, ::testing::StartsWith(function.name + "("));
  }
  EXPECT_GT(seen.size(), 70U);
}

TEST(FunctionReference, ShowsTheValueOfEachExample) {
  for (const auto& function : functions()) {
    const bool needs_children = function.example.empty();
    if (needs_children) continue;
    EXPECT_EQ(to_text(testing::value_of(function.example)), function.value) << function.example;
  }
}

}  // namespace
}  // namespace seedbed
