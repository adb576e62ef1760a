#include <array>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/expression/function.hpp"
#include "seedbed/factories/expression/letters.hpp"

namespace seedbed::detail {

namespace {

constexpr std::int64_t kMaximumLength = 1'000'000;

ScalarView lower(Call& call) {
  return call.keep(lower_case(call.text(0)));
}
ScalarView upper(Call& call) {
  return call.keep(upper_case(call.text(0)));
}
ScalarView title(Call& call) {
  return call.keep(title_case(call.text(0)));
}
ScalarView slug(Call& call) {
  return call.keep(slug_of(call.text(0)));
}
ScalarView trim(Call& call) {
  return TextView{trimmed(call.text(0))};
}
ScalarView text(Call& call) {
  return TextView{call.text(0)};
}

ScalarView length(Call& call) {
  return static_cast<std::int64_t>(count_code_points(call.text(0)));
}

ScalarView pad(Call& call) {
  auto rest = call.text(0);
  const auto width = static_cast<std::size_t>(call.integer(1, 0, kMaximumLength));
  const auto fill = call.has(2) ? call.text(2) : std::string_view{"0"};
  if (count_code_points(fill) != 1) Call::fail("'fill' is one character");
  CellText result;
  const auto filled = count_code_points(rest);
  if (fill == "0" && rest.starts_with('-')) {
    result += '-';
    rest.remove_prefix(1);
  }
  for (std::size_t i = filled; i < width; ++i) result += fill;
  result += rest;
  return call.keep(result);
}

ScalarView substr(Call& call) {
  const auto source = call.text(0);
  const auto start = static_cast<std::size_t>(call.integer(1, 1, kMaximumLength));
  const auto count =
      static_cast<std::size_t>(call.integer_or(2, kMaximumLength * 1000, 0, kMaximumLength * 1000));
  const auto skipped = first_code_points(source, start - 1).size();
  return TextView{first_code_points(source.substr(skipped), count)};
}

ScalarView replace(Call& call) {
  const auto source = call.text(0);
  const auto from = call.text(1);
  const auto to = call.text(2);
  if (from.empty()) return TextView{source};
  CellText result;
  std::size_t at = 0;
  for (;;) {
    const auto found = source.find(from, at);
    result += source.substr(at, found - at);
    if (found == std::string::npos) return call.keep(result);
    result += to;
    at = found + from.size();
    if (result.size() > static_cast<std::size_t>(kMaximumLength) * 64) {
      Call::fail("the text is getting too long");
    }
  }
}

constexpr FunctionRow concat_row() {
  FunctionRow row{"concat(value...) -> text", "The texts of the values, joined; null is empty.",
                  "concat('a', 1, null, true)", "a1true"};
  row.form = FunctionForm::concat;
  return row;
}

constexpr FunctionRow json_row() {
  FunctionRow row{"json(name=value, ...) -> json", "A JSON object.",
                  "json(size='XL', price=1.50, tags=null)",
                  R"({"size":"XL","price":1.50,"tags":null})"};
  row.form = FunctionForm::json;
  return row;
}

constexpr std::array<FunctionRow, 12> kRows{{
    concat_row(),
    json_row(),
    {"length(text) -> integer", "The number of characters (code points).", "length('häuser')", "6",
     length},
    {"lower(text: text) -> text", "Lower case; Latin, Greek and Cyrillic letters.",
     "lower('ÄPFEL')", "äpfel", lower},
    {"pad(value, width: integer, fill?: text) -> text",
     "The value's text, filled from the left up to this many characters, with zeros unless `fill` "
     "says otherwise; longer texts stay.",
     "pad(42, 6)", "000042", pad},
    {"replace(text, from: text, to: text) -> text", "The text with every `from` replaced.",
     "replace('a-b-c', '-', '+')", "a+b+c", replace},
    {"slug(text) -> text",
     "Lower-case ASCII letters and digits joined by hyphens; letters lose their marks.",
     "slug('Zoë O\\'Neil & Söhne')", "zoe-oneil-sohne", slug},
    {"substr(text, start: integer, count?: integer) -> text",
     "Characters from place `start` on, the first being 1.", "substr('abcdef', 2, 3)", "bcd",
     substr},
    {"text(value) -> text", "The value's text, as templates show it.", "text(1.50)", "1.50", text},
    {"title(text: text) -> text", "Upper case for the first letter of each word.",
     "title('the small house')", "The Small House", title},
    {"trim(text: text) -> text", "The text without white space at both ends.", "trim('  x ')", "x",
     trim},
    {"upper(text: text) -> text", "Upper case; Latin, Greek and Cyrillic letters.",
     "upper('äpfel')", "ÄPFEL", upper},
}};

}  // namespace

std::span<const FunctionRow> text_functions() {
  return kRows;
}

}  // namespace seedbed::detail
