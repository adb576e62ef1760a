#include "seedbed/factories/rows/fitting.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "seedbed/factories/recipes/relations.hpp"
#include "seedbed/factories/rows/batch_cells.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed::testing {
namespace {

using detail::fit;
using detail::to_cell;
using detail::typed_literal;

Column column(TypeClass type, std::optional<int> length = {}, std::optional<int> scale = {}) {
  Column made;
  made.name = "c";
  made.type.type_class = type;
  made.type.declared = to_string(type);
  made.type.length = length;
  made.type.scale = scale;
  if (scale) made.type.precision = 6;
  return made;
}

Value cell(const Scalar& value, const Column& column) {
  return to_cell(fit(value, column), column);
}

TEST(Fit, RoundsHalfAwayFromZeroAtTheDeclaredScale) {
  const auto money = column(TypeClass::decimal, {}, 2);

  EXPECT_EQ(cell(Decimal{1005, 3}, money), Value{"1.01"});
  EXPECT_EQ(cell(Decimal{-1005, 3}, money), Value{"-1.01"});
  EXPECT_EQ(cell(0.125, money), Value{"0.13"});
  EXPECT_EQ(cell(std::int64_t{7}, money), Value{"7.00"});
  EXPECT_EQ(cell(2.5, column(TypeClass::integer)), Value{3});
}

TEST(Fit, GivesABatchTheCellsThatARowHas) {
  const std::vector<Scalar> scalars{Null{},
                                    true,
                                    std::int64_t{-7},
                                    Decimal{-5, 3},
                                    Decimal{12'345, 2},
                                    Decimal{7, 0},
                                    0.1,
                                    std::string(40, 'x'),
                                    std::string{},
                                    Bytes{std::string{"\0\xff", 2}},
                                    Date{-1},
                                    Date{-800'000},
                                    Instant{-1},
                                    Instant{1'000'500},
                                    Duration{1, -2, 3'600'000'000},
                                    Json{"[1]"}};
  const std::vector<ScalarView> views{scalars.begin(), scalars.end()};
  for (const auto type : {TypeClass::text, TypeClass::decimal, TypeClass::integer}) {
    BatchColumn cells;
    detail::append_cells(cells, views, column(type));
    for (std::size_t i = 0; i < scalars.size(); ++i) {
      EXPECT_EQ(cells.value(i), to_cell(scalars[i], column(type))) << i;
    }
  }
}

TEST(Fit, GivesABatchOfLikeValuesTheCellsThatRowsHave) {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::vector<std::vector<Scalar>> columns{
      {Null{}, Null{}},
      {true, false, true},
      {Limits::min(), std::int64_t{0}, Limits::max()},
      {Decimal{Limits::min(), 18}, Decimal{Limits::max(), 18}, Decimal{-5, 3}, Decimal{0, 2}},
      {Decimal{Limits::min(), 0}, Decimal{100, 2}, Decimal{99, 2}, Decimal{-100, 2}},
      {0.1, -0.0},
      {std::string{}, std::string(40, 'x'), std::string{"y"}},
      {Bytes{std::string{"\0\xff", 2}}, Bytes{}},
      {Date{-1}, Date{-800'000}, Date{0}, Date{3'000'000}},
      {Instant{-1}, Instant{1'000'500}, Instant{Limits::min()}, Instant{Limits::max()}}};
  for (const auto type : {TypeClass::text, TypeClass::decimal, TypeClass::integer}) {
    for (const auto& scalars : columns) {
      BatchColumn cells;
      const std::vector<ScalarView> views{scalars.begin(), scalars.end()};
      detail::append_cells(cells, views, column(type));
      detail::append_cells(cells, views, column(type));
      ASSERT_EQ(cells.size(), 2 * views.size());
      for (std::size_t i = 0; i < cells.size(); ++i) {
        EXPECT_EQ(cells.value(i), to_cell(views[i % views.size()], column(type))) << i;
      }
    }
  }
}

TEST(Fit, RefusesWhatTheColumnCannotHold) {
  const auto refuses = [](const Scalar& value, const Column& into, const char* text) {
    EXPECT_THAT([&] { static_cast<void>(fit(value, into)); },
                ThrowsError(ErrorCode::invalid_input, text));
  };
  refuses(std::string{"äöüß"}, column(TypeClass::text, 3), "4 characters");
  refuses(Decimal{123456, 1}, column(TypeClass::decimal, {}, 2), "more than 6 digits");
  refuses(std::string{"x"}, column(TypeClass::integer), "does not fit");
  refuses(std::string{"2026-02-30"}, column(TypeClass::date), "does not fit");
  auto small = column(TypeClass::integer);
  small.type.declared = "smallint";
  refuses(std::int64_t{40'000}, small, "outside -32768 to 32767");
  auto labels = column(TypeClass::enumeration);
  labels.type.labels = {"a", "b"};
  refuses(std::string{"c"}, labels, "none of a, b");
  auto required = column(TypeClass::text);
  required.nullable = false;
  refuses(Null{}, required, "NOT NULL");
}

TEST(Fit, CutsInstantsToTheDeclaredDigits) {
  const Instant instant{1'500'000};

  EXPECT_EQ(cell(instant, column(TypeClass::timestamp, {}, 0)), Value{"1970-01-01 00:00:01"});
  EXPECT_EQ(cell(instant, column(TypeClass::timestamp)), Value{"1970-01-01 00:00:01.5"});
  EXPECT_EQ(cell(Instant{-1}, column(TypeClass::date)), Value{"1969-12-31"});
}

TEST(TypedLiteral, KeepsTheSpellingThatTheColumnKeeps) {
  const auto literal = [](const char* text, const Column& into) {
    return to_cell(typed_literal(text, into), into);
  };
  EXPECT_EQ(literal("01234", column(TypeClass::text)), Value{"01234"});
  EXPECT_EQ(literal("NO", column(TypeClass::text)), Value{"NO"});
  EXPECT_EQ(literal("1.10", column(TypeClass::decimal)), Value{"1.10"});
  EXPECT_EQ(literal("12345678901234567890123.5", column(TypeClass::decimal)),
            Value{"12345678901234567890123.5"});
  EXPECT_EQ(literal("true", column(TypeClass::boolean)), Value{true});
  EXPECT_EQ(literal("12", column(TypeClass::integer)), Value{12});
  EXPECT_EQ(literal("2026-01-31", column(TypeClass::timestamp)), Value{"2026-01-31 00:00:00"});
}

TEST(Labels, AreReadFromEachEnginesCheck) {
  Table table;
  table.columns = {column(TypeClass::text)};
  const auto labels = [&](const std::string& check) {
    table.checks = {{"", check}};
    return detail::labels_of(table, table.columns[0]);
  };
  const std::vector<std::string> both{"a", "it's"};
  EXPECT_EQ(labels("c IN ('a', 'it''s')"), both);
  EXPECT_EQ(labels("((c)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character "
                   "varying])::text[]))"),
            both);
  EXPECT_EQ(labels("`c` in ('a','it''s')"), both);
  EXPECT_TRUE(labels("c <> 'a'").empty());
  EXPECT_TRUE(labels("c IN ('a') OR d IN ('b')").empty());
}

TEST(RelationName, IsTheColumnWithoutItsSuffix) {
  Table table;
  table.foreign_keys = {{"", {"AlbumId"}},
                        {"", {"customer_id"}},
                        {"", {"tenant_id"}},
                        {"", {"tenant_id", "owner_id"}},
                        {"", {"reports_to"}}};

  EXPECT_EQ(detail::relation_names(table),
            (std::vector<std::string>{"Album", "customer", "tenant", "owner", "reports_to"}));
}

TEST(Plural, GoesBothWays) {
  for (const auto& [one, many] :
       std::vector<std::pair<std::string, std::string>>{{"order", "orders"},
                                                        {"category", "categories"},
                                                        {"box", "boxes"},
                                                        {"day", "days"},
                                                        {"address", "addresses"},
                                                        {"match", "matches"}}) {
    EXPECT_EQ(detail::plural(one), many);
    EXPECT_EQ(detail::singular(many), one);
  }
}

}  // namespace
}  // namespace seedbed::testing
