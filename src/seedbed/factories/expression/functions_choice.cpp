#include <array>

#include "seedbed/factories/expression/function.hpp"

namespace seedbed::detail {

namespace {

constexpr FunctionRow form(FunctionForm form, std::string_view signature,
                           std::string_view description, std::string_view example,
                           std::string_view value) {
  FunctionRow row{signature, description, example, value};
  row.form = form;
  return row;
}

}  // namespace

std::span<const FunctionRow> choice_functions() {
  // The examples of roll-ups have no children to add up: they show their shape only.
  static constexpr std::array<FunctionRow, 10> kRows{{
      form(FunctionForm::conditional, "if(condition: boolean, then, else?) -> any",
           "`then` where the condition is true, otherwise `else` (null when left out); the other "
           "one is not evaluated.",
           "if(n > 5, 'late', 'early')", "early"),
      form(FunctionForm::coalesce, "coalesce(value...) -> any", "The first value that is not null.",
           "coalesce(null, 'x')", "x"),
      form(FunctionForm::cycle, "cycle(value...) -> any",
           "The values in turn by row number: the first for row 1.", "cycle('a', 'b', 'c')", "a"),
      form(FunctionForm::one_of, "one_of(value...) -> any",
           "One of the values, all equally likely.", "one_of('a', 'b', 'c')", "a"),
      form(FunctionForm::weighted, "weighted(label=weight, ...) -> any",
           "One of the labels, as often as its weight says; labels are bare words, texts or "
           "numbers, weights are numbers of any sum.",
           "weighted(customer=95, staff=4, admin=1)", "customer"),
      form(FunctionForm::maybe, "maybe(probability: number, value) -> any",
           "The value with this probability, otherwise null; changing the probability moves no "
           "value.",
           "maybe(70%, 'here')", "here"),
      form(FunctionForm::sum, "sum(children, value) -> any",
           "The sum of an expression over the rows below; 0 when there are none.", "", ""),
      form(FunctionForm::count, "count(children, condition?) -> integer",
           "The number of rows below, or of those where the condition is true.", "", ""),
      form(FunctionForm::min, "min(children, value) -> any",
           "The smallest value over the rows below; null when there are none.", "", ""),
      form(FunctionForm::max, "max(children, value) -> any",
           "The largest value over the rows below; null when there are none.", "", ""),
  }};
  return kRows;
}

}  // namespace seedbed::detail
