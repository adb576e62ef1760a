#include <array>

#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

ScalarView hex_color(Call& call) {
  return call.keep(joined('#', characters(call.random(), 6, kHexDigits)));
}

DomainPointer hex_color_domain(const Call& /*call*/) {
  std::vector<std::string_view> alphabets{6, kHexDigits};
  alphabets.insert(alphabets.begin(), "#");
  return make_sequence_domain(std::move(alphabets));
}

ScalarView rgb_color(Call& call) {
  const auto red = call.random().below(256);
  const auto green = call.random().below(256);
  return call.keep(joined("rgb(", red, ", ", green, ", ", call.random().below(256), ')'));
}

ScalarView hsl_color(Call& call) {
  const auto hue = call.random().below(360);
  const auto saturation = call.random().between(0, 100);
  return call.keep(
      joined("hsl(", hue, ", ", saturation, "%, ", call.random().between(0, 100), "%)"));
}

constexpr std::array<FunctionRow, 5> kRows{{
    list_row<words::kColors>("color() -> text", "A color's name.", "color()", "amber"),
    list_row<words::kCssColors>("css_color() -> text", "A color's name in style sheets.",
                                "css_color()", "antiquewhite"),
    with_domain({"hex_color() -> text", "A color in hexadecimal digits.", "hex_color()", "#03f7cb",
                 hex_color, Effect::draws},
                hex_color_domain),
    {"hsl_color() -> text", "A color by hue, saturation and lightness.", "hsl_color()",
     "hsl(3, 24%, 97%)", hsl_color, Effect::draws},
    {"rgb_color() -> text", "A color by red, green and blue.", "rgb_color()", "rgb(2, 62, 246)",
     rgb_color, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> color_providers() {
  return kRows;
}

}  // namespace seedbed::detail
