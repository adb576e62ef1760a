#include <array>
#include <cmath>

#include "seedbed/factories/expression/arithmetic.hpp"
#include "seedbed/factories/expression/function.hpp"

namespace seedbed::detail {

namespace {

constexpr std::int64_t kMaximumPlaces = 18;

ScalarView round(Call& call) {
  const auto places = static_cast<int>(call.integer_or(1, 0, 0, kMaximumPlaces));
  const auto rounded = to_decimal(call.at(0), places);
  if (!rounded) Call::fail("the number is too large for so many places");
  if (places == 0) return rounded->coefficient;
  return *rounded;
}

ScalarView towards(const ScalarView& number, Operator correction) {
  const auto nearest = to_decimal(number, 0);
  if (!nearest) Call::fail("the number is too large");
  const ScalarView whole = nearest->coefficient;
  const auto order = compare(whole, number).value_or(0);
  if (correction == Operator::subtract && order <= 0) return whole;
  if (correction == Operator::add && order >= 0) return whole;
  return calculate(correction, whole, std::int64_t{1});
}

ScalarView floor(Call& call) {
  return towards(call.at(0), Operator::subtract);
}
ScalarView ceil(Call& call) {
  return towards(call.at(0), Operator::add);
}

ScalarView abs(Call& call) {
  return compare(call.at(0), std::int64_t{0}).value_or(0) < 0 ? negated(call.at(0)) : call.at(0);
}

ScalarView mod(Call& call) {
  return modulo(call.at(0), call.at(1));
}

ScalarView extreme(Call& call, Operator better) {
  ScalarView best = call.at(0);
  for (std::size_t i = 1; i < call.count(); ++i) {
    if (std::get<bool>(calculate(better, call.at(i), best))) best = call.at(i);
  }
  return best;
}

ScalarView least(Call& call) {
  return extreme(call, Operator::less);
}
ScalarView greatest(Call& call) {
  return extreme(call, Operator::greater);
}

ScalarView integer(Call& call) {
  ScalarView number = call.at(0);
  if (const auto* text = std::get_if<TextView>(&number)) {
    const auto decimal = parse_decimal(text->text);
    if (!decimal) Call::fail("the text is not a number");
    number = *decimal;
  }
  const auto whole = to_decimal(number, 0);
  if (!whole || compare(ScalarView{*whole}, number) != 0) {
    Call::fail("the number is not whole; use round(...)");
  }
  return whole->coefficient;
}

ScalarView decimal(Call& call) {
  ScalarView number = call.at(0);
  if (const auto* text = std::get_if<TextView>(&number)) {
    const auto parsed = parse_decimal(text->text);
    if (!parsed) Call::fail("the text is not a number");
    number = *parsed;
  }
  const auto result =
      to_decimal(number, static_cast<int>(call.integer_or(1, 2, 0, kMaximumPlaces)));
  if (!result) Call::fail("the number is too large for so many places");
  return *result;
}

constexpr std::array<FunctionRow, 9> kRows{{
    {"abs(x: number) -> value", "The number without its sign.", "abs(-1.50)", "1.50", abs},
    {"ceil(x: number) -> integer", "The next integer that is not smaller.", "ceil(1.2)", "2", ceil},
    {"decimal(x: number or text, digits?: integer) -> decimal",
     "The number as a decimal of this many places (2), rounded half away from zero.",
     "decimal(1.005)", "1.01", decimal},
    {"floor(x: number) -> integer", "The next integer that is not larger.", "floor(-1.2)", "-2",
     floor},
    {"greatest(value...) -> any", "The largest of the values.", "greatest(1, 2.5, 2)", "2.5",
     greatest},
    {"integer(x: number or text) -> integer", "A whole number as an integer.", "integer('12')",
     "12", integer},
    {"least(value...) -> any", "The smallest of the values.", "least(1, 2.5, 2)", "1", least},
    {"mod(x: number, y: number) -> any",
     "The remainder of x / y, with the sign of y; integers and decimals only.", "mod(-1, 3)", "2",
     mod},
    {"round(x: number, digits?: integer) -> any",
     "The number at this many places, rounded half away from zero; an integer without `digits`.",
     "round(2.345, 2)", "2.35", round},
}};

}  // namespace

std::span<const FunctionRow> number_functions() {
  return kRows;
}

}  // namespace seedbed::detail
